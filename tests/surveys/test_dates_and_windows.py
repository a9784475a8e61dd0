"""Dates from outside, what is due around them, and hours of sending: all on local clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.dates import read_moment, shifted
from surveys.timing import NoDate, Times, times
from surveys.windows import Window, opens_at, read_window

LONDON, TOKYO = ZoneInfo("Europe/London"), ZoneInfo("Asia/Tokyo")
SAO_PAULO, KATHMANDU = ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Kathmandu")
DAY = 86_400


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-20", "2026-11-20T00:00"),
        ("2026-11-20T09:30", "2026-11-20T09:30"),
        ("2026-11-20 09:30:00", "2026-11-20T09:30"),
        ("2026-11-20T09:30:00Z", "2026-11-20T09:30"),
        ("2026-11-20T09:30:00+09:00", "2026-11-20T00:30"),
        (1763631000, "2025-11-20T09:30"),
        (1763631000000, "2025-11-20T09:30"),
        ("1763631000", "2025-11-20T09:30"),
    ],
)
def test_a_date_is_read_as_it_comes(value: object, expected: str) -> None:
    moment = read_moment(value, LONDON)
    assert moment is not None and moment.local.astimezone(UTC) == utc(expected)


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, "", "soon", "20/11/2026", "2026-02-30", [], {}, -1, 5, float("nan"), 1e300),
        *("0001-01-01", "9999-12-31T23:59:59+14:00", "1e9", "2026-11-20T25:00"),
    ],
)
def test_what_is_no_sensible_date_is_none(value: object) -> None:
    assert read_moment(value, TOKYO) is None


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.datetimes().map(str)))
def test_reading_never_raises(value: object) -> None:
    read_moment(value, TOKYO)


def due(value: object, days: float, zone: ZoneInfo = LONDON, at: time | None = None) -> datetime:
    moment = read_moment(value, zone)
    assert moment is not None
    return shifted(moment, timedelta(days=days), at)


def test_a_day_alone_is_asked_about_in_the_morning_of_the_customer() -> None:
    assert due("2026-11-20", 3, TOKYO) == utc("2026-11-23T01:00")
    assert due("2026-11-20", 3, TOKYO, time(18, 30)) == utc("2026-11-23T09:30")


def test_days_keep_the_hour_over_summer_time_and_hours_pass_as_they_do() -> None:
    # clocks go back in London on 2026-10-25
    assert due("2026-10-24T12:00", 2) == utc("2026-10-26T12:00")  # 12:00 BST, then 12:00 GMT
    assert due("2026-10-24T12:00", 1.5) == utc("2026-10-26T00:00")
    # an hour that does not exist, 2026-03-29 01:30 in London
    assert due("2026-03-28T01:30", 1) == utc("2026-03-29T01:30")


def test_before_a_date_is_counted_back() -> None:
    assert due("2026-12-10", -2) == utc("2026-12-08T10:00")


def trigger(delay: float, timing: dict[str, str] | None, lasts: float = 7) -> SimpleNamespace:
    return SimpleNamespace(
        delay_seconds=int(delay * DAY), expires_seconds=int(lasts * DAY), timing=timing
    )


def test_the_times_of_a_trigger() -> None:
    happened = utc("2026-11-18T12:00")
    facts = {"delivered_at": "2026-11-20", "customer": {"renews": "2026-12-10"}}
    after = times(trigger(3, {"from": "delivered_at"}), happened, facts, "Europe/London")
    assert after == Times(utc("2026-11-23T10:00"), utc("2026-11-30T10:00"))
    before = times(trigger(-2, {"from": "customer.renews"}), happened, facts, None)
    assert before == Times(utc("2026-12-08T10:00"), utc("2026-12-10T00:00"))
    plain = times(trigger(1, None), happened, facts, "Asia/Tokyo")
    assert plain == Times(utc("2026-11-19T12:00"), utc("2026-11-26T12:00"))


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, "delivered_at is missing"),
        ({"delivered_at": None}, "delivered_at is missing"),
        ({"delivered_at": "gestern"}, "delivered_at is no date: 'gestern'"),
    ],
)
def test_a_missing_or_bad_date_says_why(facts: dict[str, object], why: str) -> None:
    assert times(trigger(3, {"from": "delivered_at"}), utc("2026-11-18"), facts, None) == NoDate(
        why
    )


OFFICE = read_window({"from": "09:00", "to": "18:00", "days": ["mon", "tue", "wed", "thu", "fri"]})


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-18T12:00", "2026-11-18T12:00"),  # a Wednesday noon
        ("2026-11-18T05:00", "2026-11-18T09:00"),
        ("2026-11-18T18:00", "2026-11-19T09:00"),
        ("2026-11-20T19:00", "2026-11-23T09:00"),  # over the weekend
    ],
)
def test_outside_its_hours_it_waits_until_they_begin(at: str, opens: str) -> None:
    assert OFFICE is not None
    assert opens_at(OFFICE, utc(at), LONDON) == utc(opens)


def test_hours_may_pass_midnight_only_to_the_end_of_the_day() -> None:
    evening = read_window({"from": "20:00", "to": "24:00"})
    assert evening is not None
    assert opens_at(evening, utc("2026-11-18T23:59"), LONDON) == utc("2026-11-18T23:59")
    assert opens_at(evening, utc("2026-11-19T00:00"), LONDON) == utc("2026-11-19T20:00")


@given(
    seconds=st.integers(0, 3 * 365 * DAY),
    start=st.integers(0, 22),
    days=st.sets(st.integers(0, 6), min_size=1),
    zone=st.sampled_from(
        [LONDON, TOKYO, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Kathmandu")]
    ),
)
def test_where_it_opens_lies_in_it_and_not_before(
    seconds: int, start: int, days: set[int], zone: ZoneInfo
) -> None:
    window = Window(time(start), time(start + 1), frozenset(days))
    moment = utc("2025-01-01") + timedelta(seconds=seconds)
    opens = opens_at(window, moment, zone)
    assert moment <= opens <= moment + timedelta(days=8)
    assert opens_at(window, opens, zone) == opens
    assert opens.astimezone(zone).weekday() in days
