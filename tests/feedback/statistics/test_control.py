from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from feedback.statistics import control
from feedback.statistics.control import Reading, Series, of_share, read
from feedback.statistics.excursions import Excursion, follow
from feedback.statistics.sums import Moments

CALM = [(10, 100), (12, 100), (8, 100), (11, 100), (9, 100), (10, 100)]
counts = st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def only(series: Series, season: int = 1) -> Reading:
    (found,) = read([series], season)
    return found


@pytest.mark.parametrize(("count", "n", "share"), [(0, 20, 0.1), (3, 20, 0.1), (20, 20, 0.7)])
def test_a_tail_is_the_binomial_one_with_half_of_its_own_count(
    count: int, n: int, share: float
) -> None:
    expected = stats.binom.sf(count, n, share) + 0.5 * stats.binom.pmf(count, n, share)
    assert control._tail(float(count), float(n), share) == pytest.approx(expected)


def test_a_share_is_read_by_hand() -> None:
    found = only(of_share("delay", CALM, (30, 100)))
    assert (found.n, found.value, found.expected, found.dispersion) == (100, 0.3, 0.1, 1.0)
    # six calm periods: 100/(1 + 100/600) effective answers, t with five degrees of freedom
    excess = 1.0 + 100 / 600
    chance = control._tail(30 / excess, 100 / excess, 60.5 / 601)
    assert found.p == pytest.approx(2.0 * stats.t.sf(stats.norm.isf(chance), 5), rel=1e-6)
    assert found.q == found.p
    assert (found.told, found.side) == (True, "above")


def test_a_mean_is_read_as_a_new_mean_against_the_old_one() -> None:
    period = Moments.of([1.0, 3.0, 5.0, 7.0] * 5)
    found = only(Series("ces", [period] * 6, Moments.of([1.0, 3.0, 5.0, 3.0] * 5), (1.0, 7.0)))
    # variance 5, with half an answer at 1 and at 7: (600 + 9)/121
    error = math.sqrt(609 / 121 * (1 / 20 + 1 / 120))
    assert found.expected == 4.0
    assert found.low == pytest.approx(4.0 - stats.t.ppf(0.975, 5) * error)
    assert found.p == pytest.approx(2.0 * stats.t.cdf(-1.0 / error, 5))


def test_scatter_between_periods_is_expected_to_go_on() -> None:
    wild = [(0, 100), (20, 100), (2, 100), (18, 100), (1, 100), (19, 100)]
    found = only(of_share("delay", wild, (22, 100)))
    share = 60.5 / 601
    chi = sum((k - 10) ** 2 / 100 for k, _ in wild) / (share * (1.0 - share))
    assert found.dispersion == pytest.approx(chi / 5)
    assert (found.told, found.side) == (False, None)
    calm = only(of_share("delay", CALM, (22, 100)))
    assert calm.low is not None and calm.high is not None
    assert found.low is not None and found.high is not None
    assert found.high - found.low > 2.0 * (calm.high - calm.low)
    assert calm.side == "above"


@pytest.mark.parametrize("latest", [(0, 60), (6, 60), (60, 60)])
def test_the_range_ends_where_p_is_five_percent(latest: tuple[int, int]) -> None:
    found = only(of_share("delay", CALM, latest))
    assert found.low is not None and found.high is not None
    past = control._past(of_share("delay", CALM, latest), 1)
    tails = control._share_tails(past, 60)
    assert tails(60 * found.low)[0] == pytest.approx(0.025, abs=1e-6)
    assert tails(60 * found.high)[1] == pytest.approx(0.025, abs=1e-6)
    assert (found.side is not None) == ((found.p or 0.0) < 0.05)


def test_a_weekday_is_compared_with_its_own_kind() -> None:
    week = [(4, 100)] * 5 + [(40, 100)] * 2
    month = week * 4 + week[:5]
    saturday = of_share("delay", month, (40, 100))
    assert only(saturday, 7).expected == 0.4
    assert only(saturday, 7).side is None
    monday = only(of_share("delay", week * 4, (40, 100)), 7)
    assert (monday.expected, monday.told, monday.side) == (0.04, True, "above")
    # without weekdays the weekend makes anything look possible
    assert not only(of_share("delay", week * 4, (40, 100))).told


@pytest.mark.parametrize(
    ("earlier", "latest"),
    [
        (CALM, (2, 4)),
        (CALM[:4], (50, 100)),
        ([(1, 4)] * 6, (50, 100)),
        ([], (1, 9)),
        ([(0, 0)] * 50, (9, 9)),
        ([*CALM[:4], *[(0, 0)] * 9], (50, 100)),
        (CALM, (0, 0)),
    ],
)
def test_too_few_answers_or_periods_give_no_figure(
    earlier: list[tuple[int, int]], latest: tuple[int, int]
) -> None:
    found = only(of_share("delay", earlier, latest))
    assert found == Reading("delay", latest[1])
    assert (found.told, found.side, found.q) == (False, None, 1.0)


