"""A comparison in words, and its differences on a common axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.pages.charts.forest import Axis, Bar, axis
from feedback.pages.choices import Choices
from feedback.pages.impact_words import UNITS, figure, score_line
from feedback.pages.narrowed import narrowed
from feedback.pages.score_view import BESIDE
from feedback.pages.words import METRICS, chance, count, days, percent, signed
from feedback.reporting.compare_schema import Comparison, GapOut, ScoreGapOut, SideOut, ThemeGapOut
from feedback.reporting.scope import Filters

NAMES: Mapping[str, str] = {**METRICS, **BESIDE}


@dataclass(frozen=True)
class GapRow:
    """One difference: its words on both sides, and its interval on the common axis."""

    name: str
    key: str
    this: str
    other: str
    gap: str
    interval: str
    q: str
    told: bool
    chance: str
    more: bool
    bar: Bar | None


@dataclass(frozen=True)
class CompareView:
    """All that the page says."""

    this: str
    other: str
    lede: str
    note: str
    scores: tuple[GapRow, ...]
    told: tuple[GapRow, ...]
    untold: tuple[GapRow, ...]
    axis: Axis


def compare_view(found: Comparison, choices: Choices, zone: str) -> CompareView:
    """The page's view of a comparison."""
    ends = [
        (100 * one.low, 100 * one.high)
        for one in found.themes
        if one.low is not None and one.high is not None
    ]
    common = axis(ends)
    rows = [_theme(one, common) for one in found.themes]
    told = tuple(row for row in rows if row.told)
    return CompareView(
        this=side(found.this, choices, zone),
        other=side(found.other, choices, zone),
        lede=lede(found, told),
        note=_note(found),
        scores=tuple(_score(one) for one in found.scores),
        told=told,
        untold=tuple(row for row in rows if not row.told),
        axis=common,
    )


def side(found: SideOut, choices: Choices, zone: str) -> str:
    """What a side holds: `1 Oct 2026 to 31 Oct 2026, by SMS, 412 responses`."""
    filters = Filters(found.segment, found.channel, found.survey, found.language)
    parts = [days(found, zone), *narrowed(filters, choices)]
    return ", ".join([*parts, count(found.n_responses, "response")])


def lede(found: Comparison, told: Sequence[GapRow]) -> str:
    """The finding: the leading score's difference, and the theme that differs most."""
    if found.same:
        return "Both sides are the same. Choose what differs: a period, a channel, a segment."
    sentences = [_score_sentence(found.scores[0])] if found.scores else []
    if told:
        first = told[0]
        word = "more" if first.more else "less"
        sentences.append(
            f"{first.name} is complained of {word} on this side: "
            f"{first.this} against {first.other}."
        )
    elif found.themes:
        sentences.append("No theme's difference can be told from chance.")
    return " ".join(sentences) or "There is nothing to compare on either side yet."


def _score_sentence(one: ScoreGapOut) -> str:
    name = NAMES[one.metric]
    if one.value is None or one.low is None or one.high is None:
        return f"{name} can't be compared: too few answers on a side."
    sides = f"{figure(one.metric, one.this.value or 0.0)} against "
    sides += figure(one.metric, one.other.value or 0.0)
    if not one.told:
        return " ".join(
            filter(None, (f"{name} shows no sure difference: {sides}.", by_chance(one)))
        )
    low, high = sorted((abs(one.low), abs(one.high)))
    digits = UNITS[one.metric][1] or 1
    word = "higher" if one.value > 0 else "lower"
    return (
        f"{name} is {word} on this side, {sides}: by {low:.{digits}f} to {high:.{digits}f} points."
    )


def _note(found: Comparison) -> str:
    if found.same or not found.overlap:
        return ""
    return (
        "Some answers may stand on both sides, which makes the two more alike: the intervals of "
        "the differences are then wider than they need be, never too narrow."
    )


def by_chance(one: GapOut) -> str:
    """Why a difference is not sure though its interval leaves 0 out."""
    if one.told or one.low is None or one.high is None or one.low <= 0 <= one.high:
        return ""
    return (
        "Its interval leaves 0 out, but of so many differences looked at one may do so by chance "
        f"(q\N{NO-BREAK SPACE}{chance(one.q)})."
    )


def _q(one: GapOut) -> str:
    return chance(one.q) if one.p is not None else ""


def _score(one: ScoreGapOut) -> GapRow:
    digits = max(1, UNITS[one.metric][1])
    known = one.value is not None and one.low is not None and one.high is not None
    return GapRow(
        name=NAMES[one.metric],
        key=one.metric,
        this=score_line(one.this),
        other=score_line(one.other),
        gap=signed(one.value or 0.0, digits) if known else "too few",
        interval=_ends(one, digits, 1.0),
        q=_q(one),
        told=one.told,
        chance=by_chance(one),
        more=(one.value or 0.0) > 0,
        bar=None,
    )


def _theme(one: ThemeGapOut, common: Axis) -> GapRow:
    bar = None
    if one.value is not None and one.low is not None and one.high is not None:
        bar = common.bar(100 * one.low, 100 * one.value, 100 * one.high)
    return GapRow(
        name=one.theme_name,
        key=one.theme,
        this=_share(one.this, one.this_n),
        other=_share(one.other, one.other_n),
        gap=signed(100 * one.value, 1) if one.value is not None else "too few",
        interval=_ends(one, 1, 100.0),
        q=_q(one),
        told=one.told,
        chance=by_chance(one),
        more=(one.value or 0.0) > 0,
        bar=bar,
    )


def _share(share: float | None, n: int) -> str:
    complaints = count(n, "complaint")
    return complaints if share is None else f"{percent(share)} ({complaints})"


def _ends(one: GapOut, digits: int, unit: float) -> str:
    if one.low is None or one.high is None:
        return ""
    return f"{signed(unit * one.low, digits)} to {signed(unit * one.high, digits)}"
