"""Alerts as their pages show them: in words, with the chart of the series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from feedback.alerts.figures import Figures, of_json
from feedback.alerts.lines import Subject, read_subject
from feedback.alerts.names import Names
from feedback.alerts.rhythms import RHYTHMS, Rhythm
from feedback.alerts.rows import State, began_in, state_of
from feedback.alerts.wording import expected, said, value
from feedback.pages.charts.control import Chart, Period, control_chart
from models.alert import Alert

STATES: Mapping[State, tuple[str, str]] = {
    "outside": ("bad", "Outside its range"),
    "known": ("waiting", "Known, still outside"),
    "back": ("good", "Back in its range"),
    "settled": ("", "The new normal"),
}
"""An alert's state as a mark and a word."""


@dataclass(frozen=True, slots=True)
class Line:
    """One period of the chart as a row of its table."""

    label: str
    value: str
    expected: str
    n: int


@dataclass(frozen=True, slots=True)
class View:
    """One alert in words; `state` is its mark and word, `latest` the last reading."""

    id: int
    name: str
    journey: str
    title: str
    sentence: str
    figures: str
    good: bool
    state: tuple[str, str]
    latest: str
    since: str
    place: str
    look: str
    muted: datetime | None
    known_at: datetime | None
    open: bool


def view(row: Alert, names: Names, muted: Mapping[str, datetime]) -> View:
    """An alert as lists show it."""
    subject, rhythm = read_subject(row.series), RHYTHMS[began_in(row)]
    found, latest = of_json(row.figures), of_json(row.latest)
    words = said(subject, row.side, rhythm, found, names)
    place = names.place(subject, rhythm, found.first, bool(found.value))
    return View(
        id=row.id,
        name=names.of(subject),
        journey=names.journey(subject),
        title=words.title,
        sentence=words.sentence,
        figures=words.figures,
        good=words.good,
        state=STATES[state_of(row)],
        latest=_latest(row, subject, latest),
        since=f"{row.since.day} {row.since:%b %Y}",
        place=place.link,
        look=f"See the {place.words} of that time",
        muted=muted.get(row.series),
        known_at=row.known_at,
        open=row.closed_at is None,
    )


def _latest(row: Alert, subject: Subject, found: Figures) -> str:
    """The last reading; nothing where it is the first one still."""
    if found.value is None or row.latest == row.figures:
        return ""
    at = f"{found.first.day} {found.first:%B}"
    span = expected(subject, found)
    return f"{value(subject, found.value)} on {at}, expected {span}; n = {found.n:,}"


def chart(row: Alert) -> tuple[Chart | None, list[Line]]:
    """The series up to its last reading, and the same as a table."""
    subject = read_subject(row.series)
    points = [of_json(point) for point in row.points]
    drawn = [Period(_label(point), point.value, point.low, point.high) for point in points]
    bad_above = subject.metric is None
    picture = control_chart(drawn, bad_above, lambda number: value(subject, number))
    return picture, [_line(subject, point) for point in points]


def finding(row: Alert, names: Names) -> str:
    """What the chart shows, in words."""
    words = view(row, names, {})
    return f"{words.name}, {rhythm_of(row).words}, each on its expected range. {words.sentence}"


def rhythm_of(row: Alert) -> Rhythm:
    """The rhythm of an alert's chart."""
    return RHYTHMS[began_in(row)]


def _label(point: Figures) -> str:
    return f"{point.first.day} {point.first:%b}"


def _line(subject: Subject, point: Figures) -> Line:
    if point.value is None:
        return Line(_label(point), "too few answers", "", point.n)
    known = point.low is not None
    span = expected(subject, point) if known else "too little before it"
    return Line(_label(point), value(subject, point.value), span, point.n)
