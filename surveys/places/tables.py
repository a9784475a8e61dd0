"""Countries, their zones and regions: from tzdata's own tables and from `regions.csv` here."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import holidays

_ALSO: Mapping[str, str] = {
    "uk": "GB",
    "united kingdom": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "united states of america": "US",
    "america": "US",
    "holland": "NL",
    "the netherlands": "NL",
    "deutschland": "DE",
    "österreich": "AT",
    "schweiz": "CH",
    "españa": "ES",
    "italia": "IT",
    "czechia": "CZ",
    "south korea": "KR",
    "türkiye": "TR",
}
_DIGITS: Mapping[str, int] = {"US": 5, "AU": 4, "ES": 5}
NATIONS: Mapping[str, str] = {
    "england": "ENG",
    "scotland": "SCT",
    "wales": "WLS",
    "northern ireland": "NIR",
}
"""The parts of Britain, by the codes of their holidays."""


@dataclass(frozen=True)
class Region:
    """A state or province: its code, name, zones, and the postal codes that lie in it."""

    country: str
    code: str
    name: str
    zones: tuple[str, ...]
    postal: tuple[str, ...]

    def holds(self, postal: str) -> bool:
        """Whether a postal code begins as those of this region do."""
        return any(_begins(postal, part) for part in self.postal)


def _begins(postal: str, part: str) -> bool:
    first, _, last = part.partition("-")
    head = postal[: len(first)]
    return head == first if not last else len(head) == len(first) and first <= head <= last


def country_named(text: str) -> str | None:
    """A country's two letters, from its two or three letters or its English name."""
    name = text.strip()
    if name.upper() in zones_by_country():
        return name.upper()
    if len(name) == 3 and name.upper() in _three_letters():
        return str(holidays.country_holidays(name.upper()).country)
    return _names().get(name.casefold())


@lru_cache(maxsize=1)
def zones_by_country() -> Mapping[str, tuple[str, ...]]:
    """Every country's zones, by tzdata."""
    found: dict[str, tuple[str, ...]] = {}
    for country, _, zone, *_comment in _table("zone.tab"):
        found[country] = (*found.get(country, ()), zone)
    return found


@lru_cache(maxsize=1)
def countries_by_zone() -> Mapping[str, str]:
    """The country that a zone is named for."""
    return {zone: country for country, zones in zones_by_country().items() for zone in zones}


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    return {**{name.casefold(): country for country, name in _table("iso3166.tab")}, **_ALSO}


@lru_cache(maxsize=1)
def _three_letters() -> frozenset[str]:
    known = holidays.list_supported_countries(include_aliases=True)
    return frozenset(code for code in known if len(code) == 3)


def _table(name: str) -> Iterator[list[str]]:
    text = (files("tzdata.zoneinfo") / name).read_text(encoding="utf-8")
    yield from (line.split("\t") for line in text.splitlines() if line and line[0] != "#")


@lru_cache(maxsize=1)
def _regions() -> Mapping[str, Sequence[Region]]:
    found: dict[str, list[Region]] = {}
    with (files("surveys.places") / "regions.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            names = (row["country"], row["region"], row["name"])
            lists = (tuple(row["zones"].split()), tuple(row["postal"].split()))
            found.setdefault(row["country"], []).append(Region(*names, *lists))
    return found


def region_named(country: str, text: str) -> Region | None:
    """A country's region by its code, with or without the country before it, or by its name."""
    wanted = text.strip().casefold().removeprefix(f"{country.casefold()}-")
    known = _regions().get(country, ())
    return next(
        (one for one in known if wanted in (one.code.casefold(), one.name.casefold())), None
    )


def region_of_postal(country: str, postal: str) -> tuple[Region, ...]:
    """The regions that a postal code may lie in."""
    plain = postal.replace(" ", "").upper()
    if plain.isdigit():  # a number has lost its zeros in front
        plain = plain.zfill(_DIGITS.get(country, 0))
    return tuple(one for one in _regions().get(country, ()) if plain and one.holds(plain))
