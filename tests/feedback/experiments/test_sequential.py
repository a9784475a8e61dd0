"""Intervals that hold at every look: against published values, and under peeking."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.experiments.sequential import (
    MIN_EACH,
    Sample,
    difference,
    half_width,
    share,
    share_difference,
)


def sample(values: list[float]) -> Sample:
    return Sample(len(values), math.fsum(values), math.fsum(one * one for one in values))


def test_the_bound_is_where_the_mixture_ratio_is_twenty() -> None:
    variance, mixing = 4.0, 25.0
    half = half_width(variance, mixing)
    ratio = math.sqrt(variance / (variance + mixing)) * math.exp(
        half * half * mixing / (2 * variance * (variance + mixing))
    )
    assert ratio == pytest.approx(20.0)


@given(st.floats(0.01, 1e4), st.floats(0.01, 1e4))
def test_it_is_wider_than_what_holds_at_one_look(variance: float, mixing: float) -> None:
    assert half_width(variance, mixing) > 1.96 * math.sqrt(variance)


@given(st.integers(MIN_EACH, 5000), st.integers(MIN_EACH, 5000), st.data())
def test_swapping_the_variants_mirrors_the_interval(a: int, b: int, data: st.DataObject) -> None:
    one = share(a, data.draw(st.integers(0, a)))
    other = share(b, data.draw(st.integers(0, b)))
    there, back = share_difference(one, other, 0.05), share_difference(other, one, 0.05)
    if there is None or back is None:
        assert there is back is None
    else:
        assert there.low == pytest.approx(-back.high)
        assert -1 <= there.low <= there.high <= 1


@pytest.mark.parametrize(
    ("control", "variant"),
    [
        (share(49, 20), share(5000, 2000)),
        (share(500, 0), share(500, 9)),
        (share(500, 500), share(500, 491)),
    ],
)
def test_too_little_says_nothing(control: Sample, variant: Sample) -> None:
    assert share_difference(control, variant, 0.05) is None


def test_scores_that_are_all_the_same_say_nothing() -> None:
    same = sample([100.0] * 80)
    assert difference(same, same, 10) is None


def test_looking_at_every_answer_raises_few_false_alarms() -> None:
    """A usual interval would leave zero in two runs of five."""
    chance = random.Random(4)
    runs, alarms, usual = 200, 0, 0
    for _ in range(runs):
        found, fooled = _watch(chance, 0.3, 0.3)
        alarms += found
        usual += fooled
    assert alarms <= 0.08 * runs
    assert usual >= 0.25 * runs


def test_a_real_difference_is_found_in_time() -> None:
    chance = random.Random(5)
    assert sum(_watch(chance, 0.3, 0.4)[0] for _ in range(50)) >= 45


def _watch(chance: random.Random, first: float, second: float) -> tuple[bool, bool]:
    """Whether a run of looks ever calls a difference: ours, and a usual interval."""
    hits, found, fooled = [0, 0], False, False
    for n in range(1, 1500):
        hits[0] += chance.random() < first
        hits[1] += chance.random() < second
        if n % 10 or n < MIN_EACH:
            continue
        samples = share(n, hits[0]), share(n, hits[1])
        seen = share_difference(*samples, 0.05)
        found |= seen is not None and seen.clear
        spread = sum(one.variance / one.n for one in samples)
        fooled |= abs(samples[0].mean - samples[1].mean) > 1.96 * math.sqrt(spread)
    return found, fooled
