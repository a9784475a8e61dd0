"""The weekly digest: the three changes that matter, or why there is none. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from feedback.alerts.figures import Figures, beyond, of_reading
from feedback.alerts.gather import Watched
from feedback.alerts.lines import Line, Subject
from feedback.alerts.rare import read_surely
from feedback.alerts.rhythms import WEEK
from feedback.alerts.watch import usual
from feedback.statistics.control import Reading

MOST = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """An emerging topic that is new: its share of the comments and that share's interval (95%).

    `least` is the pessimistic end of how much larger its share is than in the period before.
    """

    name: str
    comments: int
    of: int
    low: float
    high: float
    least: float
    period: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something that surely moved; `weight` is its pessimistic end, as a share of the scale."""

    weight: float
    subject: Subject | None = None
    side: str = ""
    figures: Figures | None = None
    topic: Topic | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is stored with the digest."""
        if self.topic is not None:
            return {"topic": asdict(self.topic)}
        assert self.subject is not None and self.figures is not None
        figures = self.figures.to_json()
        return {"series": self.subject.key, "side": self.side, "figures": figures}


@dataclass(frozen=True, slots=True)
class Found:
    """What a week holds: at most three changes, or the reason for silence."""

    changes: tuple[Change, ...]
    reason: str | None = None


def weigh(watched: Watched, muted: Collection[str], topics: Sequence[Topic]) -> Found:
    """The largest sure changes of a week against the weeks before it.

    Sure: told from the weeks before at a false discovery rate of 5% over all series. Large: how
    far beyond the expected range it lies, as a share of its scale, so that points and shares
    compare; a muted series is left out, but counts among those that were looked at.
    """
    lines = {line.subject.key: line for line in watched.lines}
    series = [usual(line, WEEK, watched.first, ()) for line in watched.lines]
    readings = read_surely(series, WEEK.season)
    told = [one for one in readings if one.told and one.side and one.key not in muted]
    found = [_change(lines[one.key], one, watched.first) for one in told]
    found += [Change(topic.least, topic=topic) for topic in topics]
    changes = tuple(sorted(found, key=lambda one: -one.weight)[:MOST])
    return Found(changes, None if changes else _reason(readings))


def _change(line: Line, reading: Reading, first: date) -> Change:
    subject, figures = line.subject, of_reading(first, reading)
    return Change(beyond(figures, subject), subject, str(reading.side), figures)


def _reason(readings: Sequence[Reading]) -> str:
    many = sum(one.p is not None for one in readings)
    if not readings:
        return "Nobody answered in this week."
    if not many:
        return (
            "Too few answers: a change is told once a series has at least 5 answers in the week "
            "and 30 in at least 5 weeks before."
        )
    series = "1 series was" if many == 1 else f"{many:,} series were"
    return f"Nothing surely changed: {series} compared with the weeks before, none left its range."
