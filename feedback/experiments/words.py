"""What an experiment shows, as sentences and cells: for pages and the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from feedback.experiments.outcomes import RIPE
from feedback.experiments.results import Compared, Measure, Results, Standing, leader
from feedback.experiments.sequential import MIN_EACH, Difference
from feedback.statistics.metrics import Metric
from models.experiment import Variant

NAMES: Mapping[Measure, str] = {
    Measure.COMPLETED: "Finish the survey",
    Measure.ANSWERED: "Answer anything",
    Measure.SCORE: "Score",
    Measure.LEFT: "Opt out within a week",
}
_DOES: Mapping[Measure, str] = {
    Measure.COMPLETED: "more finish the survey",
    Measure.ANSWERED: "more answer",
    Measure.SCORE: "the score is higher",
    Measure.LEFT: "fewer opt out",
}
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Cell:
    """One measure of a variant in words: its value, how far from the control, whether clearly."""

    name: str
    value: str
    n: int
    difference: str
    clear: bool


def headline(found: Results, names: Mapping[str, str]) -> str:
    """The finding in one sentence."""
    best = leader(found)
    if best:
        by_variant: dict[str, list[str]] = {}
        for measure in Measure:
            if measure in best:
                by_variant.setdefault(best[measure], []).append(_DOES[measure])
        told = [f"with “{names[key]}” {' and '.join(does)}" for key, does in by_variant.items()]
        return _capital("; ".join(told)) + "."
    if any(one.difference for standing in found.standings for one in standing.compared):
        return "No variant is clearly better than the control so far."
    return (
        f"Too early to say: each variant needs {MIN_EACH} customers who were due "
        f"{RIPE.days} days ago or earlier."
    )


def cells(standing: Standing, metric: Metric | None) -> Iterator[Cell]:
    """A variant's measures in their order."""
    for one in standing.compared:
        name = NAMES[one.measure]
        if one.measure is Measure.SCORE and metric is not None:
            name = metric.value.upper()
        clear = one.difference is not None and one.difference.clear
        yield Cell(name, _value(one), one.n, _difference(one), clear)


def changes(variant: Variant, survey: str | None) -> str:
    """What a variant has in place of the trigger's own."""
    parts = [
        f"survey {survey}" if survey else "",
        f"by {variant.channel}" if variant.channel else "",
        _delay(variant.delay_seconds),
        _hour(variant.hour),
    ]
    return ", ".join(part for part in parts if part) or "as the trigger has it"


def _hour(hour: int | None) -> str:
    return "" if hour is None else f"at {hour}:00 where the customer is"


def _delay(seconds: int | None) -> str:
    if seconds is None:
        return ""
    if not seconds:
        return "at once"
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds % size == 0:
            n = seconds // size
            return f"{n} {name}{'s' if n > 1 else ''} later"
    return f"{seconds} seconds later"


def _value(one: Compared) -> str:
    if one.value is None:
        return "nobody yet"
    return _number(one.value, 0) if one.measure is Measure.SCORE else _percent(one.value)


def _difference(one: Compared) -> str:
    """The interval, in points (of a hundred for shares)."""
    found = one.difference
    if found is None:
        return ""
    scale, digits = (1, 0) if one.measure is Measure.SCORE else (100, 1)
    return _between(found, scale, digits)


def _between(found: Difference, scale: int, digits: int) -> str:
    low, high = (_signed(end * scale, digits) for end in (found.low, found.high))
    return f"{_signed(found.value * scale, digits)} points, between {low} and {high}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _number(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", MINUS)


def _signed(value: float, digits: int) -> str:
    shown = _number(value, digits)
    return shown if shown.startswith(MINUS) or not shown.strip("0.") else f"+{shown}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
