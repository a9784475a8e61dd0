"""From columns to sums: points by touchpoint, by theme, and by two themes said at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feedback.cells.adding import Parts, added, moments, times
from feedback.cells.columns import Numbers, matched
from feedback.cells.items import COSTS, PAIRS, Kind
from feedback.cells.layout import Layout
from feedback.cells.placed import Placed, placed, slices
from feedback.cells.told import Told
from feedback.reporting.sources import BOTTOM_CLASSES, TOP_CLASSES
from feedback.statistics.columns.distinct import distinct


@dataclass(frozen=True, slots=True)
class _Earned:
    """The mean points of a response in a metric; `whose` is the response at the touchpoint."""

    whose: Numbers
    metric: Numbers
    points: Numbers
    spread: Placed


@dataclass(frozen=True, slots=True)
class _Said:
    """A theme that a response speaks well or badly of, once."""

    whose: Numbers
    theme: Numbers
    feeling: Numbers


def scored(told: Told, layout: Layout) -> Parts:
    """Points, classes and values of scores, and the points of who speaks of each theme."""
    earned, said = _earned(told, layout), _said(told)
    metric = earned.metric[earned.spread.row]
    at = earned.spread.at + layout.name(Kind.POINTS_N, metric)
    yield from moments(at, earned.points[earned.spread.row], layout.codes.kind)
    yield from _tallies(told, layout)
    yield from _themes(told, layout, earned, said)
    yield _pairs(told, layout, earned, said)


def _spread(told: Told, layout: Layout, rows: Numbers) -> Placed:
    scores, responses = told.scores, told.responses
    of = scores.response[rows]
    where = (scores.day[rows], slices(told, layout)[of], scores.touchpoint[rows])
    return placed(told, layout, *where, responses.customer[of])


def _tallies(told: Told, layout: Layout) -> Parts:
    scores, spread = told.scores, _spread(told, layout, np.arange(len(told.scores.value)))
    top, bottom = (
        np.isin(scores.grade, [*told.names.words.of(classes)]).astype(np.int64)[spread.row]
        for classes in (TOP_CLASSES, BOTTOM_CLASSES)
    )
    value = scores.value[spread.row]
    columns = [top, bottom, np.ones_like(value), value, value * value]
    metric = scores.metric[spread.row]
    yield from added(spread.at + layout.name(Kind.TOP, metric), columns, layout.codes.kind)
    yield times(spread.at + layout.name(Kind.VALUE, metric, scores.asked[spread.row]))


def _whose(told: Told, response: Numbers, touchpoint: Numbers) -> Numbers:
    """One number for a response at a touchpoint."""
    places = distinct(np.append(told.scores.touchpoint, told.comments.touchpoint))
    return response * len(places) + np.searchsorted(places, touchpoint)


def _earned(told: Told, layout: Layout) -> _Earned:
    """One number a response and metric: its points in thousandths, halves rounded up."""
    scores = told.scores
    whose = _whose(told, scores.response, scores.touchpoint)
    same = (whose * len(told.names.words) + scores.metric) * len(layout.spans)
    same += layout.day(scores.day)
    _, first, group = np.unique(same, return_index=True, return_inverse=True)
    n = np.bincount(group, minlength=len(first))
    total = np.zeros(len(first), np.int64)
    np.add.at(total, group, scores.points)
    points = (2 * total + n) // np.maximum(2 * n, 1)
    return _Earned(whose[first], scores.metric[first], points, _spread(told, layout, first))


def _said(told: Told) -> _Said:
    """Each response with each theme it speaks well or badly of, once."""
    mentions, comments, words = told.mentions, told.comments, told.names.words
    response = comments.response[mentions.comment]
    kept = np.isin(mentions.sentiment, [*words.of(COSTS)]) & (response >= 0)
    whose = _whose(told, response, comments.touchpoint[mentions.comment])
    each = (whose * len(words) + mentions.theme) * len(words) + mentions.sentiment
    rest, feeling = np.divmod(distinct(each[kept]), len(words))
    return _Said(*np.divmod(rest, len(words)), feeling)


def _themes(told: Told, layout: Layout, earned: _Earned, said: _Said) -> Parts:
    row, what = matched(earned.whose[earned.spread.row], said.whose)
    of = earned.spread.row[row]
    for feeling, kind in COSTS.items():
        so = said.feeling[what] == told.names.words[feeling]
        name = layout.name(kind, said.theme[what][so], earned.metric[of][so])
        yield from moments(
            earned.spread.at[row][so] + name, earned.points[of][so], layout.codes.kind
        )


def _pairs(told: Told, layout: Layout, earned: _Earned, said: _Said) -> tuple[Numbers, Numbers]:
    words = told.names.words
    rank = np.argsort(np.argsort(np.array(list(words), object)))
    of = said.whose * len(words) + said.feeling
    one, other = matched(of, of)
    ordered = rank[said.theme[one]] < rank[said.theme[other]]
    one, other = one[ordered], other[ordered]
    row, pair = matched(earned.whose[earned.spread.row], said.whose[one])
    kinds = np.zeros((len(words), len(words)), np.int64)
    for (feeling, metric), number in PAIRS.items():
        kinds[words[feeling], words[metric]] = number
    kind = kinds[said.feeling[one][pair], earned.metric[earned.spread.row[row]]]
    name = layout.name(kind, said.theme[one][pair], said.theme[other][pair])
    return times(earned.spread.at[row] + name)
