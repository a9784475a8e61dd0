"""Quiet time on the customer's own clock, checked against a walk minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.quiet import Holiday, Quiet, first_allowed, hush
from surveys.rules import Rule
from surveys.schedule import QuietHours, allowed_from, next_at, zone_of

NIGHT = Quiet(QuietHours(time(20), time(9)))
MINUTE = timedelta(minutes=1)
LATE = datetime(2100, 1, 1, tzinfo=UTC)
# days on which clocks jump: at night, at midnight, by half an hour, and not at all
JUMPS = {
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Europe/London": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/Havana": (date(2026, 3, 8), date(2026, 11, 1)),
    "Africa/Cairo": (date(2026, 4, 24), date(2026, 10, 30)),
    "Australia/Lord_Howe": (date(2026, 10, 4), date(2026, 4, 5)),
    "Asia/Kathmandu": (date(2026, 3, 8), date(2026, 11, 1)),
}
CLOCK = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
DAYS = st.lists(st.integers(0, 6), max_size=6, unique=True).map(tuple)
MOMENTS = st.sampled_from([(zone, day) for zone, days in JUMPS.items() for day in days])


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


def shown(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%m-%d %H:%M}"


def walked(quiet: Quiet, zones: tuple[str, ...], at: datetime, before: datetime) -> datetime | None:
    """What `first_allowed` must find, the slow way."""
    at = at if at.second == 0 else at.replace(second=0) + MINUTE
    while at < before:
        if hush(quiet, zones, at) is None:
            return at
        at += MINUTE
    return None


@given(MOMENTS, st.integers(-1500, 1500), CLOCK, CLOCK, DAYS)
def test_the_first_allowed_moment_is_what_a_walk_by_minutes_finds(
    place: tuple[str, date], minutes: int, start: time, end: time, days: tuple[int, ...]
) -> None:
    zone, day = place
    at = datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC) + minutes * MINUTE
    quiet = Quiet(QuietHours(start, end), days)
    before = at + timedelta(days=2)
    assert first_allowed(quiet, (zone,), at, before) == walked(quiet, (zone,), at, before)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001
    st.lists(st.sampled_from(sorted(JUMPS)), min_size=1, max_size=3, unique=True).map(tuple),
    CLOCK,
    CLOCK,
    DAYS,
    st.integers(0, 400),
)
def test_it_is_quiet_in_none_of_the_zones_then(
    naive: datetime,
    zones: tuple[str, ...],
    start: time,
    end: time,
    days: tuple[int, ...],
    holiday: int,
) -> None:
    at = naive.replace(tzinfo=UTC)
    off = Holiday(at.date() + timedelta(days=holiday % 3), "a day off")
    quiet = Quiet(QuietHours(start, end), days, (off,))
    before = at + timedelta(days=10)
    found = first_allowed(quiet, zones, at, before)
    if found is None:
        return
    assert at <= found < before
    for zone in zones:
        local = found.astimezone(ZoneInfo(zone))
        assert not quiet.hours or not quiet.hours.covers(local.time())
        assert local.weekday() not in days and local.date() != off.day


@pytest.mark.parametrize(
    ("zone", "hours", "at", "allowed"),
    [
        # the hour from 2 to 3 is skipped: quiet until half past two ends with the jump
        ("America/New_York", (time(22), time(2, 30)), utc(2026, 3, 8, 5), "03-08 03:00"),
        # the hour from 1 to 2 comes twice: asked for in its second pass, it is quiet again
        ("America/New_York", (time(22), time(1, 30)), utc(2026, 11, 1, 4), "11-01 01:30"),
        ("America/New_York", (time(22), time(1, 30)), utc(2026, 11, 1, 6, 10), "11-01 01:30"),
        # midnight itself is skipped
        ("Africa/Cairo", (time(20), time(0)), utc(2026, 4, 23, 20), "04-24 01:00"),
        ("Europe/London", (time(20), time(9)), utc(2026, 3, 28, 22), "03-29 09:00"),
        ("Europe/London", (time(20), time(9)), utc(2026, 10, 24, 22), "10-25 09:00"),
    ],
)
def test_where_clocks_jump(zone: str, hours: tuple[time, time], at: datetime, allowed: str) -> None:
    found = first_allowed(Quiet(QuietHours(*hours)), (zone,), at, LATE)
    assert found is not None and shown(found, zone) == allowed
    assert found == allowed_from(at, zone, QuietHours(*hours))


def test_in_the_hour_that_comes_twice_the_second_pass_is_found() -> None:
    there = zone_of("America/New_York")
    first = next_at(utc(2026, 11, 1, 5), there, time(1, 30))
    assert first == utc(2026, 11, 1, 5, 30)
    assert next_at(first, there, time(1, 30)) == utc(2026, 11, 1, 6, 30)


def test_a_weekend_and_a_holiday_are_waited_out() -> None:
    quiet = Quiet(NIGHT.hours, (5, 6), (Holiday(date(2026, 12, 28), "Boxing Day (observed)"),))
    friday = utc(2026, 12, 25, 21)
    assert first_allowed(quiet, ("Europe/London",), friday, LATE) == utc(2026, 12, 29, 9)
    found = hush(quiet, ("Europe/London",), utc(2026, 12, 28, 12))
    assert found is not None and found.rule is Rule.PUBLIC_HOLIDAY


def test_of_several_zones_it_is_quiet_in_none() -> None:
    coasts = ("America/New_York", "America/Los_Angeles")
    found = first_allowed(NIGHT, coasts, utc(2026, 11, 18, 14), LATE)
    assert found == utc(2026, 11, 18, 17)  # nine o'clock in the west, noon in the east
    late = first_allowed(NIGHT, coasts, utc(2026, 11, 19, 1), LATE)
    assert late == utc(2026, 11, 19, 17)


def test_where_no_moment_is_left_there_is_none() -> None:
    apart = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London")
    assert first_allowed(NIGHT, apart, utc(2026, 11, 18, 12), LATE) is None
    assert first_allowed(NIGHT, ("UTC",), utc(2026, 11, 18, 22), utc(2026, 11, 19, 9)) is None
    every = Quiet(None, (0, 1, 2, 3, 4, 5, 6))
    assert first_allowed(every, ("UTC",), utc(2026, 11, 18, 12), LATE) is None


def test_the_year_that_lost_a_day_is_survived() -> None:
    """Samoa had no 30 December 2011."""
    found = first_allowed(NIGHT, ("Pacific/Apia",), utc(2011, 12, 30, 9), LATE)
    assert found is not None and shown(found, "Pacific/Apia") == "12-31 09:00"
