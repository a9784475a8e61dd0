from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from statistics_rows import Row, row_lists, sums_of

from feedback.statistics.adjusted import PENALTY, effects
from feedback.statistics.gram import Gram, grams_of
from feedback.statistics.metrics import POINTS, Metric
from feedback.statistics.ridge import Ridge, ridge
from feedback.statistics.sums import Cell, JourneySums, Moments

Rows = NDArray[np.float64]
NPS = POINTS[Metric.NPS]


def gram(x: Rows, y: Rows) -> Gram:
    """The sums of rows: one a response, a column a theme."""
    whole = np.hstack([np.ones((len(x), 1)), x])
    names = [f"t{place}" for place in range(x.shape[1])]
    return Gram(names, whole.T @ whole, whole.T @ y, float(y @ y))


def brute(x: Rows, y: Rows, levels: Rows) -> tuple[Rows, Rows]:
    """Coefficients and standard errors from rows alone: least squares on the rows and, for the
    penalty, one imaginary row a theme; each level free."""
    k = x.shape[1]
    wide = np.hstack([levels, x])
    ghosts = np.hstack([np.zeros((k, levels.shape[1])), math.sqrt(PENALTY) * np.eye(k)])
    both = np.vstack([wide, ghosts])
    solution = np.linalg.lstsq(both, np.append(y, np.zeros(k)), rcond=None)[0]
    residual = float(((y - wide @ solution) ** 2).sum())
    inverse = np.linalg.pinv(both.T @ both)
    used = float(np.trace(wide @ inverse @ wide.T))
    ends = np.append(y, [-100.0, 100.0])
    weights = np.append(np.ones(len(y)), [0.5, 0.5])
    middle = np.average(ends, weights=weights)
    prior = float(np.average((ends - middle) ** 2, weights=weights))
    noise = (residual + prior) / (len(y) - used + 1.0)
    place = levels.shape[1]
    return solution[place:], np.sqrt(noise * np.diag(inverse)[place:])


def drawn(random: np.random.Generator, n: int, k: int) -> tuple[Rows, Rows]:
    x = (random.random((n, k)) < random.uniform(0.05, 0.6, k)).astype(float)
    return x, random.choice([-100.0, 0.0, 100.0], n)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(10, 60), st.integers(1, 5))
def test_sums_give_what_the_rows_give(seed: int, n: int, k: int) -> None:
    x, y = drawn(np.random.default_rng(seed), n, k)
    values, errors = brute(x, y, np.ones((n, 1)))
    found = ridge([gram(x, y)], *NPS)
    assert found.n == n
    for place, part in enumerate(found.coefficients):
        assert part.n == x[:, place].sum()
        assert (part.effect is None) == (min(part.n, n - part.n) < 5)
        if part.effect is None:
            assert (part.p, part.q) == (None, 1.0)
            continue
        assert part.effect.value == pytest.approx(values[place], abs=1e-7)
        half = part.effect.high - part.effect.value
        assert half == pytest.approx(part.effect.value - part.effect.low)
        assert 1.95 * errors[place] < half < 12.8 * errors[place]


def test_the_interval_is_that_of_the_rows() -> None:
    x, y = drawn(np.random.default_rng(4), 4000, 3)
    values, errors = brute(x, y, np.ones((4000, 1)))
    for part, value, error in zip(
        ridge([gram(x, y)], *NPS).coefficients, values, errors, strict=True
    ):
        assert part.effect is not None
        ends = value - 1.9606 * error, value + 1.9606 * error
        assert (part.effect.low, part.effect.high) == pytest.approx(ends, abs=1e-3)


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_each_touchpoint_has_its_own_level_and_sums_add_up(seed: int) -> None:
    x, y = drawn(np.random.default_rng(seed), 90, 3)
    levels = np.repeat(np.eye(3), 30, axis=0)
    parts = [gram(x[i : i + 30], y[i : i + 30]) for i in (0, 30, 60)]
    found = [part.effect for part in ridge(parts, *NPS).coefficients]
    expected = brute(x, y, levels)[0]
    assert [e.value for e in found if e] == pytest.approx(
        [value for e, value in zip(found, expected, strict=True) if e], abs=1e-7
    )
    assert ridge([parts[0] + parts[1] + parts[2]], *NPS) == ridge([gram(x, y)], *NPS)


def test_sums_of_different_themes_do_not_add_up() -> None:
    one, other = (Gram([name], np.eye(2), np.zeros(2), 0.0) for name in ("price", "staff"))
    with pytest.raises(ValueError, match="different themes"):
        one + other
    with pytest.raises(ValueError, match="different themes"):
        ridge([one, other], *NPS)


THEMES = ["price", "speed", "staff"]


