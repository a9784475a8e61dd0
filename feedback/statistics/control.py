"""Which of many series left its expected range: score means and theme shares, period by period.

The earlier periods give what the latest should be, and how far periods scatter beyond what
their answers explain (Laney's 2002 p' chart; here by Pearson's χ² over its degrees of freedom,
McCullagh & Nelder 1989, so that t can pay for how few periods it comes from). Each series gets
a p, all of them q-values, and an excursion a key, so that it is told of once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

from feedback.statistics import student
from feedback.statistics.fdr import q_values
from feedback.statistics.intervals import UPPER, Interval, around, spread
from feedback.statistics.metrics import FALSE_DISCOVERY_RATE, MIN_SHOWN, SMALL_SCORE
from feedback.statistics.sums import Moments

MIN_DEGREES = 4
"""Fewer periods than this beyond one a phase: nothing is known of how periods scatter."""

_Found = tuple[float, Interval | None]
_NORMAL = NormalDist()
_SMALLEST = 1e-300
HALVINGS = 30


@dataclass(frozen=True, slots=True)
class Series:
    """A mean on a scale by period, oldest first, or a share: a mean of ones and zeros.

    Hand in what was before an excursion that is still open, else it comes to be expected.
    """

    key: str
    earlier: Sequence[Moments]
    latest: Moments
    scale: Interval = (0.0, 1.0)
    share: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The latest value of a series, and the 95% range expected of it (unit: the scale's).

    `n` counts the latest answers; `dispersion` is the scatter of periods over that of their
    answers, at least 1; `p` is two-sided, `q` over all series read together. All None: too few.
    """

    key: str
    n: int
    value: float | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    dispersion: float | None = None
    p: float | None = None
    q: float = 1.0

    @property
    def told(self) -> bool:
        """Whether the latest value is told from those before."""
        return self.told_at(FALSE_DISCOVERY_RATE)

    def told_at(self, rate: float) -> bool:
        """The same at another rate: who looks every day must be stricter than who looks once."""
        return self.p is not None and self.q <= rate

    @property
    def side(self) -> str | None:
        """`above` or `below` the expected range, None inside it or where nothing is known."""
        if self.value is None or self.low is None or self.high is None:
            return None
        if self.value > self.high:
            return "above"
        return "below" if self.value < self.low else None


@dataclass(frozen=True, slots=True)
class _Past:
    """What the earlier periods say: the level's sums, its noise, the dispersion and its degrees."""

    level: Moments
    noise: float
    dispersion: float
    degrees: int


def of_share(key: str, earlier: Sequence[tuple[int, int]], latest: tuple[int, int]) -> Series:
    """The series of a share, each period (how many of its answers, its answers)."""
    ones = [Moments(n, float(count), float(count)) for count, n in (*earlier, latest)]
    return Series(key, ones[:-1], ones[-1], share=True)


def _past(series: Series, season: int) -> _Past:
    """The level of the latest period's phase; the scatter of all phases about their own."""
    chi, answered, phases, ours, noise = 0.0, 0, 0, Moments(), 0.0
    for phase in range(season):
        periods = [period for period in series.earlier[phase::season] if period.n]
        if not periods:
            continue
        level = sum(periods, Moments())
        around_it = spread(level, *series.scale)
        chi += sum(part.n * (part.mean - level.mean) ** 2 for part in periods) / around_it
        answered, phases = answered + len(periods), phases + 1
        if phase == len(series.earlier) % season:
            ours, noise = level, around_it
    degrees = answered - phases
    return _Past(ours, noise, max(1.0, chi / max(1, degrees)), degrees)


def _tail(count: float, n: float, share: float) -> float:
    """P(X >= count) for a binomial share, half of P(X = count) left out; real numbers too."""
    most = student.incomplete_beta(count, n - count + 1.0, share) if count > 0.0 else 1.0
    least = student.incomplete_beta(count + 1.0, n - count, share) if count < n else 0.0
    return 0.5 * (most + least)


