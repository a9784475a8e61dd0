"""The report as the page shows it: sentences, the curve's geometry and the ranked rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.pages import report_words as say
from feedback.pages.charts.curve import curve
from feedback.pages.charts.curve_parts import Curve, Pain, Quote, StageValue
from feedback.pages.charts.forest import Axis, Bar, axis
from feedback.pages.redaction import masked
from feedback.pages.words import signed
from feedback.reporting.schema import PainPointOut, Report, StageOut

HANGING = 8


@dataclass(frozen=True)
class Row:
    """One ranked pain point in words, and its interval on the axis it shares."""

    point: PainPointOut
    stage: str
    touchpoint: str
    theme: str
    figure: str
    cost: str
    reach: str
    trend: str
    bar: Bar | None
    quote: str | None


@dataclass(frozen=True)
class ReportView:
    """All that the report's template says and draws."""

    report: Report
    headline: say.Headline | None
    others: tuple[say.Headline, ...]
    lede: str
    finding: str
    curve: Curve | None
    told: tuple[Row, ...]
    untold: tuple[Row, ...]
    axis: Axis
    unit: str


@dataclass(frozen=True)
class Said:
    """The words for the ends of the curve, found beside the report."""

    best: Quote | None = None
    worst: Quote | None = None


def view(report: Report, said: Said) -> ReportView:
    """The page's view of a report."""
    names = _names(report)
    scores = [say.headline(one) for one in say.headline_scores(report.scores)]
    axes = _axes(report.pain_points)
    rows = [_row(point, names, axes) for point in report.pain_points]
    leading = _leading(report.pain_points)
    return ReportView(
        report=report,
        headline=scores[0] if scores else None,
        others=tuple(scores[1:]),
        lede=say.lede(report, names),
        finding=say.finding(report),
        curve=_curve(report, said) if report.stages else None,
        told=tuple(row for row in rows if row.point.told),
        untold=tuple(row for row in rows if not row.point.told),
        axis=axes.get(leading) or axis(()),
        unit=say.POINTS.get(leading, "points"),
    )


def _names(report: Report) -> Mapping[str, str]:
    touchpoints = (point for stage in report.stages for point in stage.touchpoints)
    stages = {stage.stage: stage.name for stage in report.stages}
    return stages | {point.touchpoint: point.name for point in touchpoints}


def _leading(points: Sequence[PainPointOut]) -> str:
    """The metric that most impacts are measured in."""
    metrics = [str(point.impact.metric) for point in points if point.impact.value is not None]
    return max(sorted(set(metrics)), key=metrics.count, default="")


def _axes(points: Sequence[PainPointOut]) -> dict[str, Axis]:
    """One axis a metric, so that bars compare only with bars of the same unit."""
    ends: dict[str, list[tuple[float, float]]] = {}
    for point in points:
        low, high = point.impact.low, point.impact.high
        if low is not None and high is not None and point.told:
            ends.setdefault(str(point.impact.metric), []).append((low, high))
    for point in points:
        low, high = point.impact.low, point.impact.high
        if low is not None and high is not None:
            ends.setdefault(str(point.impact.metric), [(low, high)])
    return {metric: axis(intervals) for metric, intervals in ends.items()}


def _row(point: PainPointOut, names: Mapping[str, str], axes: Mapping[str, Axis]) -> Row:
    found, bar = point.impact, None
    if found.low is not None and found.value is not None and found.high is not None:
        bar = axes[str(found.metric)].bar(found.low, found.value, found.high)
    return Row(
        point=point,
        stage=names[point.stage],
        touchpoint=names[point.touchpoint],
        theme=point.theme_name,
        figure=signed(found.value) if found.value is not None else "",
        cost=say.cost(point),
        reach=say.reach(point),
        trend=say.trend(point.trend),
        bar=bar,
        quote=masked(point.evidence[0].text) if point.evidence else None,
    )


def _curve(report: Report, said: Said) -> Curve:
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
    return curve(values, pains[:HANGING], said.best, said.worst)


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