@settings(max_examples=25)
@given(row_lists((-100.0, 0.0, 100.0, None)))
def test_one_touchpoint_agrees_with_the_report_s_adjusted_effects(rows: list[Row]) -> None:
    rows = [row for row in rows if row.touchpoint == "browse"]
    if not any(row.points is not None for row in rows):
        return
    sums = sums_of(rows)
    reported = effects(sums, Metric.NPS)
    found = ridge([grams_of(sums, Metric.NPS, THEMES)["browse"]], *NPS)
    for part in found.coefficients:
        if part.effect:
            costs = part.n / found.n * part.effect.value
            assert reported[Cell("browse", part.theme)].value == pytest.approx(costs, abs=1e-7)


def copies(n: int = 400) -> tuple[Rows, Rows]:
    """Two themes always said together, which cost 80 points, and one said apart."""
    random = np.random.default_rng(8)
    said, other = random.random(n) < 0.2, random.random(n) < 0.3
    x = np.column_stack([said, said, other]).astype(float)
    return x, np.where(said, 0.0, 80.0) + random.normal(0.0, 20.0, n)


def test_themes_always_said_together_are_one_effect_whose_shares_nobody_knows() -> None:
    found = ridge([gram(*copies())], *NPS)
    (tangle,) = found.tangles
    assert tangle.themes == ("t0", "t1")
    assert tangle.effect.low < -80.0 < tangle.effect.high
    assert tangle.effect.high - tangle.effect.low < 12.0
    first, second, apart = found.coefficients
    assert first.effect is not None and second.effect is not None and apart.effect is not None
    assert first.effect.value == pytest.approx(second.effect.value)
    assert first.effect.high - first.effect.low > 50.0
    assert apart.effect.high - apart.effect.low < 12.0
    assert (first.inflation or 0.0) > 1000.0
    assert (apart.inflation or 9.0) < 1.1


def test_a_theme_that_only_comes_along_is_cleared_and_the_costly_one_told() -> None:
    random = np.random.default_rng(9)
    costly = random.random(3000) < 0.2
    along = np.where(random.random(3000) < 0.5, costly, random.random(3000) < 0.1)
    x = np.column_stack([costly, along]).astype(float)
    y = random.choice([-100.0, 100.0], 3000) * np.where(costly, 0.5, 1.0) - 40.0 * costly
    found = ridge([gram(x, y)], *NPS)
    first, second = found.coefficients
    assert first.effect is not None and second.effect is not None
    assert first.effect.low < -40.0 < first.effect.high < 0.0
    assert first.q < 0.001
    assert second.effect.low < 0.0 < second.effect.high
    assert second.q > 0.05
    assert found.tangles == ()


def test_nobody_one_response_and_all_alike() -> None:
    assert ridge([], *NPS) == Ridge(0)
    assert ridge([Gram(["t0"], np.zeros((2, 2)), np.zeros(2), 0.0)], *NPS) == Ridge(0)
    assert ridge([gram(np.zeros((3, 0)), np.ones(3))], *NPS) == Ridge(3)
    one = ridge([gram(np.ones((1, 2)), np.array([100.0]))], *NPS)
    assert [(part.n, part.effect, part.inflation) for part in one.coefficients] == [
        (1, None, None)
    ] * 2
    alike = ridge([gram(np.eye(2)[[0, 1] * 20], np.full(40, 100.0))], *NPS)
    assert all(
        part.effect and part.effect.low < 0.0 < part.effect.high for part in alike.coefficients
    )


@settings(max_examples=30)
@given(row_lists((-100.0, 0.0, 100.0, None)))
def test_any_responses_give_finite_effects(rows: list[Row]) -> None:
    sums = sums_of(rows) if rows else JourneySums()
    found = ridge([*grams_of(sums, Metric.NPS, THEMES).values()], *NPS)
    assert found.n == sum(1 for row in rows if row.points is not None)
    for part in found.coefficients:
        assert 0.0 <= part.q <= 1.0
        assert part.inflation is None or 1.0 <= part.inflation < 1e5
        if part.effect and part.p is not None:
            assert part.effect.low < part.effect.value < part.effect.high
            assert math.isfinite(part.effect.low + part.effect.high)
            assert (part.p < 0.025) == (part.effect.high < 0.0) or abs(part.effect.high) < 1e-9


def test_the_interval_holds_the_truth_about_nineteen_times_in_twenty() -> None:
    random = np.random.default_rng(6)
    truth = np.array([-60.0, 0.0, -30.0, 0.0, 0.0])
    held = []
    for _ in range(80):
        x, _ = drawn(random, 300, 5)
        x[:, 1] = np.where(random.random(300) < 0.7, x[:, 0], x[:, 1])
        promoter = (1.0 + np.clip(40.0 + x @ truth, -95.0, 95.0) / 100.0) / 2.0
        y = np.where(random.random(300) < promoter, 100.0, -100.0)
        for part, value in zip(ridge([gram(x, y)], *NPS).coefficients, truth, strict=True):
            assert part.effect is not None
            held.append(part.effect.low <= value <= part.effect.high)
    assert 0.92 <= np.mean(held) <= 0.98


def test_points_are_those_of_the_responses() -> None:
    assert gram(np.zeros((3, 1)), np.array([1.0, 2.0, 6.0])).points == Moments.of([1.0, 2.0, 6.0])
