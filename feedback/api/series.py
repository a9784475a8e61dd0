"""The courses of scores and themes, and comparisons, as JSON."""

from __future__ import annotations

from flask import Response, g
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field

from feedback.api.asked import (
    JourneyPath,
    ReportQuery,
    as_json,
    get_report,
    narrowed,
    zone_here,
)
from feedback.reporting.compare import Side, comparison
from feedback.reporting.compare_schema import Comparison
from feedback.reporting.period import read_period
from feedback.reporting.scope import Filters
from feedback.reporting.score_report import score_report
from feedback.reporting.series_schema import ScoresReport, ThemeReport
from feedback.reporting.theme_report import theme_report
from models.base import db
from surveys.access import Access, allow
from surveys.services import Services

_SCORES = (
    "Each score with its 95% interval, its distribution, its change against the period before, "
    "its goal, and its course by day, week, month or year with a smoothed line; and how many of "
    "those who were asked answered."
)
_THEME = (
    "The share of voices that speak badly and well of a theme, by day, week, month or year, in "
    "the whole journey and at each touchpoint where it is spoken of."
)
_COMPARE = (
    "Two sides of a journey: `from` to `language` say what this side is, `other_from` to "
    "`other_language` what the other is. A filter left open is this side's; `*` leaves it out. "
    "Without dates the other side is the same period where a filter differs, else the period "
    "before."
)


class ThemePath(JourneyPath):
    """Which theme of which journey."""

    theme: str = Field(
        max_length=63,
        description="The theme's key.",
        json_schema_extra={"example": "delivery_speed"},
    )


class CompareQuery(ReportQuery):
    """What the two sides are."""

    other_start: str | None = Field(
        default=None, alias="other_from", description="A date, or a time with its zone."
    )
    other_end: str | None = Field(
        default=None, alias="other_to", description="A date, that day included, or a time."
    )
    other_segment: str | None = Field(default=None, description="A segment's key, or `*`.")
    other_channel: str | None = Field(default=None, description="`sms`, `web` or `*`.")
    other_survey: str | None = Field(default=None, description="A survey's key, or `*`.")
    other_language: str | None = Field(default=None, description="A language's code, or `*`.")


def _other(query: CompareQuery) -> Side:
    period = read_period(query.model_dump(by_alias=True), zone_here(), "other_")
    return Side(period, Filters.of(query.model_dump(), "other_"))


def make_blueprint(services: Services) -> APIBlueprint:
    """The API of courses and comparisons; register it with `app.register_api`."""
    api = APIBlueprint("series", __name__, url_prefix="/api/v1", abp_security=[{"key": []}])
    _add_scores(api, services)
    _add_theme(api, services)
    _add_compare(api, services)
    return api


def _add_scores(api: APIBlueprint, services: Services) -> None:
    @get_report(
        api,
        "/journeys/<string:journey>/scores",
        "scores",
        "How a journey scores",
        _SCORES,
        ScoresReport,
    )
    @allow(Access.KEY_OR_SESSION)
    def scores(path: JourneyPath, query: ReportQuery) -> Response:
        whose = (db.session(), g.workspace_id, services.now(), zone_here())
        return as_json(score_report(*whose, path.journey, *narrowed(query)))


def _add_theme(api: APIBlueprint, services: Services) -> None:
    @get_report(
        api,
        "/journeys/<string:journey>/themes/<string:theme>/over-time",
        "theme_over_time",
        "A theme over time",
        _THEME,
        ThemeReport,
    )
    @allow(Access.KEY_OR_SESSION)
    def theme_over_time(path: ThemePath, query: ReportQuery) -> Response:
        whose = (db.session(), g.workspace_id, services.now(), zone_here())
        return as_json(theme_report(*whose, path.theme, path.journey, *narrowed(query)))


def _add_compare(api: APIBlueprint, services: Services) -> None:
    @get_report(
        api,
        "/journeys/<string:journey>/compare",
        "compare",
        "Two sides of a journey",
        _COMPARE,
        Comparison,
    )
    @allow(Access.KEY_OR_SESSION)
    def compare(path: JourneyPath, query: CompareQuery) -> Response:
        whose = (db.session(), g.workspace_id, services.now())
        sides = Side(*narrowed(query)), _other(query)
        return as_json(comparison(*whose, path.journey, *sides))
