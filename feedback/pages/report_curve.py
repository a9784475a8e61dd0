"""The report's emotion curve: its stages, and the pain that hangs from them."""

from __future__ import annotations

from feedback.pages import report_words as say
from feedback.pages.charts.curve import curve
from feedback.pages.charts.curve_parts import Curve, Pain, Quote, StageValue
from feedback.pages.words import signed
from feedback.reporting.report import Points
from feedback.reporting.schema import Overview, StageOut

HANGING = 8


def curve_of(report: Overview, told: Points, best: Quote | None, worst: Quote | None) -> Curve:
    """The curve with the worst of the pain points that stand out, and a quote at either end."""
    places = {stage.stage: place for place, stage in enumerate(report.stages)}
    # what is told from chance surely costs something
    pains = [
        Pain(places[point.stage], point.theme_name, signed(cost), -cost, point.told)
        for point in told[:HANGING]
        if (cost := point.impact.value) is not None
    ]
    values = [_stage(stage) for stage in report.stages]
    return curve(values, pains, best, worst)


def _stage(stage: StageOut) -> StageValue:
    felt = stage.sentiment
    return StageValue(
        name=stage.name,
        score=say.short_score(stage.scores),
        n=stage.n,
        mean=felt.mean,
        low=felt.low,
        high=felt.high,
        small=felt.small,
    )
