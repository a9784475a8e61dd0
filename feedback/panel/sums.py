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
    """The answers in one metric: their places, whose they are (numbered from 0) and the points.

    `many`, `total` and `squares` are sums over each customer's answers, by number.
    """

    metric: Metric
    places: Numbers
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
        nobody = np.zeros(len(self.many), np.int64)
        return _clusters(nobody, self.many, self.total, self.squares, 1).row(0)


def asked(answers: Answers) -> Iterator[Asked]:
    """The answers metric by metric; points in thousandths, whose sums are exact."""
    for metric in Metric:
        places = np.flatnonzero(answers.metric == answers.place(metric.value))
        if not len(places):
            continue
        _, who = np.unique(answers.who[places], return_inverse=True)
        points = answers.points[places].astype(np.float64)
        many, total, squares = _by(who, points, int(who.max()) + 1)
        yield Asked(metric, places, who, points, many, total, squares)


def _by(groups: Numbers, points: Values, size: int) -> tuple[Values, Values, Values]:
    """How many answers each group has, the sum of their points, and of the squares."""
    return (
        _sum(groups, np.ones(len(points)), size),
        _sum(groups, points, size),
        _sum(groups, points * points, size),
    )


def _sum(groups: Numbers, values: Values | Mask, size: int) -> Values:
    return np.bincount(groups, values, size).astype(np.float64, copy=False)


def _clusters(
    groups: Numbers, many: Values, total: Values, squares: Values, size: int
) -> ClusterColumns:
    """The sums of each group over rows that hold one customer's answers in it."""
    return ClusterColumns(
        MomentColumns(
            _sum(groups, many, size),
            _sum(groups, total, size) / _PARTS,
            _sum(groups, squares, size) / _PARTS**2,
        ),
        np.bincount(groups, minlength=size).astype(np.float64),
        _sum(groups, many * many, size),
        _sum(groups, total * total, size) / _PARTS**2,
        _sum(groups, many * total, size) / _PARTS,
    )


def placed(part: Asked, answers: Answers, places: Mapping[int, str]) -> dict[str, Clusters]:
    """The customers of each place that a touchpoint's id belongs to."""
    names = sorted(set(places.values()))
    if not names:
        return {}
    ids = np.array(sorted(places), np.int64)
    of_id = np.array([names.index(places[one]) for one in ids.tolist()], np.int64)
    group = of_id[np.searchsorted(ids, answers.touchpoint[part.places])]
    cells, _, sums = _paired(group, part.who, part.points, len(part.many))
    found = _clusters(cells, *sums, len(names))
    heard = np.flatnonzero(found.points.n).tolist()
    return {names[place]: found.row(place) for place in heard}


def _paired(
    groups: Numbers, who: Numbers, points: Values, width: int
) -> tuple[Numbers, Numbers, tuple[Values, Values, Values]]:
    """Each customer in each group once: the group, the customer, and the sums there."""
    pairs, inverse = np.unique(groups * width + who, return_inverse=True)
    return pairs // width, pairs % width, _by(inverse, points, len(pairs))


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
    place = answers.touchpoint[part.places[said]] * len(words) + theme
    named, group = np.unique(place, return_inverse=True)
    whole = part.whole
    parted = _parted(
        part, whole, *_paired(group, part.who[said], part.points[said], len(part.many))
    )
    pairs = zip((named // len(words)).tolist(), (named % len(words)).tolist(), strict=True)
    return PartedTable([Cell(touchpoints[at], words[theme]) for at, theme in pairs], parted)


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
    part: Asked,
    whole: Clusters,
    cells: Numbers,
    who: Numbers,
    sums: tuple[Values, Values, Values],
) -> PartedColumns:
    """The rest of each cell and what both share, from the customers' own sums less the cell's."""
    m, s, _ = sums
    size = int(cells.max()) + 1
    many, total = part.many[who], part.total[who]
    cell = _clusters(cells, *sums, size)
    both = _sum(cells, many > m, size)
    m_m, s_s = _sum(cells, m * many, size), _sum(cells, s * total, size) / _PARTS**2
    m_s, s_m = _sum(cells, m * total, size) / _PARTS, _sum(cells, s * many, size) / _PARTS
    rest = ClusterColumns(
        MomentColumns.of([whole.points] * size) - cell.points,
        whole.customers - cell.customers + both,
        whole.sizes - 2.0 * m_m + cell.sizes,
        whole.totals - 2.0 * s_s + cell.totals,
        whole.crossed - m_s - s_m + cell.crossed,
    )
    crossed = cell.crossed
    shared = (both, m_m - cell.sizes, s_s - cell.totals, m_s - crossed, s_m - crossed)
    return PartedColumns(cell, rest, SharedColumns(*shared))
