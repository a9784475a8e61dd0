"""From whole numbers to the sums that statistics take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from feedback.cells.items import COSTS, MOOD, PAIRS, POINT, SPOKEN, Item, Items, Kind
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import (
    Cell,
    CellSums,
    JourneySums,
    Moments,
    Pair,
    Tally,
    TouchpointSums,
)

_METRICS = {metric.value: metric for metric in Metric}
_EMPTY = Moments()


def journey_of(items: Items, touchpoints: Mapping[int, str], feeling: str) -> JourneySums:
    """The sums of a journey; `feeling` says whether what hurts is counted, or what delights."""
    return _journey(_Parts(items), touchpoints, feeling)


def journeys_of(items: Items, touchpoints: Mapping[int, str]) -> tuple[JourneySums, JourneySums]:
    """The sums of what hurts, and of what delights."""
    parts = _Parts(items)
    hurts, delights = (_journey(parts, touchpoints, one) for one in ("negative", "positive"))
    return hurts, delights


def _journey(parts: _Parts, touchpoints: Mapping[int, str], feeling: str) -> JourneySums:
    return JourneySums(
        {key: parts.touchpoint(number) for number, key in sorted(touchpoints.items())},
        {
            Cell(touchpoints[number], theme): parts.cell(number, theme, feeling)
            for number, theme in sorted(parts.themes)
        },
        dict(_pairs(parts, touchpoints, feeling)),
    )


class _Parts:
    """Items sorted into what they are of, so that each is looked at once."""

    def __init__(self, items: Items) -> None:
        self.items = items
        self.emotions: dict[int, dict[str, int]] = {}
        self.themes: list[tuple[int, str]] = []
        self.pairs: list[tuple[Item, int]] = []
        for item, number in items.items():
            kind = item.kind
            if kind >= Kind.PAIR_NPS:
                self.pairs.append((item, number))
            elif kind == Kind.MENTIONS:
                self.themes.append((item.touchpoint, item.first))
            elif kind == Kind.EMOTION:
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

    def cell(self, number: int, theme: str, feeling: str) -> CellSums:
        """What was said of one theme at one touchpoint, with one feeling."""
        said, voices = SPOKEN[feeling]
        found = {
            metric: self._moments(number, COSTS[feeling], theme, key)
            for key, metric in _METRICS.items()
        }
        return CellSums(
            self._get(number, Kind.MENTIONS, theme),
            self._get(number, said, theme),
            self._get(number, voices, theme),
            {metric: part for metric, part in found.items() if part.n},
        )


def _pairs(
    parts: _Parts, touchpoints: Mapping[int, str], feeling: str
) -> Iterator[tuple[Pair, int]]:
    kinds = {int(kind): _METRICS[metric] for (one, metric), kind in PAIRS.items() if one == feeling}
    for item, number in parts.pairs:
        metric = kinds.get(item.kind)
        if metric is not None:
            yield Pair(touchpoints[item.touchpoint], metric, item.first, item.second), number
