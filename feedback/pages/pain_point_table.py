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
from feedback.reporting.report import pain_point_report
from feedback.reporting.schema import PainPointOut, Report
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


_KEYS: Mapping[str, Callable[[Row], Any]] = {
    "rank": lambda row: row.point.rank,
    "touchpoint": lambda row: row.touchpoint.casefold(),
    "theme": lambda row: row.point.theme_name.casefold(),
    "complaints": lambda row: row.point.negative,
    "reach": lambda row: row.point.reach,
    "metric": lambda row: row.point.impact.metric,
    "impact": lambda row: row.point.impact.value,
    "adjusted": lambda row: row.point.impact.adjusted,
    "q": lambda row: row.point.impact.q,
}


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/pain-points.csv`."""

    @blueprint.get("/pain-points.csv")
    @allow(Access.SESSION)
    def pain_points_csv() -> ResponseReturnValue:
        session, wanted = db.session(), asked(workspace().timezone)
        found = pain_point_report(
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


def pain_rows(report: Report, sort: Sort) -> list[Row]:
    """The pain points of a report in a sort's order."""
    names = names_of(report)
    rows = (Row(one, names[one.stage], names[one.touchpoint]) for one in report.pain_points)
    return arranged(rows, sort, _KEYS)


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
