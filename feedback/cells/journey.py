"""From whole numbers to the sums that statistics take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress

import numpy as np

from feedback.cells.items import COSTS, MOOD, PAIRS, POINT, SPOKEN, Items, Kind
from feedback.cells.named import Named
from feedback.cells.packed import mask_of
from feedback.statistics.columns.moments import Column, MomentColumns, Places
from feedback.statistics.columns.table import CellTable, PairTable
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import JourneySums, Moments, Tally, TouchpointSums

_METRICS = {metric.value: metric for metric in Metric}
_EMPTY = Moments()
_SPOKEN = (Kind.MENTIONS, Kind.NEGATIVE, Kind.POSITIVE, Kind.VOICES, Kind.PRAISES)
_EARNED = range(Kind.COST_N, Kind.PAIR_NPS)
_SAID = mask_of((*_SPOKEN, *_EARNED))
"""Which kinds are of a theme alone."""


def journey_of(named: Named, touchpoints: Mapping[int, str], feeling: str) -> JourneySums:
    """The sums of a journey; `feeling` says whether what hurts is counted, or what delights."""
    parts = _Parts(named, touchpoints)
    return JourneySums(parts.heard, parts.cells(feeling), parts.pairs(feeling))


def journeys_of(named: Named, touchpoints: Mapping[int, str]) -> tuple[JourneySums, JourneySums]:
    """The sums of what hurts, and of what delights."""
    parts = _Parts(named, touchpoints)
    hurts, delights = (
        JourneySums(parts.heard, parts.cells(one), parts.pairs(one))
        for one in ("negative", "positive")
    )
    return hurts, delights


class _Parts:
    """Sums sorted into what they are of: touchpoints one by one, cells and pairs as columns.

    Touchpoints and themes have the places of their names in order.
    """

    def __init__(self, named: Named, touchpoints: Mapping[int, str]) -> None:
        spoken = _SAID[named.kind]
        paired = named.kind >= Kind.PAIR_NPS
        heard = np.zeros(len(named.words), np.bool_)
        heard[named.first[spoken | paired]] = heard[named.second[paired]] = True
        # a pack names all touchpoints of its shelf, those of other journeys too
        keys = [touchpoints.get(one, "") for one in named.touchpoints]
        there = np.flatnonzero(np.bincount(named.at, minlength=len(keys)))
        self.touchpoints = sorted(keys[place] for place in there.tolist())
        self.themes = sorted(compress(named.words, heard.tolist()))
        at = _places(self.touchpoints, keys)
        of = _places(self.themes, named.words)
        self._kind, self._value = named.kind, named.value
        self._at, self._first, self._second = at[named.at], of[named.first], of[named.second]
        self._metric = named.second
        self._metrics = {word: place for place, word in enumerate(named.words)}
        self._cell = np.sort(self._code(np.flatnonzero(named.kind == Kind.MENTIONS)))
        self.heard = _heard(named.only(~(spoken | paired)), touchpoints)

    def _code(self, rows: Places) -> Places:
        """Each cell's number, in the order of the cells."""
        return self._at[rows] * len(self.themes) + self._first[rows]

    def _counts(self, kind: int, metric: int | None = None) -> Column:
        """One kind of number of every cell, 0 where there is none."""
        found = np.zeros(len(self._cell))
        rows = self._kind == kind
        if metric is not None:
            rows &= self._metric == metric
        code = self._code(np.flatnonzero(rows))
        place = np.minimum(np.searchsorted(self._cell, code), max(0, len(self._cell) - 1))
        known = self._cell[place] == code if len(self._cell) else np.zeros(len(code), bool)
        found[place[known]] = self._value[rows][known]
        return found

    def cells(self, feeling: str) -> CellTable:
        """What was said of each theme at each touchpoint, with one feeling."""
        said, voices = SPOKEN[feeling]
        width = max(1, len(self.themes))
        return CellTable(
            self.touchpoints,
            self.themes,
            self._cell // width,
            self._cell % width,
            (self._counts(Kind.MENTIONS), self._counts(said), self._counts(voices)),
            {metric: self._points(COSTS[feeling], metric) for metric in Metric},
        )

    def _points(self, kind: int, metric: Metric) -> MomentColumns:
        place = self._metrics.get(metric)
        if place is None:
            return MomentColumns.none(len(self._cell))
        n, total, squares = (self._counts(kind + part, place) for part in range(3))
        return MomentColumns(n, total / POINT, squares / (POINT * POINT))

    def pairs(self, feeling: str) -> PairTable:
        """Who speaks of two themes at once, with one feeling."""
        rows = {}
        for metric in Metric:
            here = self._kind == PAIRS[feeling, metric.value]
            own = self._at[here], self._first[here], self._second[here]
            rows[metric] = (*own, self._value[here])
        return PairTable(self.touchpoints, self.themes, rows)


def _places(names: Sequence[str], words: Sequence[str]) -> Places:
    """The place of each word among names, -1 where it is none."""
    known = {name: place for place, name in enumerate(names)}
    return np.array([known.get(word, -1) for word in words], np.intp)


def _heard(named: Named, touchpoints: Mapping[int, str]) -> dict[str, TouchpointSums]:
    """Everything heard at each touchpoint, by its key."""
    parts = _Touchpoints(named.items())
    return {key: parts.touchpoint(number) for number, key in sorted(touchpoints.items())}


class _Touchpoints:
    """The numbers of touchpoints, by name: few, whatever was said."""

    def __init__(self, items: Items) -> None:
        self.items = items
        self.emotions: dict[int, dict[str, int]] = {}
        for item, number in items.items():
            if item.kind == Kind.EMOTION:
                self.emotions.setdefault(item.touchpoint, {})[item.first] = number

    def _get(self, touchpoint: int, kind: int, first: str = "", second: str = "") -> int:
        # a bare tuple equals its Item, and is made quicker
        return self.items.get((touchpoint, kind, first, second), 0)  # type: ignore[call-overload,no-any-return]

    def _moments(
        self, touchpoint: int, kind: int, first: str = "", second: str = "", parts: int = POINT
    ) -> Moments:
        n = self._get(touchpoint, kind, first, second)
        if not n:
            return _EMPTY
        total = self._get(touchpoint, kind + 1, first, second)
        squares = self._get(touchpoint, kind + 2, first, second)
        return Moments(n, total / parts, squares / (parts * parts))

    def touchpoint(self, number: int) -> TouchpointSums:
        """Everything heard at one touchpoint."""
        responses = self._get(number, Kind.RESPONSES)
        points = {one: self._moments(number, Kind.POINTS_N, key) for key, one in _METRICS.items()}
        tallies = {one: self._tally(number, key) for key, one in _METRICS.items()}
        return TouchpointSums(
            responses + self._get(number, Kind.LONE),
            responses,
            {metric: part for metric, part in points.items() if part.n},
            {metric: part for metric, part in tallies.items() if part.answers.n},
            self._moments(number, Kind.MOOD_N, parts=MOOD),
            dict(sorted(self.emotions.get(number, {}).items())),
        )

    def _tally(self, number: int, metric: str) -> Tally:
        answers = self._moments(number, Kind.ANSWERS_N, metric)
        top = self._get(number, Kind.TOP, metric)
        return Tally(top, self._get(number, Kind.BOTTOM, metric), answers)
