"""Where a customer is by what is known: the zones they may be in, and the country's holidays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, timezone

from surveys.places.address import Address, address_of, zones_of_address
from surveys.places.tables import countries_by_zone, zones_by_country
from surveys.schedule import is_zone, zone_of

GIVEN, ADDRESS, PHONE, WORKSPACE = "zone given", "address", "phone number", "workspace"


@dataclass(frozen=True)
class Whereabouts:
    """The zones a customer may be in, how they are known, and the country and region."""

    zones: tuple[str, ...]
    source: str
    country: str | None
    region: str | None = None


def whereabouts(
    given: str | None,
    attributes: Mapping[str, Any],
    phone: str | None,
    home_zone: str,
    home_country: str,
    year: int,
) -> Whereabouts:
    """By the zone that came with the customer, else the address, else the phone number.

    Where none of them says, it is the workspace's own. Of several zones nobody can say which
    it is, so all of them are given; those with the same clock in `year` and the next are one.
    """
    address = address_of(attributes)
    of_number, calling = of_phone(phone)
    zones, source = _zones(given, address, of_number)
    if not zones:
        zones, source = (home_zone if is_zone(home_zone) else "UTC",), WORKSPACE
    country = address.country or calling or _country_of_zone(given)
    same_clock = distinct(zones, year)
    return Whereabouts(same_clock, source, country or home_country, address.region)


def _zones(
    given: str | None, address: Address, of_number: tuple[str, ...]
) -> tuple[tuple[str, ...], str]:
    if given and is_zone(given):
        return (given,), GIVEN
    found = zones_of_address(address)
    if found:
        return found, ADDRESS
    return of_number, PHONE


@lru_cache(maxsize=8192)
def of_phone(phone: str | None) -> tuple[tuple[str, ...], str | None]:
    """The zones of a number's area, or else of its country, and that country; none of junk."""
    try:
        number = phonenumbers.parse(phone) if phone else None
    except NumberParseException:
        number = None
    if number is None:
        return (), None
    country = _country(number)
    zones = tuple(zone for zone in timezone.time_zones_for_number(number) if is_zone(zone))
    return zones or zones_by_country().get(country or "", ()), country


def _country(number: PhoneNumber) -> str | None:
    code = int(number.country_code or 0)
    found = phonenumbers.region_code_for_number(number)
    found = found or phonenumbers.region_code_for_country_code(code)
    return str(found) if found in zones_by_country() else None


def _country_of_zone(zone: str | None) -> str | None:
    return countries_by_zone().get(zone or "")


@lru_cache(maxsize=4096)
def distinct(zones: tuple[str, ...], year: int) -> tuple[str, ...]:
    """One of each group of zones whose clocks show the same this year and the next."""
    clocks: dict[tuple[object, ...], str] = {}
    for zone in zones:
        clocks.setdefault(_clock(zone, year), zone)
    return tuple(clocks.values())


@lru_cache(maxsize=1024)
def _clock(zone: str, year: int) -> tuple[object, ...]:
    days = (
        datetime(when, month, day, tzinfo=UTC)
        for when in (year, year + 1)
        for month in range(1, 13)
        for day in (1, 11, 21)
    )
    return tuple(day.astimezone(zone_of(zone)).utcoffset() for day in days)
