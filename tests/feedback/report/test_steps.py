"""A period is cut where the workspace's own days, weeks and months begin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from feedback.reporting.period import Period
from feedback.reporting.steps import pieces, step_of

LONDON = ZoneInfo("Europe/London")


def period(start: str, end: str, zone: ZoneInfo | None = None) -> Period:
    at = [datetime.fromisoformat(one).replace(tzinfo=zone or UTC) for one in (start, end)]
    return Period(*(one.astimezone(UTC) for one in at))


@pytest.mark.parametrize(
    ("start", "end", "step", "count"),
    [
        ("2026-10-01", "2026-10-31", "day", 30),
        ("2026-06-01", "2026-11-29", "week", 26),
        ("2025-01-01", "2026-01-01", "month", 12),
        ("2000-01-01", "2026-01-01", "year", 26),
        ("0001-01-01", "2026-01-01", "year", 120),
        ("2026-01-01T08:00", "2026-01-01T09:00", "day", 1),
        ("2026-01-01", "2026-01-01", "day", 0),
    ],
)
def test_the_length_of_a_period_says_how_it_is_cut(
    start: str, end: str, step: str, count: int
) -> None:
    whole = period(start, end)
    cut = pieces(whole, UTC)
    assert (step_of(whole), len(cut)) == (step, count)
    assert all(a.end == b.start for a, b in pairwise(cut))
    if cut:
        assert cut[-1].end == whole.end
        assert cut[0].start == whole.start or count == 120


def test_days_begin_at_local_midnight_through_a_clock_change() -> None:
    cut = pieces(period("2026-10-24", "2026-10-27", LONDON), LONDON)
    assert [(one.end - one.start) / timedelta(hours=1) for one in cut] == [24, 25, 24]
    assert cut[1].start == datetime(2026, 10, 24, 23, tzinfo=UTC)


def test_weeks_begin_on_monday_and_the_first_is_cut_to_the_period() -> None:
    cut = pieces(period("2026-07-01", "2026-10-01"), UTC)
    assert cut[0] == period("2026-07-01", "2026-07-06")
    assert {one.start.weekday() for one in cut[1:]} == {0}
