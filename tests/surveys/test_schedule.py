from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InvalidInput
from surveys.schedule import QuietHours, allowed_from, due_at, expires_at, zone_of

NIGHT = QuietHours(time(21), time(8))


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_due_is_the_events_own_time_and_the_delay() -> None:
    there = datetime(2026, 11, 18, 13, 0, tzinfo=timezone(timedelta(hours=1)))
    assert due_at(there, timedelta(hours=2)) == utc(18, 14)
    assert expires_at(utc(18, 14), timedelta(days=1)) == utc(19, 14)


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: due_at(utc(1, 1), timedelta(seconds=-1)), "delay"),
        (lambda: due_at(datetime(2026, 1, 1), timedelta(0)), "occurred_at"),  # noqa: DTZ001
        (lambda: expires_at(utc(1, 1), timedelta(0)), "expires"),
    ],
)
def test_what_cannot_be_scheduled_says_why(call: object, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        call()  # type: ignore[operator]
    assert caught.value.field == field
    assert caught.value.mend


@pytest.mark.parametrize(
    ("at", "zone", "allowed"),
    [
        (utc(18, 12), "Europe/London", utc(18, 12)),
        (utc(18, 21), "Europe/London", utc(19, 8)),
        (utc(18, 3), "Europe/London", utc(18, 8)),
        (utc(18, 8), "Europe/London", utc(18, 8)),
        (utc(18, 12), "America/Los_Angeles", utc(18, 16)),
        (utc(18, 12), "Asia/Tokyo", utc(18, 23)),
        (utc(18, 22), "Nowhere/Land", utc(19, 8)),
        (utc(18, 22), None, utc(19, 8)),
        (utc(29, 1, month=3), "Europe/Berlin", utc(29, 6, month=3)),  # the clock springs ahead
        (utc(24, 20, month=10), "Europe/Berlin", utc(25, 7, month=10)),  # and falls back
    ],
)
def test_quiet_hours_are_those_of_the_customers_own_clock(
    at: datetime, zone: str | None, allowed: datetime
) -> None:
    assert allowed_from(at, zone, NIGHT) == allowed


def test_without_quiet_hours_any_time_will_do() -> None:
    assert allowed_from(utc(18, 3), "Asia/Tokyo") == utc(18, 3)


def test_quiet_hours_within_a_day() -> None:
    siesta = QuietHours(time(13), time(16))
    assert allowed_from(utc(18, 14), "UTC", siesta) == utc(18, 16)
    assert allowed_from(utc(18, 16), "UTC", siesta) == utc(18, 16)


@pytest.mark.parametrize("name", ["../../etc/passwd", "\x00", "Europe", "x" * 999, ""])
def test_a_zone_that_is_none_counts_as_utc(name: str) -> None:
    assert zone_of(name).key == "UTC"


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]),
    st.times(),
    st.times(),
)
def test_the_time_found_is_never_earlier_and_within_a_day(
    naive: datetime, zone: str, start: time, end: time
) -> None:
    at = naive.replace(tzinfo=UTC)
    found = allowed_from(at, zone, QuietHours(start, end))
    assert at <= found <= at + timedelta(hours=26)
