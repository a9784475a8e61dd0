"""Whether two values of two attributes together go with more complaints than both explain.

The responses at a touchpoint are of four kinds by two values, such as the region North and the
carrier X: both, the first alone, the second alone, neither. A pair concentrates beyond its parts
if three things hold: more of those with both complain than of those with the first alone, than
of those with the second alone, and than the effects of the two would make of it together.

The third is Zelen's (1971) exact test of no interaction in a logistic model: given how many
complain with the first value, with the second, and in all (K1, K2, K), the number k with both
has a chance in proportion to the ways to choose,
C(n11, k) C(n10, K1 - k) C(n01, K2 - k) C(n00, K - K1 - K2 + k), and p is that of what was seen
or more. The other two are Fisher's. All must hold, so the largest p is that of the three
together (an intersection-union test, Berger 1982).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from feedback.statistics.metrics import FALSE_DISCOVERY_RATE
from feedback.statistics.sums import Cell
from feedback.statistics.two_shares import Count, p_more

AT_ONCE = 2**19
"""Numbers that are looked at in one step: some tens of MiB."""

Numbers = NDArray[np.int64]
Chances = NDArray[np.float64]


class Value(NamedTuple):
    """One value of one attribute."""

    attribute: str
    value: str


@dataclass(frozen=True, slots=True)
class Crossed:
    """Two values of two attributes, and the counts of the four kinds of responses they make.

    Only responses that have both attributes at all are counted; each kind has one.
    """

    cell: Cell
    first: Value
    second: Value
    both: Count
    first_alone: Count
    second_alone: Count
    neither: Count

    @property
    def counts(self) -> tuple[Count, Count, Count, Count]:
        """Both, the first alone, the second alone, neither."""
        return self.both, self.first_alone, self.second_alone, self.neither

    @property
    def outside(self) -> Count:
        """Those that don't have both values."""
        others = self.counts[1:]
        return Count(sum(one.said for one in others), sum(one.n for one in others))

    @property
    def highest(self) -> bool:
        """Whether more complain with both than with either alone."""
        return self.both.share > max(self.first_alone.share, self.second_alone.share)


def p_beyond(pairs: Sequence[Crossed]) -> list[float]:
    """The one-sided p of "no more than its parts explain", pair by pair.

    It is 1 where it can't be small: where not more complain with both than with either alone,
    and where the interaction's own p is above the false discovery rate.
    """
    ps = [1.0] * len(pairs)
    places = [place for place, one in enumerate(pairs) if one.highest]
    for place, p in zip(places, p_interaction([pairs[one] for one in places]), strict=True):
        if p <= FALSE_DISCOVERY_RATE:
            both, first, second, _ = pairs[place].counts
            ps[place] = max(p, p_more(both, first), p_more(both, second))
    return ps


def p_interaction(pairs: Sequence[Crossed]) -> list[float]:
    """Zelen's one-sided exact p of "no interaction", pair by pair."""
    if not pairs:
        return []
    counts = np.array([one.counts for one in pairs], np.int64)
    said, n = counts[:, :, 0], counts[:, :, 1]
    first, second, whole = said[:, 0] + said[:, 1], said[:, 0] + said[:, 2], said.sum(axis=1)
    none = np.zeros(len(pairs), np.int64)
    least = np.max([none, first - n[:, 1], second - n[:, 2], first + second - whole], axis=0)
    most = np.min([n[:, 0], first, second, n[:, 3] - whole + first + second], axis=0)
    columns = np.column_stack([said[:, 0], least, most, first, second, whole, n])
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n.max() + 1)))])
    # alike lengths together, so that little of a step is empty
    order, ps = np.argsort(most - least), np.empty(len(pairs))
    step = max(1, AT_ONCE // int((most - least).max() + 1))
    for start in range(0, len(pairs), step):
        rows = order[start : start + step]
        ps[rows] = _tails(columns[rows], logs)
    return [float(p) for p in ps]


def _tails(columns: Numbers, logs: Chances) -> Chances:
    """The chances of what was seen or more; `logs` holds the logarithms of factorials."""
    seen, least, most, first, second, whole, *n = (one[:, None] for one in columns.T)
    k = least + np.arange(int((most - least).max()) + 1)
    possible, k = k <= most, np.minimum(k, most)
    weights = np.zeros(k.shape)
    for size, said in zip(n, (k, first - k, second - k, whole - first - second + k), strict=True):
        weights -= logs[said] + logs[size - said]
    weights = np.where(possible, weights, -np.inf)
    chances = np.exp(weights - weights.max(axis=1, keepdims=True))
    return np.asarray((chances * (k >= seen)).sum(axis=1) / chances.sum(axis=1))
