"""A postal address among a customer's attributes, and the zones it lies in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from surveys.places.tables import (
    NATIONS,
    country_named,
    region_named,
    region_of_postal,
    zones_by_country,
)

_COUNTRY = ("country", "country_code", "countryCode")
_REGION = ("region", "state", "province", "region_code", "state_code")
_POSTAL = ("postal_code", "postcode", "postalCode", "zip", "zip_code")
_CITY = ("city", "town")
_INSIDE = ("address", "shipping_address", "billing_address")
_CITY_SAYS_LITTLE = frozenset({"US"})
"""Names of towns are used again and again there: they count only within a state."""


@dataclass(frozen=True)
class Address:
    """The parts of an address as far as they are known; `country` by its two letters."""

    country: str | None = None
    region: str | None = None
    postal: str | None = None
    city: str | None = None


def address_of(attributes: Mapping[str, Any]) -> Address:
    """The address in a customer's attributes, or in an `address` among them."""
    inner = (attributes.get(name) for name in _INSIDE)
    for part in (attributes, *(one for one in inner if isinstance(one, Mapping))):
        country = _text(part, _COUNTRY)
        if country:
            rest = (_text(part, names) for names in (_REGION, _POSTAL, _CITY))
            return _read(country, *rest)
    return Address()


def _text(part: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    found = (part.get(name) for name in names)
    return next((str(one).strip() for one in found if isinstance(one, str | int) and one), None)


@lru_cache(maxsize=16_384)
def _read(named: str, region: str | None, postal: str | None, city: str | None) -> Address:
    country = country_named(named)
    if country is None:
        return Address()
    known = region_named(country, region) if region else None
    within = region_of_postal(country, postal) if postal and known is None else ()
    if known is None and len(within) == 1:
        known = within[0]
    code = known.code if known else NATIONS.get((region or named).casefold(), region)
    return Address(country, code.removeprefix(f"{country}-") if code else None, postal, city)


@lru_cache(maxsize=16_384)
def zones_of_address(address: Address) -> tuple[str, ...]:
    """The zones an address may lie in, by region, postal code and city; none without a country."""
    if address.country is None:
        return ()
    zones, narrowed = _by_region(address)
    city = (address.city or "").replace(" ", "_").casefold()
    if city and (narrowed or address.country not in _CITY_SAYS_LITTLE):
        named = tuple(zone for zone in zones if zone.rpartition("/")[2].casefold() == city)
        return named or zones
    return zones


def _by_region(address: Address) -> tuple[tuple[str, ...], bool]:
    country = address.country or ""
    region = region_named(country, address.region) if address.region else None
    if region is not None:
        return region.zones, True
    within = region_of_postal(country, address.postal) if address.postal else ()
    if within:
        return tuple(dict.fromkeys(zone for one in within for zone in one.zones)), True
    return zones_by_country().get(country, ()), False
