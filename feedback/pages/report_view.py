"""The report as the page shows it: sentences, the curve's geometry and the ranked rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from feedback.pages import impact_words, top_words
from feedback.pages import report_words as say
from feedback.pages.charts.curve_parts import Curve, Quote
from feedback.pages.charts.forest import Axis, Bar, axis
from feedback.pages.redaction import masked
from feedback.pages.report_curve import curve_of
from feedback.pages.words import signed
from feedback.reporting.made import Made
from feedback.reporting.report import Found
from feedback.reporting.schema import Overview, PainPointOut
from feedback.statistics.metrics import Metric
from feedback.statistics.painpoints import PainPoints

FIRST = 3
DELIGHTS = 5


@dataclass(frozen=True)
class Row:
    """One ranked pain point in words, and its interval on the axis it shares.

    `severity`, `fixed` and `money` are whole sentences, or nothing.
    """

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
    severity: str = ""
    fixed: str = ""
    money: str = ""


@dataclass(frozen=True)
class ReportView:
    """All that the report's template says and draws; its rows are made as they are looked at."""

    report: Overview
    headline: say.Headline | None
    change: str
    target: str
    others: tuple[say.Headline, ...]
    lede: str
    first: Sequence[Row]
    finding: str
    curve: Curve | None
    told: Sequence[Row]
    untold: Sequence[Row]
    tangles: tuple[str, ...]
    delights: Sequence[Row]
    praised: int
    rate: str
    axis: Axis
    unit: str
    joys: Axis


@dataclass(frozen=True)
class Said:
    """The words for the ends of the curve, found beside the report."""

    best: Quote | None = None
    worst: Quote | None = None


def view(found: Found, said: Said, zone: str = "UTC") -> ReportView:
    """The page's view of a report; days are the zone's."""
    report, pains, joys = found.overview, found.pain_points, found.delights
    names = names_of(report)
    leading = say.headline_scores(report.scores)
    scores = [say.headline(one) for one in leading]
    axes, bright = _axes(pains.of), _axes(joys.of)
    told, untold = pains.again(pains.of.told), pains.again(pains.of.untold)
    delights = joys.again(joys.of.told[:DELIGHTS])
    row = partial(_row, names=names, axes=axes)
    rows, unit = Made(told, row), _leading(pains.of)
    return ReportView(
        report=report,
        headline=scores[0] if scores else None,
        change=top_words.change(report, leading[0].metric, zone) if leading else "",
        target=top_words.target(report, leading[0].metric) if leading else "",
        others=tuple(scores[1:]),
        lede=say.lede(report, told, len(pains), names),
        first=rows[:FIRST],
        finding=say.finding(report),
        curve=curve_of(report, told, said.best, said.worst) if report.stages else None,
        told=rows,
        untold=Made(untold, row),
        tangles=top_words.tangles(report, names),
        delights=[_row(one, names, bright, praised=True) for one in delights],
        praised=len(joys),
        rate=impact_words.rate(report.rate),
        axis=axes.get(unit) or axis(()),
        unit=say.POINTS.get(unit, "points"),
        joys=bright.get(_leading(joys.of)) or axis(()),
    )


def row_of(report: Overview, point: PainPointOut) -> Row:
    """One pain point of a report in words, by itself."""
    found, axes = point.impact, {}
    if found.low is not None and found.high is not None:
        axes[str(found.metric)] = axis([(found.low, found.high)])
    return _row(point, names_of(report), axes)


def names_of(report: Overview) -> Mapping[str, str]:
    """What the report's stages and touchpoints are called, by key."""
    touchpoints = (point for stage in report.stages for point in stage.touchpoints)
    stages = {stage.stage: stage.name for stage in report.stages}
    return stages | {point.touchpoint: point.name for point in touchpoints}


def _leading(points: PainPoints) -> str:
    """The metric that most impacts are measured in."""
    return points.leading.value if points.leading else ""


def _axes(points: PainPoints) -> dict[str, Axis]:
    """One axis a metric, so that bars compare only with bars of the same unit.

    It holds those told from noise; where there are none, the first of the others.
    """
    told, untold = points.told, points.untold
    ends = {one.value: told.intervals(one) or untold.intervals(one)[:1] for one in Metric}
    return {metric: axis(intervals) for metric, intervals in ends.items() if intervals}


def _row(
    point: PainPointOut,
    names: Mapping[str, str],
    axes: Mapping[str, Axis],
    *,
    praised: bool = False,
) -> Row:
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
        reach=say.reach(point, praised=praised),
        trend=say.trend(point.trend),
        bar=bar,
        quote=masked(point.evidence[0].text) if point.evidence else None,
        severity=impact_words.severity(point),
        fixed=impact_words.fixed(point),
        money=impact_words.money(point.money),
    )
