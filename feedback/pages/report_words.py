"""The report's findings as sentences: the figure and its interval in the same breath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.pages.words import METRICS, count, number, percent, signed
from feedback.reporting.figures import ScoreOut
from feedback.reporting.schema import Overview, PainPointOut, TrendOut

POINTS: Mapping[str, str] = {"nps": "NPS points", "csat": "points of CSAT", "ces": "points of CES"}
SURE = 0.05
_WORDS = dict(enumerate(("Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"), 2))
_UNITS: Mapping[str, tuple[str, int]] = {"csat": ("%", 0), "ces": ("", 1), "nps": ("", 0)}


@dataclass(frozen=True)
class Headline:
    """A score: what stands large, and the rest of the sentence."""

    figure: str
    rest: str


def headline_scores(scores: Sequence[ScoreOut]) -> list[ScoreOut]:
    """The scores people know by name, the most answered first."""
    named = [score for score in scores if score.metric in METRICS]
    return sorted(named, key=lambda score: -score.n)


def headline(score: ScoreOut) -> Headline:
    """`CSAT 81%`, `between 78 and 84, from 842 answers`."""
    name, answers = METRICS[score.metric], count(score.n, "answer")
    if score.value is None or score.low is None or score.high is None:
        return Headline(name, f"can't be told from {answers} yet")
    unit, digits = _UNITS[score.metric]
    figure = f"{name} {number(score.value, digits)}{unit}"
    between = f"between {number(score.low, digits)} and {number(score.high, digits)}"
    few = ", a small sample" if score.small else ""
    return Headline(figure, f"{between}, from {answers}{few}")


def short_score(scores: Sequence[ScoreOut]) -> str:
    """A stage's leading score in a few letters: `CSAT 81% (78 to 84)`."""
    for score in headline_scores(scores)[:1]:
        if score.value is not None and score.low is not None and score.high is not None:
            unit, digits = _UNITS[score.metric]
            low, high = number(score.low, digits), number(score.high, digits)
            return f"{METRICS[score.metric]} {number(score.value, digits)}{unit} ({low} to {high})"
        return f"{METRICS[score.metric]}: too few"
    return "no score yet"


def cost(point: PainPointOut) -> str:
    """What a pain point costs: its interval and unit."""
    found = point.impact
    if found.value is None or found.low is None or found.high is None or found.metric is None:
        return f"Too few answers to say what it costs ({count(found.n, 'scored response')})."
    between = f"{signed(found.low)} to {signed(found.high)}"
    return f"{POINTS[found.metric]}, {between}"


def reach(point: PainPointOut, *, praised: bool = False) -> str:
    """How many speak of it."""
    said = count(point.negative, "complaint")
    if praised:
        said = f"praised {count(point.negative, 'time')}"
    return f"{said}, {percent(point.reach)} of all answers" if point.reach is not None else said


def trend(found: TrendOut) -> str:
    """The change of its reach in words."""
    if found.previous is None or found.current is None or found.p is None:
        return "too little to compare with before"
    before, now = percent(found.previous), percent(found.current)
    if found.p >= SURE:
        return f"no sure change: {before} before, {now} now"
    return f"{'up' if found.current > found.previous else 'down'} from {before} to {now}"


def lede(
    report: Overview, told: Sequence[PainPointOut], complaints: int, names: Mapping[str, str]
) -> str:
    """What happened, in one or two sentences; `told` of so many `complaints` stand out."""
    if not complaints:
        return "Nobody has complained of anything yet." if report.n_responses else ""
    if not told:
        things = count(complaints, "thing")
        return f"Customers complain of {things}, but none can be told from chance yet."
    first = told[0]
    sentence = f"{first.theme_name} at {names[first.touchpoint]} hurts most"
    value, low, high = first.impact.value, first.impact.low, first.impact.high
    if value is not None and low is not None and high is not None:
        points = POINTS[str(first.impact.metric)]
        sentence += f": it costs {number(-value, 1)} {points}"
        sentence += f", between {number(-high, 1)} and {number(-low, 1)}"
    return f"{sentence}.{_others(len(told) - 1)}"


def _others(n: int) -> str:
    if n < 1:
        return ""
    if n == 1:
        return " One other pain point stands out from chance."
    return f" {_WORDS.get(n, n)} other pain points stand out from chance."


def finding(report: Overview) -> str:
    """The emotion curve's finding: its lowest and its highest stage."""
    felt = [one for one in report.stages if one.sentiment.mean is not None]
    if not felt:
        return "No stage has enough comments to say how it feels."
    low = min(felt, key=lambda one: one.sentiment.mean or 0.0)
    high = max(felt, key=lambda one: one.sentiment.mean or 0.0)
    if low.stage == high.stage:
        return f"Only {low.name} has enough comments to say how it feels."
    ends = (one.sentiment.mean or 0.0 for one in (low, high))
    lowest, highest = (signed(end, 2) for end in ends)
    return (
        f"Customers feel worst at {low.name} ({lowest} on a scale from {signed(-1, 0)} to +1) "
        f"and best at {high.name} ({highest})."
    )
