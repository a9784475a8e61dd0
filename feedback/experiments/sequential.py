"""Intervals for a difference that hold at every look, however often somebody looks.

A usual 95% interval holds at one look that was planned; who looks daily and stops at the first
"significant" day is wrong far oftener than one time in twenty. The intervals here are a confidence
sequence: with a probability of 95% they hold the truth at all looks together. They come from
Robbins' normal mixture: under a difference d the ratio

    L = sqrt(V / (V + t)) * exp((x - d)^2 t / (2 V (V + t)))

of the observed difference x (variance V, which shrinks as answers come) is a martingale that
exceeds 1/alpha at any time with a probability of at most alpha (Ville). Solved for d:

    x +- sqrt(V (V + t) / t * (2 ln(1 / alpha) + ln((V + t) / V)))

Sources: Robbins, "Statistical methods related to the law of the iterated logarithm", 1970; Johari,
Koomen, Pekelis, Walsh, "Always Valid Inference", Operations Research 2022; for estimated variances
Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, "Time-uniform central limit theory and asymptotic
confidence sequences", Annals of Statistics 2024.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

ALPHA = 0.05
MIN_EACH = 50
"""Answers of each variant from which a difference is shown: a mean of fewer is not yet normal."""
MIN_EVENTS = 10
"""Of a share: so many in whom it happened, and so many in whom not, both variants together."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One variant's values: their number, sum and sum of squares."""

    n: int
    total: float
    squares: float

    @property
    def mean(self) -> float:
        """The mean; 0 without any."""
        return self.total / self.n if self.n else 0.0

    @property
    def variance(self) -> float:
        """The variance of one value, from n - 1."""
        if self.n < 2:
            return 0.0
        return max(self.squares - self.total * self.total / self.n, 0.0) / (self.n - 1)


@dataclass(frozen=True, slots=True)
class Difference:
    """A variant less the control, with an interval that holds at every look."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether it is on one side of zero."""
        return self.low > 0 or self.high < 0


def share(n: int, happened: int) -> Sample:
    """A share as a sample of zeros and ones."""
    return Sample(n, float(happened), float(happened))


def half_width(variance: float, mixing: float, alpha: float = ALPHA) -> float:
    """Half of the interval's width; `variance` is the difference's, `mixing` its prior's."""
    spread = variance + mixing
    bound = 2 * math.log(1 / alpha) + math.log(spread / variance)
    return math.sqrt(variance * spread / mixing * bound)


def difference(
    control: Sample, variant: Sample, worth: float, alpha: float = ALPHA
) -> Difference | None:
    """The difference of the means; None while there is too little to say.

    `worth` is the size of a difference that one would care about: the interval is narrowest
    for differences of about that size, and holds for all.
    """
    if min(control.n, variant.n) < MIN_EACH:
        return None
    variance = control.variance / control.n + variant.variance / variant.n
    if variance <= 0:
        return None
    value = variant.mean - control.mean
    half = half_width(variance, worth * worth, alpha)
    return Difference(value, value - half, value + half)


def share_difference(
    control: Sample, variant: Sample, worth: float, alpha: float = ALPHA
) -> Difference | None:
    """The same for shares; None, too, while it happened to too few or to nearly all."""
    happened = control.total + variant.total
    if min(happened, control.n + variant.n - happened) < MIN_EVENTS:
        return None
    if min(control.n, variant.n) < MIN_EACH:
        return None
    found = difference(_smoothed(control), _smoothed(variant), worth, alpha)
    if found is None:
        return None
    value = variant.mean - control.mean
    return Difference(value, max(found.low, -1.0), min(found.high, 1.0))


def _smoothed(sample: Sample) -> Sample:
    """One more in whom it happened and one in whom it did not (Agresti and Caffo 2000).

    Only a variant in whom it never happened would look certain without them.
    """
    return Sample(sample.n + 2, sample.total + 1, sample.squares + 1)
