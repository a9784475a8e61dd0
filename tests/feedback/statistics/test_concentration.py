from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.statistics.concentration import (
    Concentration,
    Missing,
    Split,
    compare,
    concentrations,
)
from feedback.statistics.fdr import q_values
from feedback.statistics.sums import Cell
from feedback.statistics.two_shares import Count

SPEED = Cell("delivery", "speed")


def split(attribute: str, /, **values: tuple[int, int]) -> Split:
    """An attribute whose values make up the whole between them."""
    counts = {value: Count(*count) for value, count in values.items()}
    whole = Count(sum(c.said for c in counts.values()), sum(c.n for c in counts.values()))
    return Split(SPEED, attribute, whole, counts)


def by_value(looks: list[Concentration]) -> dict[str, Concentration]:
    return {look.value: look for look in looks}


def test_the_share_inside_is_compared_with_everybody_else() -> None:
    region = split("region", north=(30, 100), south=(20, 200), west=(10, 100))
    north = by_value(concentrations([region]))["north"]
    found = north.comparison
    assert found is not None
    assert found == compare(Count(30, 100), Count(30, 300))
    assert (found.inside, found.outside) == (0.3, 0.1)
    assert found.ratio == pytest.approx(3.0)
    assert found.difference == pytest.approx(0.2)
    assert found.ratio_low > 1.0
    assert found.difference_low > 0.0
    assert north.excess == pytest.approx(20.0)
    assert north.told
    assert not north.small


def test_a_sure_moderate_ratio_stands_before_a_large_unsure_one() -> None:
    sure = split("channel", sms=(400, 1000), web=(200, 1000))
    unsure = split("team", night=(4, 8), day=(600, 2400))
    looks = concentrations([sure, unsure])
    assert (looks[0].value, looks[0].told) == ("sms", True)
    assert [look.rank for look in looks] == [1, 2, 3, 4]
    night = by_value(looks)["night"]
    assert night.comparison is not None and looks[0].comparison is not None
    assert (night.comparison.ratio or 0) >= (looks[0].comparison.ratio or 0)
    assert not night.told
    assert night.small


def test_the_told_are_ordered_by_the_ratio_they_surely_have() -> None:
    values = {"a": (40, 50), "b": (160, 200), "c": (60, 200), "d": (300, 3000)}
    told = [look for look in concentrations([split("product", **values)]) if look.told]
    lows = [look.comparison.ratio_low for look in told if look.comparison]
    assert lows == sorted(lows, reverse=True)
    assert {look.value for look in told} == {"a", "b", "c"}


def test_where_it_is_heard_less_nothing_is_told() -> None:
    web = by_value(concentrations([split("channel", sms=(90, 300), web=(30, 300))]))["web"]
    assert web.comparison is not None and web.comparison.ratio_high is not None
    assert web.comparison.ratio_high < 1.0
    assert web.comparison.p > 0.99
    assert not web.told


def test_q_counts_everything_looked_at_at_once() -> None:
    one = split("region", north=(16, 100), south=(30, 400))
    even = split("hour", am=(40, 400), pm=(40, 400))
    others = [replace(even, cell=Cell("delivery", f"t{i}")) for i in range(9)]
    alone, among = concentrations([one]), concentrations([one, *others])
    looks = by_value([look for look in among if look.attribute == "region"])
    assert by_value(alone)["north"].told
    assert not looks["north"].told
    ps = [look.comparison.p for look in among if look.comparison]
    assert [look.q for look in among if look.comparison] == q_values(ps)


@pytest.mark.parametrize(
    ("inside", "whole", "missing"),
    [
        (Count(9, 50), Count(9, 50), Missing.EVERYBODY),
        (Count(0, 0), Count(9, 50), Missing.NOBODY),
        (Count(4, 4), Count(9, 50), Missing.TOO_FEW),
        (Count(9, 46), Count(9, 50), Missing.TOO_FEW),
        (Count(4, 25), Count(4, 50), Missing.TOO_FEW),
    ],
)
def test_what_cannot_be_compared_says_why_and_shows_no_figure(
    inside: Count, whole: Count, missing: Missing
) -> None:
    (look,) = concentrations([Split(SPEED, "team", whole, {"x": inside})])
    assert (look.comparison, look.missing, look.q, look.told) == (None, missing, 1.0, False)
    assert look.excess is None


def test_what_has_no_figure_comes_last_and_costs_the_others_nothing() -> None:
    fair = split("region", north=(30, 100), south=(30, 300))
    tiny = split("hour", **{f"h{i}": (1, 3) for i in range(24)})
    looks = concentrations([tiny, fair])
    assert [look.value for look in looks[:2]] == ["north", "south"]
    assert looks[0].q == by_value(concentrations([fair]))["north"].q


def test_a_value_without_complaints_and_one_with_all_of_them() -> None:
    looks = by_value(concentrations([split("product", kettle=(0, 60), lamp=(12, 60))]))
    kettle, lamp = looks["kettle"].comparison, looks["lamp"].comparison
    assert kettle is not None and lamp is not None
    assert (kettle.ratio, kettle.ratio_low) == (0.0, 0.0)
    assert kettle.ratio_high is not None and kettle.ratio_high < 1.0
    assert (lamp.ratio, lamp.ratio_high) == (None, None)
    assert lamp.ratio_low > 1.0
    assert looks["lamp"].told


def test_nothing_to_look_at_and_everybody_complaining() -> None:
    assert concentrations([]) == []
    looks = concentrations([split("team", a=(30, 30), b=(40, 40))])
    assert all(look.comparison and look.comparison.ratio == 1.0 for look in looks)
    assert not any(look.told for look in looks)


wild = st.builds(Count, st.integers(0, 40), st.integers(0, 60))


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from("abcde"), wild), wild)
def test_any_counts_even_impossible_ones_are_ranked_without_a_nan(
    values: dict[str, Count], whole: Count
) -> None:
    looks = concentrations([Split(SPEED, "team", whole, values)])
    assert {look.value for look in looks} == set(values)
    for look in looks:
        assert (look.comparison is None) == (look.missing is not None)
        assert 0.0 <= look.q <= 1.0
        if look.comparison:
            found = look.comparison
            figures = [found.inside, found.outside, found.ratio, found.ratio_low, found.p]
            figures += [found.ratio_high, found.difference_low, found.difference_high]
            assert all(math.isfinite(figure) for figure in figures if figure is not None)
            assert found.difference_low <= found.difference <= found.difference_high
    assert looks == concentrations([Split(SPEED, "team", whole, dict(reversed(values.items())))])


def drawn(random: np.random.Generator, shares: list[float]) -> Split:
    sizes = random.integers(30, 200, len(shares))
    said = random.binomial(sizes, shares)
    pairs = zip(sizes.tolist(), said.tolist(), strict=True)
    return split("product", **{f"p{i}": (k, n) for i, (n, k) in enumerate(pairs)})


def test_noise_is_seldom_told_and_a_real_place_mostly_is() -> None:
    random = np.random.default_rng(5)
    noise = [concentrations([drawn(random, [0.12] * 8)]) for _ in range(40)]
    assert sum(any(look.told for look in looks) for looks in noise) <= 6
    real = [concentrations([drawn(random, [0.4] + [0.12] * 7)]) for _ in range(20)]
    assert sum(looks[0].told and looks[0].value == "p0" for looks in real) >= 17
