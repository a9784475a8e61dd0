"""The hour of the customer's own day, also where clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.aimed import at_hour

ROME = "Europe/Rome"
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001
    lambda one: one.replace(tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("due", "hour", "then"),
    [
        ("2026-11-30T07:30", 9, "2026-11-30T08:00"),
        ("2026-11-30T08:30", 9, "2026-11-30T08:30"),
        ("2026-11-30T10:30", 9, "2026-12-01T08:00"),
        # clocks go forward in the night before
        ("2026-03-28T10:30", 9, "2026-03-29T07:00"),
    ],
)
def test_the_next_such_hour(due: str, hour: int, then: str) -> None:
    found = at_hour(datetime.fromisoformat(due).replace(tzinfo=UTC), hour, ROME)
    assert found == datetime.fromisoformat(then).replace(tzinfo=UTC)


@given(TIMES, st.integers(0, 23), st.sampled_from([ROME, "Asia/Kolkata", "America/Lima", None]))
def test_it_is_that_hour_there_and_within_a_day(due: datetime, hour: int, zone: str | None) -> None:
    found = at_hour(due, hour, zone)
    assert due <= found <= due + timedelta(hours=25)
    # two in the morning is missing once a year in Rome
    there = found.astimezone(ZoneInfo(zone or "UTC")).hour
    assert there == hour or (zone == ROME and hour == 2 and there == 3)


def test_without_an_hour_nothing_moves() -> None:
    due = datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
    assert at_hour(due, None, ROME) == due
