"""From the panel's answers to the sums over customers that widened intervals take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.panel.answers import Answers, Mask, Numbers
from feedback.statistics.clustered import Clusters, Shared
from feedback.statistics.clustered_difference import Parted
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import Moments
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
        (found,) = _clusters(nobody, self.many, self.total, self.squares, 1)
        return found


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
    return np.bincount(groups, values, size).astype(np.float64)


def _clusters(
    groups: Numbers, many: Values, total: Values, squares: Values, size: int
) -> list[Clusters]:
    """The sums of each group over rows that hold one customer's answers in it."""
    columns = [many, total, squares, many * many, total * total, many * total]
    customers = np.bincount(groups, minlength=size).tolist()
    summed = (_sum(groups, column, size).tolist() for column in columns)
    return [
        Clusters(
            Moments(int(n), points / _PARTS, square / _PARTS**2),
            people,
            sizes,
            totals / _PARTS**2,
            crossed / _PARTS,
        )
        for people, n, points, square, sizes, totals, crossed in zip(
            customers, *summed, strict=True
        )
    ]


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
    return {name: one for name, one in zip(names, found, strict=True) if one.points.n}


def _paired(
    groups: Numbers, who: Numbers, points: Values, width: int
) -> tuple[Numbers, Numbers, tuple[Values, Values, Values]]:
    """Each customer in each group once: the group, the customer, and the sums there."""
    pairs, inverse = np.unique(groups * width + who, return_inverse=True)
    return pairs // width, pairs % width, _by(inverse, points, len(pairs))


def spoken(
    part: Asked, answers: Answers, themes: Catalogue, praise: bool
) -> dict[tuple[int, str], Parted]:
    """The customers of each touchpoint and theme, of the rest, and what the two share."""
    words = sorted({themes.shown(word) for word in answers.words})
    hidden = np.array([themes.is_hidden(word) for word in words], np.bool_)
    as_ = np.array([words.index(themes.shown(word)) for word in answers.words], np.int64)
    said, theme = _once(part, answers, as_, hidden, praise)
    if not len(said):
        return {}
    place = answers.touchpoint[part.places[said]] * len(words) + theme
    cells, group = np.unique(place, return_inverse=True)
    parted = _parted(part, *_paired(group, part.who[said], part.points[said], len(part.many)))
    keys = ((int(cell) // len(words), words[int(cell) % len(words)]) for cell in cells)
    return dict(zip(keys, parted, strict=True))


def _once(
    part: Asked, answers: Answers, as_: Numbers, hidden: Mask, praise: bool
) -> tuple[Numbers, Numbers]:
    """Who of a metric's answers speaks of what, each theme once; answers by their number in it."""
    number = np.full(len(answers), -1, np.int64)
    number[part.places] = np.arange(len(part.places))
    by, theme = number[answers.said_by], as_[answers.theme]
    kept = (answers.praise == int(praise)) & (by >= 0) & ~hidden[theme]
    once = np.unique(by[kept] * len(hidden) + theme[kept])
    return once // len(hidden), once % len(hidden)


def _parted(
    part: Asked, cells: Numbers, who: Numbers, sums: tuple[Values, Values, Values]
) -> list[Parted]:
    """The rest of each cell and what both share, from the customers' own sums less the cell's."""
    m, s, _ = sums
    size, whole = int(cells.max()) + 1, part.whole
    many, total = part.many[who], part.total[who]
    columns: list[Values | Mask] = [
        many > m,
        m * many,
        s * total / _PARTS**2,
        m * total / _PARTS,
        s * many / _PARTS,
    ]
    across = zip(*(_sum(cells, column, size).tolist() for column in columns), strict=True)
    return [
        _rest(whole, cell, *numbers)
        for cell, numbers in zip(_clusters(cells, *sums, size), across, strict=True)
    ]


def _rest(
    whole: Clusters, cell: Clusters, both: float, m_m: float, s_s: float, m_s: float, s_m: float
) -> Parted:
    rest = Clusters(
        whole.points - cell.points,
        whole.customers - cell.customers + int(both),
        whole.sizes - 2.0 * m_m + cell.sizes,
        whole.totals - 2.0 * s_s + cell.totals,
        whole.crossed - m_s - s_m + cell.crossed,
    )
    crossed = cell.crossed
    shared = Shared(int(both), m_m - cell.sizes, s_s - cell.totals, m_s - crossed, s_m - crossed)
    return Parted(cell, rest, shared)
