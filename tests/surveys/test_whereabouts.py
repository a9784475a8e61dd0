from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from surveys.places.tables import country_named, region_named
from surveys.places.whereabouts import distinct, whereabouts
from surveys.public_holidays import between


def where(given: str | None = None, phone: str | None = None, **attributes: Any) -> Any:
    return whereabouts(given, attributes, phone, "Europe/Paris", "FR", 2026)


@pytest.mark.parametrize(
    ("found", "zones", "source"),
    [
        (where(), ("Europe/Paris",), "workspace"),
        (where("Asia/Tokyo", "+447700900123", country="US"), ("Asia/Tokyo",), "zone given"),
        (where("Mars/Olympus", "+447700900123"), ("Europe/London",), "phone number"),
        (where(phone="+12125550123"), ("America/New_York",), "phone number"),
        (where(phone="+447700900123", country="de"), ("Europe/Berlin",), "address"),
        (where(country="USA", state="NY"), ("America/New_York",), "address"),
        (where(country="US", state="Texas"), ("America/Chicago", "America/Denver"), "address"),
        (where(country="United States", zip="60601"), ("America/Chicago",), "address"),
        (where(country="US", zip=2139), ("America/New_York",), "address"),
        (where(address={"country": "AU", "city": "Perth"}), ("Australia/Perth",), "address"),
        (where(country="US", state="OR", city="Boise"), ("America/Boise",), "address"),
        (where(country="ES", postcode="35001"), ("Atlantic/Canary",), "address"),
        (where(country="Atlantis"), ("Europe/Paris",), "workspace"),
        (where(country=True, phone="junk"), ("Europe/Paris",), "workspace"),
        (where(phone="+88213123456"), ("Europe/Paris",), "workspace"),
    ],
)
def test_the_zone_is_found_from_what_is_known(found: Any, zones: Any, source: str) -> None:
    assert (found.zones, found.source) == (zones, source)


def test_where_nobody_can_say_which_all_zones_count() -> None:
    assert {"America/New_York", "Pacific/Honolulu"} <= set(where(country="US").zones)
    # a town's name says little in a country where it is used again and again
    assert where(country="US", city="Phoenix").zones == where(country="US").zones
    russian = where(phone="+79161234567").zones
    assert {"Europe/Moscow", "Asia/Anadyr"} <= set(russian)
    assert len(russian) == len(distinct(russian, 2026))


def test_zones_with_the_same_clock_are_one() -> None:
    islands = ("Europe/London", "Europe/Jersey", "Europe/Guernsey")
    assert distinct(islands, 2026) == ("Europe/London",)
    assert len(distinct(("America/Denver", "America/Phoenix"), 2026)) == 2


def test_a_phone_that_moved_takes_its_zone_along() -> None:
    assert where(phone="+4915112345678").country == "DE"
    assert where(phone="+447700900123").country == "GB"


@pytest.mark.parametrize(
    ("text", "country"),
    [("GB", "GB"), ("gbr", "GB"), ("Germany", "DE"), ("Scotland", "GB"), ("xx", None), ("", None)],
)
def test_countries_by_code_and_name(text: str, country: str | None) -> None:
    assert country_named(text) == country


def test_regions_by_code_and_name() -> None:
    by_name, by_code = region_named("US", "california"), region_named("US", "US-CA")
    assert by_name is not None and by_name == by_code
    assert region_named("US", "Bavaria") is None


def test_holidays_are_those_of_the_country_and_its_region() -> None:
    year_ends = (date(2026, 11, 28), date(2026, 12, 27))
    names = [day.name for day in between("GB", "SCT", *year_ends)]
    assert names == ["Saint Andrew's Day", "Christmas Day", "Boxing Day"]
    assert [day.day for day in between("GB", None, *year_ends)] == [
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]
    assert between("GB", "not one", *year_ends) == between("GB", None, *year_ends)
    assert between("ZZ", None, *year_ends) == ()
    assert where(country="Scotland").region == "SCT"
