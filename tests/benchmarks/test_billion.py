"""The simulated day: what goes in comes out, and more hands are never later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.billion import in_words
from benchmarks.billion_day import busiest, lateness, simulate
from benchmarks.billion_due import awake, due
from benchmarks.billion_plan import COSTS, SLOT, SLOTS, Cost, Plan

CHEAP = {name: Cost(0.1, 0.1, "made up") for name in COSTS}
SMALL = Plan(events=1e6, costs=CHEAP, deaths_an_hour=0)


def test_every_event_comes_and_every_tenth_is_asked() -> None:
    events, invitations = due(SMALL)
    assert events.sum() == pytest.approx(1e6)
    assert invitations.sum() == pytest.approx(1e5)


def test_nobody_is_asked_at_night() -> None:
    asked = np.ones(SLOTS)
    kept = awake(asked, 0, (9, 20))
    hour = np.arange(SLOTS) * SLOT / 3600 % 24
    assert kept[(hour < 9) | (hour >= 20)].sum() == 0
    assert kept[(hour >= 9) & (hour < 10)].sum() > kept[(hour >= 10) & (hour < 11)].sum()


def test_lateness_is_that_of_who_came_first() -> None:
    wanted, done = np.zeros(10), np.zeros(10)
    wanted[0], done[0], done[6] = 4, 2, 2
    assert lateness(wanted, done, (0.25, 1.0)) == [0, 6 * SLOT]


def test_what_never_left_is_late_at_least_until_the_end() -> None:
    wanted, done = np.zeros(10), np.zeros(10)
    wanted[2] = 5
    assert lateness(wanted, done, (0.5,)) == [7 * SLOT]


def test_with_hands_enough_nothing_is_late_and_nothing_is_left() -> None:
    outcome = simulate(replace(SMALL, workers=8))
    assert outcome.p99 == 0
    assert outcome.left == pytest.approx(0, abs=1e-3)


def test_more_hands_are_never_later() -> None:
    dear = {name: Cost(400.0, 0.1, "made up") for name in COSTS}
    late = [simulate(replace(SMALL, costs=dear, workers=many)).p99 for many in (1, 8, 64, 256)]
    assert late == sorted(late, reverse=True)
    assert late[0] > 3600 > late[-1]


def test_a_database_at_its_limit_is_not_helped_by_hands_but_by_another() -> None:
    dear = {name: Cost(0.1, 400.0, "made up") for name in COSTS}
    plan = replace(SMALL, costs=dear, workers=64, database_cores=4)
    one, more_hands = simulate(plan), simulate(replace(plan, workers=256))
    assert one.p99 == more_hands.p99 > 0
    assert simulate(replace(plan, databases=4)).p99 < one.p99


def test_the_same_seed_gives_the_same_day() -> None:
    plan = replace(SMALL, workers=2, deaths_an_hour=30)
    assert simulate(plan, 7) == simulate(plan, 7)
    assert simulate(plan, 7) != simulate(replace(plan, deaths_an_hour=300), 7)


def test_the_busiest_minutes_are_found() -> None:
    used = np.zeros(300)
    used[100:130] = 5
    assert busiest(used) == 5


@pytest.mark.parametrize(("seconds", "words"), [(4, "4 s"), (600, "10 min"), (9000, "2.5 h")])
def test_times_are_told_as_people_do(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
