"""Readings in words: what happened, by how much, of how many, and what was to be expected."""

from __future__ import annotations

from dataclasses import dataclass

from feedback.alerts.figures import Figures
from feedback.alerts.lines import Subject
from feedback.alerts.names import METRICS, Names
from feedback.alerts.rhythms import Rhythm, words
from feedback.statistics.metrics import Metric

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Said:
    """A reading in words; `good` says whether this is welcome."""

    title: str
    sentence: str
    figures: str
    good: bool


def value(subject: Subject, number: float) -> str:
    """A value as it is shown: points, or percent."""
    if subject.metric is None:
        percent = 100.0 * number
        return f"{percent:.1f}%" if 0.0 < percent < 9.95 else f"{percent:.0f}%"
    digits = 1 if subject.metric is Metric.CES else 0
    unit = "%" if subject.metric is Metric.CSAT else ""
    text = f"{number:.{digits}f}"
    zero = not text.strip("-0.")
    return f"{text.lstrip('-') if zero else text.replace('-', MINUS)}{unit}"


def said(subject: Subject, side: str, rhythm: Rhythm, found: Figures, names: Names) -> Said:
    """What a reading outside its range says."""
    when = f"{'on' if rhythm.days == 1 else 'in'} {words(rhythm, found.first)}"
    shown, span = value(subject, found.value or 0.0), expected(subject, found)
    good = (side == "above") == (subject.metric is not None)
    if subject.metric is not None:
        title = f"{names.of(subject)} is {side} what was to be expected"
        sentence = f"{METRICS[subject.metric]} was {shown} {when}, expected {span}."
        return Said(title, sentence, _figures(subject, found), good)
    more = "more" if side == "above" else "fewer"
    theme = names.themes.name(subject.cell.theme) if subject.cell else ""
    place, beginning = names.touchpoint(subject), when[0].upper() + when[1:]
    title = f"{theme} hurts {'more' if side == 'above' else 'less'} at {place}"
    sentence = (
        f"{beginning}, {shown} of those heard at {place} spoke badly of it, "
        f"{more} than the {span} to be expected."
    )
    return Said(title, sentence, _figures(subject, found), good)


def expected(subject: Subject, found: Figures) -> str:
    """The range: `between 25 and 41`, `8.2% to 14%`."""
    if found.low is None or found.high is None:
        return "unknown"
    low, high = value(subject, found.low), value(subject, found.high)
    return f"between {low} and {high}" if subject.metric else f"{low} to {high}"


def _figures(subject: Subject, found: Figures) -> str:
    """The small print: counts, and how surely this is no chance."""
    if subject.metric is None:
        count = round((found.value or 0.0) * found.n)
        counts = f"{count:,} of {found.n:,}"
    else:
        counts = f"n = {found.n:,} answers"
    return f"{counts}; 95% range; q {chance(found.q)}"


def chance(q: float | None) -> str:
    """A q in words."""
    if q is None:
        return "unknown"
    return "below 0.001" if q < 0.001 else f"{q:.2g}"
