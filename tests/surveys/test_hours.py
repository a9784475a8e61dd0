"""The hour of sending is learnt, and every allowed hour is tried."""

from __future__ import annotations

from collections import Counter

import pytest

from surveys.hours import Hour, choose

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
