"""Looks on simulated sums: a planted change is told once, noise is not, half a year is bridged."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from benchmarks.alerts import BEFORE, World, caught, counted, lines, made, remember, year
from feedback.alerts.lines import Line, Subject, read_subject
from feedback.alerts.lines import lines as lines_of
from feedback.alerts.rhythms import DAY, WEEK, last_whole, period, starts
from feedback.alerts.watch import SETTLED, Stay, look
from feedback.statistics.excursions import Excursion
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import Cell, CellSums, JourneySums, Moments, TouchpointSums

THEME = Subject(1, cell=Cell("parcel", "delay"))
FIRST = date(2026, 11, 18)


def share(count: int, n: int = 100) -> Moments:
    return Moments(n, float(count), float(count))


def line(latest: int, usual: int = 10, n: int = 100) -> Line:
    earlier = tuple(share(usual + (place % 5) - 2, n) for place in range(DAY.history))
    return Line(THEME, (*earlier, share(latest, n)))


def stay(since: date, until: date, *, rhythm: str = "day", **more: bool) -> Stay:
    return Stay(Excursion(THEME.key, "above", f"day:{since}"), until, rhythm, **more)


def test_a_planted_change_is_told_once_with_the_right_theme_within_the_week() -> None:
    begins = BEFORE + 7
    world = World(answers=40.0, days=begins + 14, planted=(begins, 0.1, 3.5), shape=(2, 6))
    told = year(world, seed=5)
    assert [one.series for _, one in told] == ["1/theme/t1/m2"]
    day, excursion = told[0]
    assert 0 <= day - begins < 7
    assert excursion.side == "above"


def test_weeks_of_noise_with_weekday_seasons_stay_silent() -> None:
    world = World(answers=25.0, scatter=150.0, season=1.4, days=BEFORE + 42, shape=(2, 6))
    assert year(world, seed=8) == []


def test_a_look_tells_goes_on_and_closes() -> None:
    first = look(DAY, FIRST, [line(40)], [])
    (opened,) = first.opened
    assert (opened.series, opened.side, opened.since) == (THEME.key, "above", f"day:{FIRST}")
    known = stay(FIRST, FIRST + timedelta(days=1))
    second = look(DAY, FIRST + timedelta(days=1), [line(40)], [known])
    assert (second.opened, second.closed) == ((), ())
    assert second.on[0].until == FIRST + timedelta(days=2)
    third = look(DAY, FIRST + timedelta(days=2), [line(10)], [second.on[0]])
    assert [one.open for one in third.closed] == [False]


def test_days_outside_are_not_what_is_expected_afterwards() -> None:
    """Forty days at 40% do not widen the range: the next is still outside."""
    periods = list(line(40).periods)
    periods[-41:-1] = [share(40)] * 40
    known = stay(FIRST - timedelta(days=40), FIRST)
    assert look(DAY, FIRST, [Line(THEME, tuple(periods))], [known]).on
    assert not look(DAY, FIRST, [Line(THEME, tuple(periods))], []).opened


def test_a_change_that_one_look_missed_does_not_hide_itself_from_the_next() -> None:
    weeks = [share(10 + place % 3) for place in range(WEEK.history)]
    missed = [*weeks[:-2], share(26), share(27)]
    monday = date(2026, 11, 16)
    assert not look(WEEK, monday, [Line(THEME, (*missed[:-1], share(11), share(13)))], []).opened
    assert look(WEEK, monday, [Line(THEME, (*missed, share(40)))], []).opened
    young = Line(THEME, (*[Moments()] * 17, *missed[17:], share(40)))
    assert not look(WEEK, monday, [young], []).opened, "with less than half a history all counts"


def test_out_again_within_two_weeks_is_the_same_alert_and_later_a_new_one() -> None:
    for days, again in ((10, True), (40, False)):
        known = stay(FIRST - timedelta(days=days + 1), FIRST - timedelta(days=days), open=False)
        moves = look(DAY, FIRST, [line(40)], [known])
        assert bool(moves.resumed) is again
        assert bool(moves.opened) is not again


def test_a_week_does_not_repeat_what_a_day_told() -> None:
    monday = date(2026, 11, 16)
    weekly = Line(THEME, (*(share(70 + place % 3, 700) for place in range(26)), share(280, 700)))
    assert look(WEEK, monday, [weekly], []).opened
    known = stay(monday, monday + timedelta(days=3))
    assert look(WEEK, monday, [weekly], [known]).opened == ()


def test_eight_weeks_outside_are_the_new_normal() -> None:
    known = stay(FIRST - SETTLED, FIRST)
    moves = look(DAY, FIRST, [line(40)], [known])
    assert [one.settled for one in moves.settled] == [True]
    periods = tuple(share(40 + place % 3) for place in range(DAY.history + 1))
    settled = stay(FIRST - SETTLED, FIRST, open=False, settled=True)
    assert not look(DAY, FIRST, [Line(THEME, periods)], [settled]).opened


def test_a_day_without_answers_ends_nothing() -> None:
    known = stay(FIRST - timedelta(days=1), FIRST)
    moves = look(DAY, FIRST, [line(0, n=0)], [known])
    assert (moves.closed, moves.on[0].until) == ((), FIRST)
    assert look(DAY, FIRST, [], [known]).on


def test_every_theme_is_looked_at_wherever_somebody_was_heard() -> None:
    def sums(voices: int) -> JourneySums:
        points = {Metric.NPS: Moments(5, 100.0, 50_000.0)}
        heard = {
            "parcel": TouchpointSums(10, 10, points),
            "shop": TouchpointSums(10, 10),
            "silent": TouchpointSums(),
        }
        return JourneySums(heard, {Cell("parcel", "delay"): CellSums(voices=voices)})

    found = lines_of(7, [sums(0), sums(3)])
    assert [one.subject.key for one in found] == ["7/score/nps", "7/theme/parcel/delay"]
    assert found[1].periods == (share(0, 10), share(3, 10))
    assert [read_subject(one.subject.key) for one in found] == [one.subject for one in found]
    assert lines_of(7, [JourneySums(), JourneySums()]) == []


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)]
)
def test_a_day_is_a_day_of_the_calendar_however_long_it_is(day: date, hours: int) -> None:
    span = period(DAY, day, ZoneInfo("Europe/London"))
    assert span.end - span.start == timedelta(hours=hours)


def test_a_period_is_looked_at_once_it_is_over_and_has_settled() -> None:
    zone = ZoneInfo("America/New_York")
    at = datetime(2026, 11, 23, 10, 59, tzinfo=UTC)  # 05:59 on a Monday
    assert last_whole(DAY, at, zone) == date(2026, 11, 21)
    assert last_whole(WEEK, at, zone) == date(2026, 11, 9)
    later = at + timedelta(minutes=2)
    assert last_whole(DAY, later, zone) == date(2026, 11, 22)
    assert last_whole(WEEK, later, zone) == date(2026, 11, 16)
    assert starts(WEEK, date(2026, 11, 16))[-2:] == [date(2026, 11, 9), date(2026, 11, 16)]


def test_the_watch_remembers_as_the_table_does() -> None:
    world = World(answers=20.0, days=BEFORE + 2)
    sums = made(world, np.random.default_rng(1))
    found = lines(sums, DAY, BEFORE)
    assert len(found) == 1 + 6 * 10 and len(found[0].periods) == DAY.history + 1
    remember(sums, look(DAY, FIRST, [line(40)], []), DAY, FIRST)
    assert sums.stays[THEME.key][0].until == FIRST + timedelta(days=1)


def test_the_benchmark_plants_its_change_and_says_how_sure_it_is() -> None:
    row = caught(1, World(answers=40.0, shape=(2, 3)), 0.1, 6.0, map)
    assert row.startswith(
        "| 40 answers a day and touchpoint, scatter none, 10% to 60% | 1 | 100, 21 "
    )
    low, high = counted(3, 30)
    assert 30 * low == pytest.approx(0.619, abs=0.001), "Garwood's table for a count of 3"
    assert 30 * high == pytest.approx(8.767, abs=0.001)
    assert counted(0, 1)[0] == 0.0
