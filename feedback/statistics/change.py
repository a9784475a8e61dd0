"""Since when: one day from which a daily mean or share lies at another level than before.

The profile likelihood of every day the new level may have begun on is compared with no change
at all (Hinkley 1970). The p-value puts the days in random order, answers and all, and asks how
often their best day does as well (maximally selected statistics; Miller & Siegmund 1982), so
it has paid for looking at every day and for days that scatter more than their answers do. The
set of days is the smallest to hold 95% of the likelihood, every day being as likely beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.statistics.intervals import CONFIDENCE, spread
from feedback.statistics.metrics import MIN_SHOWN
from feedback.statistics.sums import Moments

ORDERS = 999
"""How many random orders of the days p is counted from, some 111 at once; the smallest p is one
in a thousand."""

LEVEL = 1.0 - CONFIDENCE
_AT_ONCE = 111
_TIE = 1e-9

Array = NDArray[np.float64]
Gain = Callable[[Array, Array], Array]


@dataclass(frozen=True, slots=True)
class Change:
    """The day a new level began, as a place in the series, and the levels before and since.

    `days` are the places that can't be told from it (95%), in order; `p` is for "no change on
    any day". `day` is None where no day is better than no change; then `before` holds all.
    `days` is empty and `p` None where no day has `MIN_SHOWN` answers on either side of it.
    """

    day: int | None
    days: tuple[int, ...]
    p: float | None
    before: Moments
    since: Moments

    @property
    def told(self) -> bool:
        """Whether the data tell a change from chance."""
        return self.day is not None and self.p is not None and self.p <= LEVEL


def _gaussian(noise: float, whole: float) -> Gain:
    """The log-likelihood gained by two normal levels of one variance, for every split.

    `noise` is the variance around one level; the gain is n/2·log(RSS/(RSS - between)).
    """

    def gain(n: Array, total: Array) -> Array:
        rest = np.maximum(whole - n, 1.0)
        gap = total - n * (total[..., -1:] / whole)
        between = gap**2 * whole / (np.maximum(n, 1.0) * rest)
        part = np.clip(between / (whole * noise), 0.0, 1.0 - 1e-12)
        return np.asarray(-0.5 * whole * np.log1p(-part))

    return gain


def _entropy(count: Array, n: Array) -> Array:
    """The binomial log-likelihood at its best share, kept finite at 0 and n."""
    share = count / np.maximum(n, 1.0)
    yes = count * np.log(np.where(share > 0.0, share, 1.0))
    return np.asarray(yes + (n - count) * np.log(np.where(share < 1.0, 1.0 - share, 1.0)))


def _binomial(n: Array, total: Array) -> Array:
    """The log-likelihood gained by two shares over one, for every split."""
    all_n, every = n[..., -1:], total[..., -1:]
    parts = _entropy(total, n) + _entropy(every - total, all_n - n)
    return np.maximum(0.0, parts - _entropy(every, all_n))


def _splits(n: Array, total: Array, gain: Gain) -> Array:
    """The gain of each place as the first of a new level; -inf where a side has too few."""
    before, totals = np.cumsum(n, axis=-1), np.cumsum(total, axis=-1)
    possible = (before >= MIN_SHOWN) & (before[..., -1:] - before >= MIN_SHOWN)
    gains = np.where(possible, gain(before, totals), -np.inf)
    return np.asarray(np.roll(gains, 1, axis=-1))


def _p(n: Array, total: Array, gain: Gain, best: float, seed: int, orders: int) -> float:
    """How often the best day of randomly ordered days gains as much as ours."""
    rng = np.random.default_rng(seed)
    as_good = 0
    for _ in range(orders // _AT_ONCE):
        shuffled = rng.permuted(np.tile(np.arange(len(n)), (_AT_ONCE, 1)), axis=1)
        gains = _splits(n[shuffled], total[shuffled], gain).max(axis=-1)
        as_good += int((gains >= best - _TIE).sum())
    return (1 + as_good) / (1 + orders)


def _dispersion(n: Array, total: Array, day: int, noise: float) -> float:
    """Days' scatter around the two levels over that of their answers, at least 1.

    Pearson's χ² of the days' means over their number less two (McCullagh & Nelder 1989).
    """
    chi, answered = 0.0, n > 0
    for side in (slice(None, day), slice(day, None)):
        part, sums = n[side], total[side]
        mean = sums.sum() / part.sum()
        chi += float((((sums - part * mean) ** 2)[part > 0] / part[part > 0]).sum())
    return max(1.0, chi / noise / max(1, int(answered.sum()) - 2))


def _likely(gains: Array, dispersion: float) -> tuple[int, ...]:
    """The smallest set of days to hold 95% of the (quasi-)likelihood; equals come together."""
    weights = np.exp((gains - gains.max()) / dispersion)
    order = np.argsort(-weights, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    least = weights[order][int(np.searchsorted(reached, CONFIDENCE - _TIE))]
    return tuple(int(day) for day in np.flatnonzero(weights >= least * (1.0 - _TIE)))


def _found(
    days: Sequence[Moments], gain: Gain, least: float, most: float, seed: int, orders: int
) -> Change:
    whole = sum(days, Moments())
    n = np.array([float(day.n) for day in days])
    total = np.array([day.total for day in days])
    gains = _splits(n, total, gain) if days else np.zeros(0)
    if not np.isfinite(gains).any():
        return Change(None, (), None, whole, Moments())
    best = float(gains.max())
    possible = tuple(int(day) for day in np.flatnonzero(np.isfinite(gains)))
    if best <= _TIE:
        return Change(None, possible, 1.0, whole, Moments())
    # of a gap without answers and the day that ends it, the day
    day = int(np.flatnonzero((gains >= best - _TIE) & (n > 0))[0])
    before, since = sum(days[:day], Moments()), sum(days[day:], Moments())
    half = (most - least) / 2.0
    noise = spread(Moments(whole.n, 0.0, before.deviations + since.deviations), -half, half)
    answered = n > 0
    p = _p(n[answered], total[answered], gain, best, seed, orders)
    likely = _likely(gains, _dispersion(n, total, day, noise))
    return Change(day, likely, p, before, since)


def of_mean(
    days: Sequence[Moments], least: float, most: float, seed: int = 1, orders: int = ORDERS
) -> Change:
    """Since when the mean of a scale from `least` to `most` lies elsewhere; a day an element.

    Days without answers are empty `Moments`. The same days give the same p for one `seed`.
    """
    whole = sum(days, Moments())
    noise = spread(whole, least, most) if whole.n else 1.0
    return _found(days, _gaussian(noise, float(max(1, whole.n))), least, most, seed, orders)


def of_share(days: Sequence[tuple[int, int]], seed: int = 1, orders: int = ORDERS) -> Change:
    """Since when a share lies elsewhere; each day is (how many of its answers, its answers)."""
    counted = [Moments(n, float(count), float(count)) for count, n in days]
    return _found(counted, _binomial, 0.0, 1.0, seed, orders)
