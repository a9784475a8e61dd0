"""The series that are watched, from the sums of each period: scores, and themes at touchpoints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from feedback.statistics.intervals import Interval
from feedback.statistics.metrics import POINTS, Metric
from feedback.statistics.sums import Cell, CellSums, JourneySums, Moments, TouchpointSums

SCORE, THEME = "score", "theme"
_NOBODY, _NOTHING = TouchpointSums(), CellSums()


@dataclass(frozen=True, slots=True)
class Subject:
    """What a series is of: a journey's score, or a theme at one of its touchpoints."""

    journey_id: int
    metric: Metric | None = None
    cell: Cell | None = None

    @property
    def key(self) -> str:
        """The series' name, the same in every look: `3/score/nps`, `3/theme/parcel/delay`."""
        if self.cell is None:
            return f"{self.journey_id}/{SCORE}/{self.metric or ''}"
        return f"{self.journey_id}/{THEME}/{self.cell.touchpoint}/{self.cell.theme}"

    @property
    def scale(self) -> Interval:
        """The scale its values lie on: points, or a share from 0 to 1."""
        return POINTS[self.metric] if self.metric else (0.0, 1.0)


def read_subject(key: str) -> Subject:
    """The subject that a series' name stands for."""
    journey_id, kind, *rest = key.split("/")
    if kind == SCORE:
        return Subject(int(journey_id), metric=Metric(rest[0]))
    return Subject(int(journey_id), cell=Cell(rest[0], rest[1]))


@dataclass(frozen=True, slots=True)
class Line:
    """A series: the moments of its values by period, oldest first, the latest last."""

    subject: Subject
    periods: tuple[Moments, ...]


def lines(journey_id: int, periods: Sequence[JourneySums]) -> list[Line]:
    """Every series of a journey that has an answer in its latest period.

    A theme that anybody spoke badly of anywhere in these periods is looked at wherever somebody
    was heard: choosing only what stands out would hide how often one looked.
    """
    return [*_scores(journey_id, periods), *_themes(journey_id, periods)]


def _scores(journey_id: int, periods: Sequence[JourneySums]) -> Iterable[Line]:
    for metric in Metric:
        found = tuple(sums.points(metric) for sums in periods)
        if found[-1].n:
            yield Line(Subject(journey_id, metric=metric), found)


def _themes(journey_id: int, periods: Sequence[JourneySums]) -> Iterable[Line]:
    themes = sorted(
        {cell.theme for sums in periods for cell, part in sums.cells.items() if part.voices}
    )
    heard = sorted(key for key, part in periods[-1].touchpoints.items() if part.voices)
    for touchpoint in heard:
        for theme in themes:
            cell = Cell(touchpoint, theme)
            found = tuple(_share(sums.touchpoints, sums.cells, cell) for sums in periods)
            if any(one.total for one in found):
                yield Line(Subject(journey_id, cell=cell), found)


def _share(
    touchpoints: Mapping[str, TouchpointSums], cells: Mapping[Cell, CellSums], cell: Cell
) -> Moments:
    """How many of a touchpoint's voices speak badly of a theme, as ones and zeros."""
    n = touchpoints.get(cell.touchpoint, _NOBODY).voices
    ones = float(min(n, cells.get(cell, _NOTHING).voices))
    return Moments(n, ones, ones)
