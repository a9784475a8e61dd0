"""Scores where a customer answers more than once: answers of one person are not independent.

Each figure is a ratio R = ΣS_c/Σm_c over customers c, with m_c their responses and S_c the sum
of their points, so its linearised (cluster-robust) variance needs sums over customers alone
(Cochran 1977, 6.3; Kish & Frankel 1974). Where each customer has one response it is the usual
variance of a mean, and every interval here is the usual one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from feedback.statistics import student
from feedback.statistics.intervals import UPPER
from feedback.statistics.sums import Moments

ALIKE = 1e-12
"""Squared deviations below this part of the squares are rounding: all answers agree."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """The responses of one cell, and the sums over its customers.

    `points` are the responses' moments; with m_c responses of customer c and S_c the sum of
    their points, `sizes` is Σm_c², `totals` ΣS_c² and `crossed` Σm_c·S_c. They add up over
    shards of customers; cells or days that share customers
    do not: see `columns.clustered.joined`.
    """

    points: Moments = field(default_factory=Moments)
    customers: int = 0
    sizes: float = 0.0
    totals: float = 0.0
    crossed: float = 0.0

    @classmethod
    def of(cls, customers: Iterable[Sequence[float]]) -> Clusters:
        """The sums of these customers' points, one sequence a customer, empty ones left out."""
        groups = [group for group in customers if group]
        pairs = [(len(group), math.fsum(group)) for group in groups]
        return cls(
            Moments.of(value for group in groups for value in group),
            len(groups),
            float(sum(m * m for m, _ in pairs)),
            sum(total * total for _, total in pairs),
            sum(m * total for m, total in pairs),
        )

    def __add__(self, other: Clusters) -> Clusters:
        return Clusters(
            self.points + other.points,
            self.customers + other.customers,
            self.sizes + other.sizes,
            self.totals + other.totals,
            self.crossed + other.crossed,
        )

    @property
    def effective_customers(self) -> float:
        """(Σm_c)²/Σm_c²: so many customers of equal weight (Kish 1965); of none it is 0."""
        return self.points.n**2 / self.sizes if self.sizes else 0.0

    @property
    def squared(self) -> float:
        """Σ(S_c - R·m_c)², the squared linearised residuals, in points²."""
        rate = self.points.mean
        return max(0.0, self.totals - 2.0 * rate * self.crossed + rate * rate * self.sizes)

    @property
    def degrees(self) -> float:
        """Degrees of freedom of t: effective customers less one (Carter et al. 2017), from 1."""
        return max(1.0, self.effective_customers - 1.0)


@dataclass(frozen=True, slots=True)
class Shared:
    """What the customers of two cells a and b have in common: sums over those in both.

    `customers` counts them; `sizes` is Σm_a·m_b, `totals` ΣS_a·S_b, `first` Σm_a·S_b and
    `second` ΣS_a·m_b. Nobody in both: all zero. No response may be in both cells.
    """

    customers: int = 0
    sizes: float = 0.0
    totals: float = 0.0
    first: float = 0.0
    second: float = 0.0

    @classmethod
    def of(cls, pairs: Iterable[tuple[Sequence[float], Sequence[float]]]) -> Shared:
        """The sums of these customers, each by their points in a and their points in b."""
        both = [(len(a), sum(a), len(b), sum(b)) for a, b in pairs if a and b]
        return cls(
            len(both),
            float(sum(m_a * m_b for m_a, _, m_b, _ in both)),
            sum(s_a * s_b for _, s_a, _, s_b in both),
            sum(m_a * s_b for m_a, _, _, s_b in both),
            sum(s_a * m_b for _, s_a, m_b, _ in both),
        )


@dataclass(frozen=True, slots=True)
class Parted:
    """The customers of one cell, of all other responses, and what the two have in common."""

    cell: Clusters = field(default_factory=Clusters)
    rest: Clusters = field(default_factory=Clusters)
    shared: Shared = field(default_factory=Shared)


def variance(cell: Clusters) -> float | None:
    """The cluster-robust variance of the mean, in points²; None: one customer, or none.

    Σ(S_c - R·m_c)²/n² times g/(g - 1), g the effective customers: unbiased where answers are
    independent after all, which is what Bell & McCaffrey (2002) ask of a correction. Equal
    m_c make it G/(G - 1), and m_c = 1 makes the whole s²/n.
    """
    g = cell.effective_customers
    if cell.customers < 2 or g <= 1.0:
        return None
    return cell.squared / cell.points.n**2 * g / (g - 1.0)


def design_effect(cell: Clusters) -> float:
    """The variance over that of as many independent answers (Kish 1965); 1 where m_c = 1.

    Where all answers agree, or come from one customer, nothing tells how alike a customer's
    are, and they count as one: Σm_c²/n. Of no answers it is 1.
    """
    points, robust = cell.points, variance(cell)
    if points.n == 0:
        return 1.0
    if robust is None or points.deviations <= ALIKE * points.squares:
        return cell.sizes / points.n
    return robust * points.n * (points.n - 1.0) / points.deviations


def intra_customer(cell: Clusters, own: float) -> float | None:
    """How alike one customer's answers are: the ANOVA estimator of intra-class correlation.

    `own` is ΣS_c²/m_c. 1: each says the same each time; 0: no more alike than strangers' (a
    sample may fall below). None where nobody answered twice, there is one customer, or all
    answers agree. Source: Donner (1986); Ridout, Demétrio & Firth (1999).
    """
    points, customers = cell.points, cell.customers
    if customers < 2 or points.n == customers or points.deviations <= ALIKE * points.squares:
        return None
    between = max(0.0, own - points.total**2 / points.n) / (customers - 1.0)
    within = max(0.0, points.squares - own) / (points.n - customers)
    size = (points.n - cell.sizes / points.n) / (customers - 1.0)
    return (between - within) / (between + (size - 1.0) * within)


def stretch(cell: Clusters) -> float:
    """How many times as long this cell's margins are as those of independent answers.

    √(design effect), and t with `degrees` over t with n - 1. The design effect counts as 1 at
    least: chance alone makes one customer's answers look opposed.
    """
    wider = math.sqrt(max(1.0, design_effect(cell)))
    wider *= student.quantile(UPPER, cell.degrees)
    return wider / student.quantile(UPPER, max(1.0, cell.points.n - 1.0))
