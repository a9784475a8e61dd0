"""The hour of sending is learnt, and every allowed hour is tried."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from surveys.hours import Hour, Limits, choose, moments
from surveys.quiet import Quiet
from surveys.schedule import QuietHours
from surveys.windows import Window

RATES = {9: 0.10, 12: 0.15, 18: 0.30}


def lived(rates: dict[int, float], people: int) -> tuple[dict[int, Hour], Counter[int]]:
    """What was seen after so many were asked, each answering as its hour has it."""
    seen: dict[int, Hour] = {}
    taken: Counter[int] = Counter()
    for person in range(people):
        hour = choose(seen, list(rates), f"p{person}")
        taken[hour] += 1
        past = seen.get(hour, Hour())
        # evenly spread: the k-th asked answers where the rate's sum passes a whole number
        answers = int((past.asked + 1) * rates[hour]) > int(past.asked * rates[hour])
        seen[hour] = Hour(past.asked + 1, past.answered + answers)
    return seen, taken


def test_the_best_hour_is_soon_taken_most() -> None:
    _, taken = lived(RATES, 1500)
    assert taken[18] > 0.7 * 1500
    assert min(taken[hour] for hour in RATES) >= 10


def test_hours_that_are_alike_are_all_taken() -> None:
    _, taken = lived(dict.fromkeys(range(9, 13), 0.2), 800)
    assert min(taken[hour] for hour in range(9, 13)) > 40


def test_the_same_seed_gives_the_same_hour() -> None:
    seen = {9: Hour(40, 8), 18: Hour(40, 9)}
    assert len({choose(seen, [9, 18], "token") for _ in range(5)}) == 1
    assert {choose(seen, [9, 18], str(one)) for one in range(50)} == {9, 18}


def test_what_is_not_allowed_is_never_taken() -> None:
    seen = {3: Hour(100, 100)}
    assert {choose(seen, [10, 11], str(one)) for one in range(30)} == {10, 11}


def test_an_old_past_is_outlived() -> None:
    seen = {9: Hour(1_000_000, 400_000), 18: Hour(3000, 1230)}
    taken = Counter(choose(seen, [9, 18], str(one)) for one in range(200))
    assert min(taken.values()) > 10


def test_no_hour_allowed_is_an_error() -> None:
    with pytest.raises(ValueError):
        choose({}, [], "x")


LONDON, KOLKATA = ZoneInfo("Europe/London"), ZoneInfo("Asia/Kolkata")
NOON = datetime(2026, 11, 18, 12, 20, tzinfo=UTC)  # a Wednesday
LONG = NOON + timedelta(days=7)
NIGHT = Quiet(QuietHours(time(20), time(9)))


def clocks(found: dict[int, datetime], zone: ZoneInfo) -> dict[int, str]:
    return {hour: f"{at.astimezone(zone):%d %H:%M}" for hour, at in found.items()}


def test_without_limits_each_hour_has_its_moment_the_present_one_at_once() -> None:
    found = moments(NOON, LONDON, Limits(LONG))
    assert sorted(found) == list(range(24))
    assert (found[12], clocks(found, LONDON)[13]) == (NOON, "18 13:00")
    assert clocks(found, LONDON)[11] == "19 11:00"


def test_no_moment_lies_in_quiet_time_outside_the_window_or_past_the_end() -> None:
    window = Window(time(8, 30), time(22), frozenset({2, 3}))
    limits = Limits(NOON + timedelta(hours=23), window, NIGHT, ("Europe/London", "Europe/Paris"))
    found = clocks(moments(NOON, LONDON, limits), LONDON)
    # Paris is an hour ahead: quiet there from 19:00 London time; and at noon all is over
    assert found == {
        **{hour: f"18 {hour}:00" for hour in range(13, 19)},
        **{12: "18 12:20", 9: "19 09:00", 10: "19 10:00", 11: "19 11:00"},
    }


def test_a_window_that_begins_within_an_hour_and_zones_of_half_hours() -> None:
    half = Limits(LONG, Window(time(9, 30), time(11)))
    found = moments(NOON, KOLKATA, half)
    assert clocks(found, KOLKATA) == {9: "19 09:30", 10: "19 10:00"}


def test_a_day_that_is_far_off_is_found_and_one_past_the_end_is_not() -> None:
    monday = Window(time(9), time(11), frozenset({0}))
    assert clocks(moments(NOON, LONDON, Limits(LONG, monday)), LONDON) == {
        9: "23 09:00",
        10: "23 10:00",
    }
    assert moments(NOON, LONDON, Limits(NOON + timedelta(days=2), monday)) == {}
    assert (
        moments(NOON, LONDON, Limits(NOON + timedelta(hours=9), None, NIGHT, ("Asia/Tokyo",))) == {}
    )


def test_an_hour_that_a_jump_leaves_out_is_no_choice() -> None:
    eve = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # clocks go from 1 to 2 that night
    found = moments(eve, LONDON, Limits(eve + timedelta(days=3)))
    assert 1 not in found or found[1] >= datetime(2026, 3, 29, 23, tzinfo=UTC)
    assert found[2] == datetime(2026, 3, 29, 1, tzinfo=UTC)
