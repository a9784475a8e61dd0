"""What the printed report says: the page's own sentences, figures and charts, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from feedback.exports.written import clean
from feedback.pages import words
from feedback.pages.charts.files import axis_svg, curve_svg, interval_svg
from feedback.pages.redaction import masked
from feedback.pages.report_view import ReportView, Row
from feedback.reporting.schema import Overview, StageOut
from models.workspace import Workspace
from surveys.pages.accent import accent

FIRST = 3
QUOTES = 2
LISTED = 20
DASH = "\N{EN DASH}"


def document(
    view: ReportView, workspace: Workspace, now: datetime, filters: Sequence[str]
) -> Mapping[str, Any]:
    """The document of a report, for report.typ; `filters` say in words what narrows it."""
    report = view.report
    told = [_item(row) for row in view.told[:LISTED]]
    return {
        "company": clean(workspace.company),
        "accent": accent(workspace.accent).light,
        "lang": "en",
        "journey": clean(report.name),
        "period": words.days(report, workspace.timezone),
        "made": words.moment(now, workspace.timezone),
        "filters": [clean(one) for one in filters],
        "n": _n(report),
        "headline": [view.headline.figure, view.headline.rest] if view.headline else None,
        "others": [f"{one.figure}, {one.rest}." for one in view.others],
        "rate": _rate(report),
        "lede": clean(view.lede),
        "waiting": report.comments.waiting,
        "first": told[:FIRST],
        "finding": clean(view.finding),
        "curve": curve_svg(view.curve, clean(view.finding)) if view.curve else None,
        "stages": [_stage(one) for one in report.stages],
        "points": told,
        "more": max(0, len(view.told) - LISTED),
        "untold": [_item(row) for row in view.untold[: max(0, LISTED - len(told))]],
        "unsure": len(view.untold),
        "axis": axis_svg(view.axis),
        "unit": view.unit,
    }


def _n(report: Overview) -> str:
    """How many answers the report stands on."""
    said = words.count(report.n_responses, "response")
    if report.n_lone_comments:
        said += f" and {words.count(report.n_lone_comments, 'comment')} without one"
    return said


def _rate(report: Overview) -> str | None:
    """Who answered of those who were asked: a score says nothing of the others."""
    found = report.rate
    if found is None or found.rate is None or found.low is None or found.high is None:
        return None
    between = f"between {words.percent(found.low)} and {words.percent(found.high)}"
    asked = words.count(found.delivered, "customer was", "customers were")
    return f"{asked} asked, and {words.percent(found.rate)} answered, {between}."


def _costs(row: Row) -> str:
    """`Costs 4.8 NPS points, between 4.4 and 5.1, from 752 scored responses.`"""
    found = row.point.impact
    if found.value is None or found.low is None or found.high is None or found.value > 0:
        return row.cost if row.cost.endswith(".") else f"{row.figure} {row.cost}."
    value, low, high = (words.number(-end, 1) for end in (found.value, found.high, found.low))
    unit = row.cost.partition(",")[0]
    said = words.count(found.n, "scored response")
    return f"Costs {value} {unit}, between {low} and {high}, from {said}."


def _item(row: Row) -> dict[str, Any]:
    """A pain point: where, what it costs with its interval, who says it and how."""
    where = row.stage if row.stage == row.touchpoint else f"{row.stage}, {row.touchpoint.lower()}"
    point = row.point
    return {
        "rank": point.rank,
        "theme": clean(row.theme),
        "where": clean(where),
        "figure": row.figure or DASH,
        "cost": row.cost,
        "costs": _costs(row),
        "heard": f"Heard in {row.reach}; {row.trend}.",
        "n": f"{point.impact.n:,}",
        "reach": row.reach,
        "bar": interval_svg(row.bar, told=point.told) if row.bar else None,
        "quotes": [clean(masked(one.text)) for one in point.evidence[:QUOTES]],
    }


def _stage(stage: StageOut) -> list[str]:
    """A row of the table below the curve."""
    felt, scores = stage.sentiment, []
    for score in stage.scores:
        name = words.METRICS.get(score.metric)
        if name and score.value is not None and score.low is not None and score.high is not None:
            low, high = words.number(score.low, 1), words.number(score.high, 1)
            scores.append(f"{name} {words.number(score.value, 1)} ({low} to {high}), n {score.n:,}")
        elif name:
            scores.append(f"{name}: too few (n {score.n:,})")
    mean = "too few"
    if felt.mean is not None and felt.low is not None and felt.high is not None:
        ends = f"({words.signed(felt.low, 2)} to {words.signed(felt.high, 2)})"
        mean = f"{words.signed(felt.mean, 2)} {ends}"
    said = "; ".join(scores) or DASH
    return [clean(stage.name), f"{stage.n:,}", f"{felt.n:,}", mean, said]
