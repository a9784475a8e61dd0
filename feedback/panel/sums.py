"""From the panel's answers to the sums over customers that widened intervals take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.panel.answers import Answers, Mask, Numbers
from feedback.statistics.clustered import Clusters
from feedback.statistics.columns.clustered import ClusterColumns, SharedColumns
from feedback.statistics.columns.distinct import distinct
from feedback.statistics.columns.moments import MomentColumns
from feedback.statistics.columns.parted import PartedColumns, PartedTable
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import Cell
from feedback.themes.catalogue import Catalogue

_PARTS = 1000.0
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The answers in one metric, customer by customer: their places, at which of `touchpoints`
    (ids, in order) each was given, whose they are (numbered from 0) and the points.

    `many`, `total` and `squares` are sums over each customer's answers, by number.
    """

    metric: Metric
    places: Numbers
    touchpoints: Numbers
    at: Numbers
    who: Numbers
    points: Values
    many: Values
    total: Values
    squares: Values

    @property
    def twice(self) -> bool:
        """Whether anybody answered more than once."""
        return bool((self.many > 1.0).any())

    @property
    def whole(self) -> Clusters:
        """The customers of all answers."""
        everybody = _Groups(np.zeros(len(self.many), np.int64), 1)
        return _clusters(everybody, self.many, self.total, self.squares).row(0)


class _Groups:
    """Rows that stand group by group, in the order of these numbers below `size`."""

    def __init__(self, groups: Numbers, size: int) -> None:
        self._starts = np.flatnonzero(_begins(groups))
        self._there, self._size = groups[self._starts], size

    def sum(self, values: Values) -> Values:
        """The sum of each group's values, by its number."""
        found = np.zeros(self._size)
        found[self._there] = np.add.reduceat(values, self._starts)
        return found


def asked(answers: Answers) -> Iterator[Asked]:
    """The answers metric by metric; points in thousandths, whose sums are exact."""
    for metric in Metric:
        places = np.flatnonzero(answers.metric == answers.place(metric.value))
        if not len(places):
            continue
        places = places[np.argsort(answers.who[places])]
        who = np.cumsum(_begins(answers.who[places])) - 1
        touchpoint = answers.touchpoint[places]
        touchpoints = distinct(touchpoint)
        at = np.searchsorted(touchpoints, touchpoint)
        points = answers.points[places].astype(np.float64)
        yield Asked(metric, places, touchpoints, at, who, points, *_by(who, points))


def _begins(*ordered: Numbers) -> Mask:
    """Where something else begins in columns that are in order: another in any of them."""
    found = np.ones(len(ordered[0]), np.bool_)
    found[1:] = np.any([column[1:] != column[:-1] for column in ordered], axis=0)
    return found


def _by(groups: Numbers, points: Values) -> tuple[Values, Values, Values]:
    """How many answers each group has, the sum of their points, and of the squares."""
    many, total, squares = (
        np.bincount(groups, weights).astype(np.float64, copy=False)
        for weights in (None, points, points * points)
    )
    return many, total, squares


def _clusters(groups: _Groups, many: Values, total: Values, squares: Values) -> ClusterColumns:
    """The sums of each group over rows that hold one customer's answers in it."""
    return ClusterColumns(
        MomentColumns(
            groups.sum(many), groups.sum(total) / _PARTS, groups.sum(squares) / _PARTS**2
        ),
        groups.sum(np.ones(len(many))),
        groups.sum(many * many),
        groups.sum(total * total) / _PARTS**2,
        groups.sum(many * total) / _PARTS,
    )


def placed(part: Asked, places: Mapping[int, str]) -> dict[str, Clusters]:
    """The customers of each place that a touchpoint's id belongs to."""
    if not places:
        return {}
    here = [places[one] for one in part.touchpoints.tolist()]
    names = sorted(set(here))
    group = np.array([names.index(one) for one in here], np.int64)[part.at]
    cells, _, sums = _paired(group, part.who, part.points)
    found = _clusters(_Groups(cells, len(names)), *sums)
    return {name: found.row(place) for place, name in enumerate(names)}


def _paired(
    groups: Numbers, who: Numbers, points: Values
) -> tuple[Numbers, Numbers, tuple[Values, Values, Values]]:
    """Each customer in each group once: the group, the customer, and the sums there.

    The customers are in order, and stay so in each group.
    """
    # a few groups fit in 16 bits, and such numbers are put in order at once
    narrow = groups.astype(np.min_scalar_type(groups.max(initial=0)))
    order = np.argsort(narrow, kind="stable")
    groups, who = groups[order], who[order]
    new = _begins(groups, who)
    return groups[new], who[new], _by(np.cumsum(new) - 1, points[order])


def spoken(
    part: Asked, answers: Answers, touchpoints: Mapping[int, str], themes: Catalogue, praise: bool
) -> PartedTable:
    """The customers of each touchpoint (by id) and theme, of the rest, and what the two share."""
    words = sorted({themes.shown(word) for word in answers.words})
    hidden = np.array([themes.is_hidden(word) for word in words], np.bool_)
    as_ = np.array([words.index(themes.shown(word)) for word in answers.words], np.int64)
    said, theme = _once(part, answers, as_, hidden, praise)
    if not len(said):
        return PartedTable.of({})
    place = part.at[said] * len(words) + theme
    heard = np.bincount(place) > 0
    group = (np.cumsum(heard) - 1)[place]
    parted = _parted(part, *_paired(group, part.who[said], part.points[said]))
    at, named = np.divmod(np.flatnonzero(heard), len(words))
    pairs = zip(part.touchpoints[at].tolist(), named.tolist(), strict=True)
    return PartedTable([Cell(touchpoints[one], words[theme]) for one, theme in pairs], parted)


def _once(
    part: Asked, answers: Answers, as_: Numbers, hidden: Mask, praise: bool
) -> tuple[Numbers, Numbers]:
    """Who of a metric's answers speaks of what, each theme once; answers by their number in it."""
    number = np.full(len(answers), -1, np.int64)
    number[part.places] = np.arange(len(part.places))
    by, theme = number[answers.said_by], as_[answers.theme]
    kept = (answers.praise == int(praise)) & (by >= 0) & ~hidden[theme]
    once = distinct(by[kept] * len(hidden) + theme[kept])
    return once // len(hidden), once % len(hidden)


def _parted(
    part: Asked, cells: Numbers, who: Numbers, sums: tuple[Values, Values, Values]
) -> PartedColumns:
    """The rest of each cell and what both share, from the customers' own sums less the cell's."""
    m, s, _ = sums
    size, whole = int(cells[-1]) + 1, part.whole
    groups = _Groups(cells, size)
    many, total = part.many[who], part.total[who]
    cell = _clusters(groups, *sums)
    both = groups.sum((many > m).astype(np.float64))
    m_m, s_s = groups.sum(m * many), groups.sum(s * total) / _PARTS**2
    m_s, s_m = groups.sum(m * total) / _PARTS, groups.sum(s * many) / _PARTS
    rest = ClusterColumns(
        MomentColumns.alike(whole.points, size) - cell.points,
        whole.customers - cell.customers + both,
        whole.sizes - 2.0 * m_m + cell.sizes,
        whole.totals - 2.0 * s_s + cell.totals,
        whole.crossed - m_s - s_m + cell.crossed,
    )
    crossed = cell.crossed
    shared = (both, m_m - cell.sizes, s_s - cell.totals, m_s - crossed, s_m - crossed)
    return PartedColumns(cell, rest, SharedColumns(*shared))