def test_q_is_over_the_series_that_could_be_read_and_in_the_given_order() -> None:
    series = [of_share(str(k), CALM, (k, 100)) for k in (10, 30, 11)]
    series.insert(1, of_share("new", [], (50, 100)))
    found = read(series)
    assert [one.key for one in found] == ["10", "new", "30", "11"]
    assert found[2].q == pytest.approx(3.0 * (found[2].p or 0.0))
    assert [one.told for one in found] == [False, False, True, False]
    assert read([]) == []


def test_what_never_happened_may_still_happen_once() -> None:
    never = [(0, 100)] * 8
    one, ten = (only(of_share("fire", never, (count, 100))) for count in (1, 10))
    assert (one.expected, one.low, one.told) == (0.0, 0.0, False)
    assert one.high is not None and one.high > 0.01
    assert ten.told
    always = only(of_share("ok", [(100, 100)] * 8, (100, 100)))
    assert (always.high, always.side) == (1.0, None)
    assert (always.p or 0.0) > 0.9


def finite(found: Reading, least: float, most: float) -> None:
    if found.p is None:
        assert (found.value, found.low, found.high, found.q) == (None, None, None, 1.0)
        return
    assert found.expected is not None and found.low is not None and found.high is not None
    assert least <= found.low <= found.expected <= found.high <= most
    assert 0.0 <= found.p <= found.q <= 1.0
    assert math.isfinite(found.dispersion or 0.0)


@settings(max_examples=40)
@given(st.lists(counts, max_size=20), counts, st.integers(1, 7))
def test_any_counts_give_a_range_or_nothing(
    earlier: list[tuple[int, int]], latest: tuple[int, int], season: int
) -> None:
    finite(only(of_share("any", earlier, latest), season), 0.0, 1.0)


@settings(max_examples=25)
@given(st.lists(st.lists(st.sampled_from([-100.0, 0.0, 100.0]), min_size=5), min_size=6))
def test_any_scores_give_a_range_or_nothing(periods: list[list[float]]) -> None:
    moments = [Moments.of(period) for period in periods]
    finite(only(Series("any", moments[:-1], moments[-1], (-100.0, 100.0))), -100.0, 100.0)


def world(rng: np.random.Generator, moved: int) -> list[Reading]:
    """Thirty themes over twenty weeks whose weeks scatter; the first few rise at last.

    Their ranges are found roughly, which is enough for what is told.
    """
    series = []
    for place in range(30):
        n = rng.poisson(150, 21)
        shares = rng.beta(20.0, 80.0, 21)
        shares[-1] = 0.55 if place < moved else shares[-1]
        pairs = list(zip(rng.binomial(n, shares).tolist(), n.tolist(), strict=True))
        series.append(of_share(str(place), pairs[:-1], pairs[-1]))
    return read(series, halvings=2)


def test_what_moved_is_told_and_what_only_scatters_is_not() -> None:
    rng = np.random.default_rng(11)
    calm = [world(rng, 0) for _ in range(16)]
    ps = [one.p for found in calm for one in found if one.p is not None]
    assert 0.015 <= sum(p < 0.05 for p in ps) / len(ps) <= 0.07
    assert sum(any(one.told for one in found) for found in calm) <= 4
    moved = [world(rng, 3) for _ in range(10)]
    told = [one.key for found in moved for one in found if one.told]
    right = [key for key in told if int(key) < 3]
    assert len(right) >= 27
    assert len(told) - len(right) <= 4


OUT = replace(only(of_share("delay", CALM, (30, 100))), q=0.001)
WAVERING = replace(OUT, q=0.2)
BACK = only(of_share("delay", CALM, (10, 100)))
BELOW = replace(only(of_share("delay", CALM, (0, 100))), q=0.001)
UNREAD = only(of_share("delay", CALM, (1, 3)))


def test_an_excursion_has_one_signal_until_it_is_over() -> None:
    opened = [Excursion("delay", "above", "2026-W10")]
    assert follow([OUT], "2026-W10", []) == opened
    assert opened[0].signal == "delay:above:2026-W10"
    for still in (OUT, WAVERING, UNREAD):
        assert follow([still], "2026-W11", opened) == opened
    # reading the same period again changes nothing
    assert follow([OUT], "2026-W10", opened) == opened
    assert follow([BACK], "2026-W12", opened) == []
    assert follow([OUT], "2026-W13", []) == [Excursion("delay", "above", "2026-W13")]


def test_going_out_on_the_other_side_is_another_excursion() -> None:
    opened = [Excursion("delay", "above", "2026-W10")]
    assert BELOW.side == "below"
    assert follow([BELOW], "2026-W11", opened) == [Excursion("delay", "below", "2026-W11")]


def test_what_is_not_told_opens_nothing_and_what_is_not_read_stays() -> None:
    opened = [Excursion("price", "below", "2026-W09")]
    assert follow([WAVERING, UNREAD], "2026-W11", opened) == opened
    assert follow([], "2026-W11", opened) == opened
