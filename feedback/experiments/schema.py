"""Experiments as programs read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from feedback.experiments.life import Listed
from feedback.experiments.results import Compared, Results, Standing, leader
from feedback.reporting.figures import Chance, Figure, Out
from models.experiment import Variant

State = Literal["draft", "running", "stopped"]


class DifferenceOut(Out):
    """A variant less the control; with 95% it holds at every look together, all variants too."""

    value: Figure
    low: Figure
    high: Figure
    clear: bool


class MeasureOut(Out):
    """One measure of one variant, from `n` customers; a share, or the mean points of a score.

    `completed` and `answered` are of all who were given the variant, `left` (withdrew within a
    week) of those asked. `difference` is null for the control and while it is too early.
    """

    measure: Literal["completed", "answered", "score", "left"]
    n: int
    value: Figure | None
    difference: DifferenceOut | None


class VariantOut(Out):
    """One way of asking: what it has in place of the trigger's own, and what came of it."""

    key: str
    name: str
    weight: int
    channel: str | None
    delay_seconds: int | None
    hour: int | None
    given: int
    asked: int
    measures: list[MeasureOut]


class ExperimentLine(Out):
    """An experiment in the list."""

    key: str
    name: str
    trigger: str
    state: State
    variants: list[str]
    started_at: datetime | None
    stopped_at: datetime | None
    applied: str | None


class ExperimentsFound(Out):
    """All experiments, the newest first."""

    experiments: list[ExperimentLine]


class ExperimentOut(ExperimentLine):
    """An experiment with what came of it.

    `metric` is that of the score. `leaders` names, by measure, the variant that is clearly better
    than the control. `uneven` is set where customers were divided so unevenly that something
    other than the hash decided: then nothing here can be trusted.
    """

    metric: str | None
    uneven: Chance | None
    leaders: dict[str, str]
    results: list[VariantOut]


def line_out(one: Listed) -> ExperimentLine:
    """One of the list."""
    return ExperimentLine(**_line(one))


def experiment_out(one: Listed, found: Results) -> ExperimentOut:
    """One as a whole."""
    pairs = zip(one.variants, found.standings, strict=True)
    return ExperimentOut(
        **_line(one),
        metric=found.metric.value if found.metric else None,
        uneven=found.uneven,
        leaders={measure.value: key for measure, key in leader(found).items()},
        results=[_variant(variant, standing) for variant, standing in pairs],
    )


def _line(one: Listed) -> dict[str, object]:
    experiment = one.experiment
    return {
        "key": experiment.key,
        "name": experiment.name,
        "trigger": one.trigger.key,
        "state": experiment.state,
        "variants": [variant.key for variant in one.variants],
        "started_at": experiment.started_at,
        "stopped_at": experiment.stopped_at,
        "applied": experiment.applied,
    }


def _variant(variant: Variant, standing: Standing) -> VariantOut:
    return VariantOut(
        key=variant.key,
        name=variant.name,
        weight=variant.weight,
        channel=variant.channel,
        delay_seconds=variant.delay_seconds,
        hour=variant.hour,
        given=standing.outcome.given,
        asked=standing.outcome.asked,
        measures=_measures(standing.compared),
    )


def _measures(compared: Sequence[Compared]) -> list[MeasureOut]:
    return [
        MeasureOut(measure=one.measure.value, n=one.n, value=one.value, difference=_difference(one))
        for one in compared
    ]


def _difference(one: Compared) -> DifferenceOut | None:
    found = one.difference
    if found is None:
        return None
    return DifferenceOut(value=found.value, low=found.low, high=found.high, clear=found.clear)
