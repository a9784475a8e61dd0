"""The pain points as a table: sorted by its headers, and as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Blueprint, g, url_for
from flask.typing import ResponseReturnValue

from feedback.pages.csv_file import Cell, csv_reply
from feedback.pages.frame import workspace
from feedback.pages.redaction import masked
from feedback.pages.report_asked import asked
from feedback.pages.report_view import names_of
from feedback.pages.sorting import Sort, arranged, read_sort
from feedback.pages.words import METRICS
from feedback.reporting.made import Made
from feedback.reporting.report import Found, find_report
from feedback.reporting.schema import PainPointOut
from feedback.statistics.impact import Impact
from feedback.statistics.painpoint import PainPoint
from models.base import db
from surveys.access import Access, allow
from surveys.services import Services

KEYS = ("rank", "touchpoint", "theme", "-complaints", "-reach", "metric", "impact", "adjusted", "q")
HEAD = [
    "Rank",
    "Stage",
    "Touchpoint",
    "Theme",
    "Complaints",
    "Reach",
    "Reach low",
    "Reach high",
    "Metric",
    "Impact",
    "Impact low",
    "Impact high",
    "Adjusted",
    "Adjusted low",
    "Adjusted high",
    "q",
    "Scored responses",
    "Told from chance",
    "Reach before",
    "Reach now",
    "Trend p",
    "A comment",
]


@dataclass(frozen=True, slots=True)
class Row:
    """A pain point, and what its stage and its touchpoint are called."""

    point: PainPointOut
    stage: str
    touchpoint: str


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/pain-points.csv`."""

    @blueprint.get("/pain-points.csv")
    @allow(Access.SESSION)
    def pain_points_csv() -> ResponseReturnValue:
        session, wanted = db.session(), asked(workspace().timezone)
        found = find_report(
            session,
            g.workspace_id,
            services.now(),
            wanted.journey,
            wanted.period,
            wanted.filters,
        )
        return csv_reply("pain-points", HEAD, _cells(pain_rows(found, pain_sort())))


def pain_links(given: Mapping[str, str]) -> Callable[[PainPointOut], str]:
    """The addresses of pain points' own pages under what a report was asked for.

    What they share is made once: a list has dozens of them.
    """
    asked_for: Mapping[str, Any] = {**given, "touchpoint": "~", "theme": "~"}
    before, _, after = url_for("pages.pain_point", **asked_for).partition("~/~")
    return lambda point: f"{before}{quote(point.touchpoint)}/{quote(point.theme)}{after}"


def pain_sort() -> Sort:
    """How the table is asked to stand."""
    return read_sort(KEYS, "rank", anchor="pain-data")


def pain_rows(found: Found, sort: Sort) -> Sequence[Row]:
    """The pain points of a report in a sort's order."""
    names, points = names_of(found.overview), found.pain_points
    stood = points if sort.key == "rank" else points.again(_arranged(found, sort, names))
    if sort.key == "rank" and sort.down:
        stood = points.again(points.of[::-1])
    return Made(stood, lambda one: Row(one, names[one.stage], names[one.touchpoint]))


def _arranged(found: Found, sort: Sort, names: Mapping[str, str]) -> Sequence[PainPoint]:
    return arranged(found.pain_points.of, sort, _keys(found, names))


def _keys(found: Found, names: Mapping[str, str]) -> Mapping[str, Callable[[PainPoint], Any]]:
    def impact(wanted: Callable[[Impact], Any]) -> Callable[[PainPoint], Any]:
        return lambda point: wanted(point.impact) if point.impact else None

    return {
        "touchpoint": lambda point: names[point.cell.touchpoint].casefold(),
        "theme": lambda point: found.themes.name(point.cell.theme).casefold(),
        "complaints": lambda point: point.negative,
        "reach": lambda point: point.reach.value,
        "metric": impact(lambda one: one.metric.value),
        "impact": impact(lambda one: one.value),
        "adjusted": lambda point: point.adjusted.value if point.adjusted else None,
        "q": lambda point: point.q,
    }


def _cells(rows: Iterable[Row]) -> Iterator[Sequence[Cell]]:
    for row in rows:
        point, impact, trend = row.point, row.point.impact, row.point.trend
        place = (point.rank, row.stage, row.touchpoint, point.theme_name, point.negative)
        reach = (point.reach, point.reach_low, point.reach_high)
        metric = METRICS.get(impact.metric or "", impact.metric)
        cost = (metric, impact.value, impact.low, impact.high)
        adjusted = (impact.adjusted, impact.adjusted_low, impact.adjusted_high)
        sure = (impact.q, impact.n, point.told)
        moved = (trend.previous, trend.current, trend.p)
        quote = masked(point.evidence[0].text) if point.evidence else None
        yield (*place, *reach, *cost, *adjusted, *sure, *moved, quote)
