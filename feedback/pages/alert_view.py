"""Alerts as their pages show them: in words, with the chart of the series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from feedback.alerts.figures import Figures, of_json
from feedback.alerts.lines import Subject, read_subject
from feedback.alerts.names import Names, days_of
from feedback.alerts.rhythms import RHYTHMS, Rhythm
from feedback.alerts.rows import began_in
from feedback.alerts.wording import expected, said, value
from feedback.pages.charts.control import Chart, Period, control_chart
from models.alert import Alert


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
    series: str
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
    complaints = subject.cell is not None and bool(found.value)
    return View(
        id=row.id,
        series=row.series,
        name=names.of(subject),
        journey=names.journey(subject),
        title=words.title,
        sentence=words.sentence,
        figures=words.figures,
        good=words.good,
        state=_state(row),
        latest=_latest(row, subject, latest),
        since=f"{row.since.day} {row.since:%b %Y}",
        place=names.page(subject, *days_of(rhythm, found.first), complaints),
        look="See the pain point in that time" if complaints else "See the report of that time",
        muted=muted.get(row.series),
        known_at=row.known_at,
        open=row.closed_at is None,
    )


def _state(row: Alert) -> tuple[str, str]:
    if row.settled:
        return "", "The new normal"
    if row.closed_at is not None:
        return "good", "Back in its range"
    return ("waiting", "Known, still outside") if row.known_at else ("bad", "Outside its range")


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