def _by_t(chance: float, degrees: int) -> float:
    """A one-sided chance with its normal score read as Student's t."""
    score = _NORMAL.inv_cdf(min(1.0 - 1e-16, max(_SMALLEST, chance)))
    return student.cdf(score, float(degrees))


def _share_tails(past: _Past, n: int) -> Callable[[float], tuple[float, float]]:
    """The chances of a count as low and as high, from an effective number of answers.

    n over dispersion·(1 + n/N) answers have the variance that n have, given N before them
    (Korn & Graubard 1998); half a yes and half a no are added to the N.
    """
    share = (past.level.total + 0.5) / (past.level.n + 1.0)
    excess = past.dispersion * (1.0 + n / past.level.n)

    def tails(count: float) -> tuple[float, float]:
        k, size = count / excess, n / excess
        if k > size * share:
            high = _by_t(_tail(k, size, share), past.degrees)
            return 1.0 - high, high
        low = _by_t(_tail(size - k, size, 1.0 - share), past.degrees)
        return low, 1.0 - low

    return tails


def _edge(chance: Callable[[float], float], inside: float, outside: float, halvings: int) -> float:
    """Where, going from a count inside the range outwards, the chance falls to 2.5%."""
    if chance(outside) > 1.0 - UPPER:
        return outside
    for _ in range(halvings):
        middle = (inside + outside) / 2.0
        inside, outside = (middle, outside) if chance(middle) > 1.0 - UPPER else (inside, middle)
    return inside


def _of_share(past: _Past, latest: Moments, sparing: bool, halvings: int) -> _Found:
    """The two-sided p of the latest share, and the range it was expected in."""
    n, tails, expected = latest.n, _share_tails(past, latest.n), past.level.mean
    p = 2.0 * min(*tails(latest.total), 0.5)
    if sparing and p > 2.0 * (1.0 - UPPER):
        return p, None
    low = _edge(lambda count: tails(count)[0], n * expected, 0.0, halvings)
    high = _edge(lambda count: tails(count)[1], n * expected, float(n), halvings)
    return p, (low / n, high / n)


def _of_mean(past: _Past, latest: Moments) -> _Found:
    """The two-sided p of the latest mean, and the range it was expected in, by Student's t."""
    scale = past.noise * past.dispersion * (1.0 / latest.n + 1.0 / past.level.n)
    error, expected = math.sqrt(scale), past.level.mean
    reach = student.quantile(UPPER, float(past.degrees)) * error
    p = 2.0 * student.cdf(-abs(latest.mean - expected) / error, float(past.degrees))
    return p, (expected - reach, expected + reach)


def _read(series: Series, season: int, sparing: bool, halvings: int) -> Reading:
    latest, past = series.latest, _past(series, season)
    if latest.n < MIN_SHOWN or past.level.n < SMALL_SCORE or past.degrees < MIN_DEGREES:
        return Reading(series.key, latest.n)
    p, wide = _of_share(past, latest, sparing, halvings) if series.share else _of_mean(past, latest)
    expected = past.level.mean
    low, high = around(expected, *wide, *series.scale) if wide else (None, None)
    return Reading(series.key, latest.n, latest.mean, expected, low, high, past.dispersion, p)


def read(
    series: Sequence[Series], season: int = 1, sparing: bool = False, halvings: int = HALVINGS
) -> list[Reading]:
    """Read every series, in the given order, with q over those that have a p.

    `season` periods make a cycle: with days and 7, a Monday is expected to be as Mondays were.
    `sparing` leaves the range of shares that lie inside it out, which takes most of the time; each
    of its edges is found by so many `halvings`.
    """
    readings = [_read(one, season, sparing, halvings) for one in series]
    qs = iter(q_values([found.p for found in readings if found.p is not None]))
    return [found if found.p is None else replace(found, q=next(qs)) for found in readings]
