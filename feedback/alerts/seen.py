"""What a look saw of each series, made into the rows of the alerts that it opens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from feedback.alerts.figures import drawn, whole
from feedback.alerts.gather import Watched
from feedback.alerts.rhythms import after
from feedback.alerts.watch import Moves, Stay
from feedback.statistics.excursions import Excursion


class Seen:
    """What a look saw, by series; made before anything is written, for charts take their time."""

    def __init__(self, read: Watched, moves: Moves, past: Iterable[Stay]) -> None:
        self.rhythm, self.first, self.moves = read.rhythm, read.first, moves
        self.lines = {line.subject.key: line for line in read.lines}
        self.readings = moves.by_key
        self.past: dict[str, list[Stay]] = {}
        for stay in past:
            self.past.setdefault(stay.excursion.series, []).append(stay)
        self.opened = [_opened(self, one) for one in moves.opened]

    def figures(self, series: str) -> dict[str, Any] | None:
        """The figures of a series; None where it has too few answers now."""
        line, reading = self.lines.get(series), self.readings.get(series)
        if line is None or reading is None or reading.p is None:
            return None
        known = self.past.get(series, ())
        return whole(line, self.rhythm, self.first, known, reading.q).to_json()

    def points(self, series: str) -> list[dict[str, Any]]:
        """The periods of its chart."""
        known = self.past.get(series, [])
        line = self.lines[series]
        return [point.to_json() for point in drawn(line, self.rhythm, self.first, known)]


def _opened(seen: Seen, one: Excursion) -> dict[str, Any]:
    figures = seen.figures(one.series)
    return {
        "journey_id": seen.lines[one.series].subject.journey_id,
        "series": one.series,
        "signal": one.signal,
        "side": one.side,
        "rhythm": seen.rhythm.name,
        "since": seen.first,
        "until": after(seen.rhythm, seen.first),
        "figures": figures,
        "latest": figures,
        "points": seen.points(one.series),
        "settled": False,
    }
