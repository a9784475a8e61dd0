"""Themes' effects on a score with one another's share taken out, and what can't be told apart.

Ridge regression (Hoerl & Kennard 1970) from XᵀX, Xᵀy and yᵀy alone, with `adjusted`'s penalty.
The interval is the one that Wahba (1983) takes from the penalty read as a prior, an effect of
one standard deviation of the noise: two themes that are always said together then get the
width that their unknown shares deserve.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from feedback.statistics import student
from feedback.statistics.adjusted import PENALTY, Effect
from feedback.statistics.collinear import dependence, tangled
from feedback.statistics.fdr import q_values
from feedback.statistics.gram import Gram, Matrix, Vector, agree
from feedback.statistics.impact import p_below
from feedback.statistics.intervals import UPPER, spread
from feedback.statistics.metrics import MIN_SHOWN
from feedback.statistics.sums import Moments


@dataclass(frozen=True, slots=True)
class Coefficient:
    """What saying a theme does to a response's points, the other themes being equal.

    `n` responses mention it. `effect` has the 95% interval, `p` is one-sided (below 0.025 just
    where the interval lies below 0), `q` its false discovery rate; None and 1 where too few
    mention it or don't. `inflation` is how many times the company of the other themes
    multiplies the variance; None for a theme that all or none mention.
    """

    theme: str
    n: int
    effect: Effect | None = None
    p: float | None = None
    q: float = 1.0
    inflation: float | None = None


@dataclass(frozen=True, slots=True)
class Tangle:
    """Themes whose effects the data can't tell apart, and the effect of saying all of them.

    `cost` is what they do to the score together: each effect times the share that says it.
    """

    themes: tuple[str, ...]
    effect: Effect
    cost: Effect


@dataclass(frozen=True, slots=True)
class Ridge:
    """The coefficients in the order of the themes, and the themes that can't be told apart."""

    n: int
    coefficients: tuple[Coefficient, ...] = ()
    tangles: tuple[Tangle, ...] = ()


@dataclass(frozen=True, slots=True)
class _Solved:
    """Coefficients (k,), their covariance (k, k), the degrees of freedom, and centred XᵀX."""

    beta: Vector
    covariance: Matrix
    degrees: float
    square: Matrix

    def effect(self, places: Sequence[int], shares: Vector | None = None) -> Effect:
        """The effect of saying all themes at these places, each times its share if given."""
        weights = np.ones(len(places)) if shares is None else shares[list(places)]
        value = float(weights @ self.beta[list(places)])
        variance = float(weights @ self.covariance[np.ix_(places, places)] @ weights)
        half = student.quantile(UPPER, self.degrees) * math.sqrt(max(0.0, variance))
        return Effect(value, value - half, value + half)


def _solve(grams: Sequence[Gram], whole: Moments, prior: float) -> _Solved:
    """Solve around each level's own mean; `prior` is the spread that keeps the noise above 0."""
    size = len(grams[0].themes)
    square, target, deviations = np.zeros((size, size)), np.zeros(size), 0.0
    for gram in grams:
        square += gram.centred
        target += gram.target
        deviations += gram.points.deviations
    inverse = np.asarray(np.linalg.inv(square + PENALTY * np.eye(size)), dtype=np.float64)
    beta = inverse @ target
    residual = max(0.0, float(deviations - 2.0 * beta @ target + beta @ square @ beta))
    free = whole.n - len(grams) - float(np.trace(inverse @ square))
    degrees = max(0.0, free) + 1.0
    return _Solved(beta, (residual + prior) / degrees * inverse, degrees, square)


def _coefficients(
    themes: Sequence[str], counts: Sequence[int], whole: Moments, solved: _Solved
) -> list[Coefficient]:
    """A coefficient a theme, not yet with its variance inflation and q."""
    found = []
    for place, (theme, n) in enumerate(zip(themes, counts, strict=True)):
        if min(n, whole.n - n) < MIN_SHOWN:
            found.append(Coefficient(theme, n))
            continue
        effect = solved.effect([place])
        p = p_below(effect.value, (effect.low, effect.high), solved.degrees)
        found.append(Coefficient(theme, n, effect, p))
    return found


def _finished(
    found: Sequence[Coefficient], inflation: Sequence[float | None]
) -> tuple[Coefficient, ...]:
    qs = iter(q_values([part.p for part in found if part.p is not None]))
    return tuple(
        replace(part, q=1.0 if part.p is None else next(qs), inflation=grown)
        for part, grown in zip(found, inflation, strict=True)
    )


def ridge(grams: Sequence[Gram], least: float, most: float) -> Ridge:
    """The adjusted effect of every theme, in points on the scale from `least` to `most`.

    Each of `grams` has a level of its own (give one a touchpoint, so that a bad touchpoint is
    not charged to its themes); all must have the same themes in the same order.
    """
    heard = [gram for gram in grams if gram.points.n]
    if not heard:
        return Ridge(0)
    agree(heard)
    themes = heard[0].themes
    whole = sum((gram.points for gram in heard), Moments())
    solved = _solve(heard, whole, spread(whole, least, most))
    counts = np.sum([gram.counts for gram in heard], axis=0).round()
    found = _coefficients(themes, counts.astype(int).tolist(), whole, solved)
    depends = dependence(solved.square)
    intervals = [(part.effect.low, part.effect.high) if part.effect else None for part in found]
    tangles = (
        Tangle(
            tuple(themes[place] for place in places),
            solved.effect(places),
            solved.effect(places, counts / whole.n),
        )
        for places in tangled(depends, intervals)
    )
    return Ridge(whole.n, _finished(found, depends.inflation), tuple(tangles))
