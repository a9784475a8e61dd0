"""Pairs of values: the exact test against all tables, and what is told beside single values."""

from __future__ import annotations

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.statistics.concentration import Split, concentrations, shared
from feedback.statistics.crossed import Crossed, Value, p_beyond, p_interaction
from feedback.statistics.sums import Cell
from feedback.statistics.two_shares import Count, p_more

LATE = Cell("parcel", "delivery_speed")
NORTH, X = Value("region", "north"), Value("carrier", "x")
Four = tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]


def crossed(*counts: tuple[int, int]) -> Crossed:
    """Both, the first alone, the second alone, neither, as (said, n)."""
    return Crossed(LATE, NORTH, X, *(Count(*one) for one in counts))


def by_brute_force(counts: Four) -> float:
    """All tables with the same three margins, each as likely as its ways to be chosen."""
    said, n = [one[0] for one in counts], [one[1] for one in counts]
    ways = {}
    for k in product(*(range(size + 1) for size in n)):
        margins = (k[0] + k[1], k[0] + k[2], sum(k))
        if margins == (said[0] + said[1], said[0] + said[2], sum(said)):
            ways[k[0]] = comb(n[0], k[0]) * comb(n[1], k[1]) * comb(n[2], k[2]) * comb(n[3], k[3])
    return sum(one for k, one in ways.items() if k >= said[0]) / sum(ways.values())


small = st.integers(1, 6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(small, small, small, small), min_size=1, max_size=5))
def test_the_chance_is_that_of_all_tables_with_the_same_margins(tables: list[Four]) -> None:
    found = p_interaction([crossed(*one) for one in tables])
    assert found == pytest.approx([by_brute_force(one) for one in tables])


def test_many_pairs_at_once_have_each_its_own_chance() -> None:
    random = np.random.default_rng(4)
    n = random.integers(30, 900, (300, 4))
    tables = [crossed(*((int(random.binomial(size, 0.2)), int(size)) for size in row)) for row in n]
    together = p_interaction(tables)
    assert together == pytest.approx([p_interaction([one])[0] for one in tables])
    # of no effect they are spread at least as evenly as chances are
    assert np.mean(np.array(together) <= 0.1) < 0.15
    assert p_interaction([]) == p_beyond([]) == []


def test_two_effects_that_only_meet_are_no_pair() -> None:
    # odds of 1/9 in neither, three times as high with either, nine times with both
    both_effects = crossed((50, 100), (25, 100), (25, 100), (100, 1000))
    assert p_beyond([both_effects]) == [1.0]
    one_effect = crossed((40, 100), (120, 300), (30, 300), (130, 1300))
    assert p_beyond([one_effect]) == [1.0]


def test_a_pair_must_hold_against_either_part_alone() -> None:
    # less often with the first alone: with the second it is no more than the second alone
    back_to_usual = crossed((31, 100), (10, 200), (60, 200), (300, 1000))
    assert p_interaction([back_to_usual])[0] < 0.001
    assert p_beyond([back_to_usual])[0] == p_more(Count(31, 100), Count(60, 200)) > 0.4
    planted = crossed((40, 100), (30, 300), (30, 300), (130, 1300))
    (p,) = p_beyond([planted])
    assert p == max(p_interaction([planted])[0], p_more(Count(40, 100), Count(30, 300))) < 1e-5


def splits_of(one: Crossed) -> list[Split]:
    """The two attributes that a crossing is made of, each with one other value."""

    def add(*parts: Count) -> Count:
        return Count(sum(part.said for part in parts), sum(part.n for part in parts))

    whole = add(*one.counts)
    regions = {"north": add(one.both, one.first_alone), "south": add(one.second_alone, one.neither)}
    carriers = {"x": add(one.both, one.second_alone), "y": add(one.first_alone, one.neither)}
    return [Split(LATE, "region", whole, regions), Split(LATE, "carrier", whole, carriers)]


def test_a_pair_stands_among_the_places_only_where_it_is_told() -> None:
    planted = crossed((40, 100), (30, 300), (30, 300), (130, 1300))
    looks = concentrations(splits_of(planted), [planted])
    pair = looks[0]
    assert (pair.parts, pair.rank, pair.told, pair.small) == ((NORTH, X), 1, True, False)
    assert pair.comparison and pair.count == (40, 100)
    assert (pair.comparison.inside, pair.comparison.outside) == (0.4, 0.1)
    assert pair.excess == pytest.approx(30)
    assert [look.rank for look in looks] == [1, 2, 3, 4, 5]
    even = crossed((10, 100), (30, 300), (30, 300), (130, 1300))
    assert all(look.beside is None for look in concentrations(splits_of(even), [even]))


def test_pairs_take_no_more_than_half_of_the_error_from_single_values() -> None:
    even = crossed((10, 100), (30, 300), (30, 300), (130, 1300))
    split = Split(LATE, "region", Count(70, 600), {"north": Count(40, 200), "s": Count(30, 400)})
    alone = concentrations([split])
    among = concentrations([split], [even] * 500)
    assert among[0].q == pytest.approx(2 * alone[0].q) and among[0].told


def test_one_family_stays_as_it_is_and_several_share_alike() -> None:
    ps = [0.001, 0.02, 0.4]
    assert shared([ps]) == shared([[], ps]) == ps and shared([[], []]) == []
    one, *many = shared([[0.01], [0.01] * 9])
    weights = [0.01 / p for p in (one, *many)]
    assert sum(weights) == pytest.approx(10) and weights[0] == pytest.approx(sum(weights[1:]))


def test_noise_tells_no_pair_and_a_planted_one_is_found() -> None:
    random = np.random.default_rng(11)

    def drawn(odds: float) -> Crossed:
        shares = [odds / (9 + odds), 0.1, 0.1, 0.1]
        sizes = (90, 210, 510, 1190)
        return crossed(
            *((int(random.binomial(n, p)), n) for n, p in zip(sizes, shares, strict=True))
        )

    noise = [concentrations([], [drawn(1.0) for _ in range(50)]) for _ in range(40)]
    assert sum(bool(looks) for looks in noise) <= 4
    real = [concentrations([], [drawn(8.0), *(drawn(1.0) for _ in range(49))]) for _ in range(20)]
    assert sum(any(look.count.said > 30 for look in looks) for looks in real) >= 18
