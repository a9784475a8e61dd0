"""Public holidays where a customer is, from the calendars of the `holidays` library."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

from surveys.quiet import Holiday

_DAY = timedelta(days=1)


@lru_cache(maxsize=1024)
def _calendar(country: str, region: str | None, year: int) -> dict[date, str]:
    """The days of a year; none for a country without a calendar."""
    regions = _regions().get(country)
    if regions is None:
        return {}
    within = region if region in regions else None
    found = holidays.country_holidays(country, subdiv=within, years=year)
    return {day: str(name) for day, name in found.items()}


@lru_cache(maxsize=1)
def _regions() -> dict[str, tuple[str, ...]]:
    return {country: tuple(regions) for country, regions in _supported().items()}


def _supported() -> dict[str, list[str]]:
    return dict(holidays.list_supported_countries(include_aliases=False))


def is_known(country: str) -> bool:
    """Whether there is a calendar of this country, by its two letters."""
    return country in _regions()


@lru_cache(maxsize=4096)
def between(country: str, region: str | None, first: date, last: date) -> tuple[Holiday, ...]:
    """The public holidays of a country, or of a region of it, from day to day."""
    days = (first + _DAY * n for n in range((last - first).days + 1))
    found = ((day, _calendar(country, region, day.year).get(day)) for day in days)
    return tuple(Holiday(day, name) for day, name in found if name)
