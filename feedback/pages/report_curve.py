"""The report's emotion curve: its stages, and the pain that hangs from them."""

from __future__ import annotations

from feedback.pages import report_words as say
from feedback.pages.charts.curve import curve
from feedback.pages.charts.curve_parts import Curve, Pain, Quote, StageValue
from feedback.pages.words import signed
from feedback.reporting.schema import Report, StageOut

HANGING = 8


def curve_of(report: Report, best: Quote | None, worst: Quote | None) -> Curve:
    """The curve with the pain points that stand out, and a quote at either end."""
    places = {stage.stage: place for place, stage in enumerate(report.stages)}
    pains = [
        Pain(
            stage=places[point.stage],
            name=point.theme_name,
            label=signed(point.impact.value),
            cost=-point.impact.value,
            certain=point.told,
        )
        for point in report.pain_points
        if point.told and point.impact.value is not None and point.impact.value < 0
    ]
    values = [_stage(stage) for stage in report.stages]
    return curve(values, pains[:HANGING], best, worst)


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
