from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from feedback.statistics.intervals import spread
from feedback.statistics.smooth import USUAL_STEP, Line, Smoothed, likeliest_step, smooth
from feedback.statistics.sums import Moments

NONE = Moments()


def flat(mean: float, n: int) -> Moments:
    """An even number of answers around a mean, ten above or below it."""
    return Moments.of([mean - 10.0, mean + 10.0] * (n // 2))


def figures(point: Smoothed) -> tuple[float, float, float]:
    assert point.value is not None and point.low is not None and point.high is not None
    return point.value, point.low, point.high


def widths(line: Line) -> list[float]:
    return [high - low for _, low, high in map(figures, line.points)]


SERIES = [flat(50, 8), flat(60, 4), NONE, flat(80, 12), flat(70, 2), NONE, NONE, flat(75, 6)]


def noise_of(periods: list[Moments]) -> float:
    """All answers lie 10 from their period's mean: 100 each, and one spread of the whole."""
    whole = sum(periods, NONE)
    degrees = whole.n - sum(1 for part in periods if part.n) + 1
    return (100.0 * whole.n + spread(whole, 0.0, 100.0)) / degrees


class Dense:
    """The same model as one large normal distribution: no recursion, a flat first level."""

    def __init__(self, periods: list[Moments]) -> None:
        self.size = len(periods)
        self.seen = [place for place, part in enumerate(periods) if part.n]
        self.means = np.array([periods[place].mean for place in self.seen])
        self.noise = np.diag([noise_of(periods) / periods[place].n for place in self.seen])

    def solve(self, step: float) -> tuple[np.ndarray, np.ndarray, float]:
        """Levels, their variances, and the restricted log-likelihood of a step."""
        walk = step**2 * np.minimum.outer(np.arange(self.size), np.arange(self.size))
        inverse = np.linalg.inv(walk[np.ix_(self.seen, self.seen)] + self.noise)
        ones = np.ones(len(self.seen))
        weight = ones @ inverse @ ones
        start = ones @ inverse @ self.means / weight
        cross = walk[:, self.seen] @ inverse
        rest = 1.0 - cross @ ones
        errors = self.means - start
        levels = start + cross @ errors
        variances = np.diag(walk - cross @ walk[self.seen]) + rest**2 / weight
        log = np.linalg.slogdet(inverse)[1] - math.log(weight) - errors @ inverse @ errors
        return levels, variances, 0.5 * log


def test_the_line_is_that_of_the_whole_normal_distribution_averaged_finely() -> None:
    dense = Dense(SERIES)
    steps = np.linspace(0.0, 50.0, 1501)
    solved = [dense.solve(step) for step in steps]
    logs = np.array([log for _, _, log in solved])
    weights = np.exp(logs - logs.max()) / (1.0 + (steps / (100.0 * USUAL_STEP)) ** 2)
    weights /= weights.sum()
    levels = np.array([level for level, _, _ in solved])
    expected = weights @ levels
    variance = weights @ (np.array([v for _, v, _ in solved]) + (levels - expected) ** 2)
    points = smooth(SERIES, 0.0, 100.0).points
    assert [figures(point)[0] for point in points] == pytest.approx(expected.tolist(), abs=0.2)
    reach = 2.0395  # Student's t of the 32 answers
    for point, value, error in zip(points, expected, np.sqrt(variance), strict=True):
        assert point.low == pytest.approx(value - reach * error, abs=0.6)
        assert point.high == pytest.approx(min(100.0, value + reach * error), abs=0.6)


def test_the_likeliest_step_is_that_of_the_whole_normal_distribution() -> None:
    dense = Dense(SERIES)
    best = minimize_scalar(
        lambda step: -dense.solve(step)[2],
        bounds=(0.0, 50.0),
        method="bounded",
        options={"xatol": 1e-6},
    ).x
    assert best > 1.0
    assert likeliest_step(SERIES, 0.0, 100.0) == pytest.approx(best, abs=1e-3)
    assert smooth(SERIES, 0.0, 100.0).step == likeliest_step(SERIES, 0.0, 100.0)


def test_a_level_that_never_moves_has_no_step_and_a_nearly_level_line() -> None:
    line = smooth([flat(70, 10)] * 30, 0.0, 100.0)
    assert line.step == 0.0
    assert [figures(point)[0] for point in line.points] == pytest.approx([70.0] * 30)
    alone = smooth([flat(70, 10)], 0.0, 100.0)
    assert max(widths(line)) < widths(alone)[0]


def test_the_line_follows_a_jump_and_hugs_periods_with_many_answers() -> None:
    line = smooth([flat(40, 200)] * 8 + [flat(60, 200)] * 8, 0.0, 100.0)
    values = [figures(point)[0] for point in line.points]
    assert values[0] == pytest.approx(40.0, abs=1.0)
    assert values[-1] == pytest.approx(60.0, abs=1.0)
    assert figures(line.points[0])[2] < figures(line.points[-1])[1]


def test_a_gap_is_bridged_and_its_interval_widens_towards_its_middle() -> None:
    before, after = [flat(70, 20), flat(64, 20)] * 3, [flat(70, 20), flat(76, 20)] * 3
    line = smooth(before + [NONE] * 7 + after, 0.0, 100.0)
    gap = widths(line)[5:14]
    assert gap[:5] == sorted(gap[:5])
    assert gap[4:] == sorted(gap[4:], reverse=True)
    assert gap[4] > gap[0]
    assert {(point.n, point.mean) for point in line.points[6:13]} == {(0, None)}


def test_before_the_first_and_after_the_last_answer_the_interval_only_widens() -> None:
    line = smooth([NONE] * 5 + [flat(70, 20), flat(64, 20)] * 3 + [NONE] * 5, 0.0, 100.0)
    wide = widths(line)
    assert wide[:6] == sorted(wide[:6], reverse=True)
    assert wide[-6:] == sorted(wide[-6:])
    assert wide[0] > 1.5 * wide[5]
    assert figures(line.points[0])[0] == pytest.approx(figures(line.points[5])[0])


def test_no_period_none_with_answers_and_too_few_give_no_line() -> None:
    assert smooth([], 0.0, 100.0) == Line(0, ())
    assert smooth([NONE] * 3, 0.0, 100.0) == Line(0, (Smoothed(0, None),) * 3)
    few = smooth([flat(50, 4)], 0.0, 100.0)
    assert few == Line(4, (Smoothed(4, None),))


def test_one_period_is_its_own_mean_and_tells_nothing_of_the_level_s_steps() -> None:
    line = smooth([flat(70, 40), NONE], 0.0, 100.0)
    value, low, high = figures(line.points[0])
    assert (value, line.points[0].mean, line.step) == (70.0, 70.0, None)
    assert low == pytest.approx(70 - 2.0227 * math.sqrt(noise_of([flat(70, 40)]) / 40), abs=1e-3)
    assert high < 80.0
    assert widths(line)[1] > 2.0 * widths(line)[0]


def test_answers_that_all_agree_still_leave_a_width() -> None:
    line = smooth([Moments.of([100.0] * 10)] * 5, 0.0, 100.0)
    assert all(figures(point)[2] == 100.0 for point in line.points)
    assert all(figures(point)[1] < 99.5 for point in line.points)


def test_another_unit_gives_the_same_line() -> None:
    line = smooth(SERIES, 0.0, 100.0)
    turned = [
        Moments(p.n, p.total / 50 - p.n, p.squares / 2500 - p.total / 25 + p.n) for p in SERIES
    ]
    for one, other in zip(line.points, smooth(turned, -1.0, 1.0).points, strict=True):
        expected = [figure / 50.0 - 1.0 for figure in figures(one)]
        assert list(figures(other)) == pytest.approx(expected, abs=1e-9)


periods = st.lists(
    st.lists(st.sampled_from([-100.0, 0.0, 100.0]), max_size=8).map(Moments.of), max_size=12
)


@settings(max_examples=60)
@given(periods)
def test_any_answers_give_a_finite_line_on_the_scale(series: list[Moments]) -> None:
    line = smooth(series, -100.0, 100.0)
    assert [point.n for point in line.points] == [part.n for part in series]
    if line.n < 5:
        assert all(point.value is None for point in line.points)
        return
    for value, low, high in map(figures, line.points):
        assert -100.0 <= low <= value <= high <= 100.0
        assert low < high
    assert line.step is None or 0.0 <= line.step <= 100.0
    assert line == smooth(series, -100.0, 100.0)


@pytest.mark.parametrize("step", [0.0, 1.0, 4.0])
def test_the_interval_holds_the_level_about_nineteen_times_in_twenty(step: float) -> None:
    random = np.random.default_rng(11)
    held: list[bool] = []
    for _ in range(25):
        level = np.clip(70.0 + np.cumsum(random.normal(0.0, step, 28)), 2.0, 98.0)
        n = random.poisson(8, 28) * (random.random(28) > 0.2)
        good = random.binomial(n, level / 100.0)
        rows = zip(n.tolist(), (100.0 * good).tolist(), (1e4 * good).tolist(), strict=True)
        line = smooth([Moments(*row) for row in rows], 0.0, 100.0)
        held += [p.low <= x <= p.high for p, x in zip(line.points, level, strict=True)]
    assert np.mean(held) >= 0.92
