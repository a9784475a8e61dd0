"""The pain points as a table: sorted by its headers, and as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from feedback.pages.csv_file import Cell, csv_reply
from feedback.pages.frame import workspace
from feedback.pages.report_asked import asked
from feedback.pages.report_view import Row, Said, view
from feedback.pages.sorting import Sort, arranged, read_sort
from feedback.pages.words import METRICS
from feedback.reporting.report import pain_point_report
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
_KEYS: Mapping[str, Callable[[Row], Any]] = {
    "rank": lambda row: row.point.rank,
    "touchpoint": lambda row: row.touchpoint.casefold(),
    "theme": lambda row: row.theme.casefold(),
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
        shown = view(found, Said())
        rows = pain_rows((*shown.told, *shown.untold), pain_sort())
        return csv_reply("pain-points", HEAD, _cells(rows))


def pain_sort() -> Sort:
    """How the table is asked to stand."""
    return read_sort(KEYS, "rank", anchor="pain-data")


def pain_rows(rows: Iterable[Row], sort: Sort) -> list[Row]:
    """The rows in a sort's order."""
    return arranged(rows, sort, _KEYS)


def _cells(rows: Iterable[Row]) -> Iterator[Sequence[Cell]]:
    for row in rows:
        point, impact, trend = row.point, row.point.impact, row.point.trend
        place = (point.rank, row.stage, row.touchpoint, row.theme, point.negative)
        reach = (point.reach, point.reach_low, point.reach_high)
        metric = METRICS.get(impact.metric or "", impact.metric)
        cost = (metric, impact.value, impact.low, impact.high)
        adjusted = (impact.adjusted, impact.adjusted_low, impact.adjusted_high)
        sure = (impact.q, impact.n, point.told)
        moved = (trend.previous, trend.current, trend.p)
        yield (*place, *reach, *cost, *adjusted, *sure, *moved, row.quote)
