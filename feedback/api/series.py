"""The courses of scores and themes, and comparisons, as JSON."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from flask import Response, g
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from feedback.api.reports import JourneyPath, ReportQuery
from feedback.api.schemas import ErrorOut
from feedback.reporting.compare import Asked, Side, comparison
from feedback.reporting.compare_schema import Comparison
from feedback.reporting.period import read_moment
from feedback.reporting.scope import Filters
from feedback.reporting.score_report import score_report
from feedback.reporting.series_schema import ScoresReport, ThemeReport
from feedback.reporting.theme_report import theme_report
from models.base import db
from models.errors import NotFound
from models.workspace import Workspace
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
    "Two sides of a journey: `from` to `survey` say what this side is, `other_from` to "
    "`other_survey` what the other is. A filter left open is this side's; `*` leaves it out. "
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


def _workspace() -> tuple[Workspace, ZoneInfo]:
    found = db.session().get(Workspace, g.workspace_id)
    if found is None:
        raise NotFound("the workspace is gone")
    return found, ZoneInfo(found.timezone)


def _asked(query: ReportQuery, zone: ZoneInfo) -> tuple[Asked, Filters]:
    period = read_moment(query.start, "from", zone), read_moment(query.end, "to", zone, end=True)
    return period, Filters(query.segment, query.channel, query.survey)


def _other(query: CompareQuery, zone: ZoneInfo) -> Side:
    start = read_moment(query.other_start, "other_from", zone)
    end = read_moment(query.other_end, "other_to", zone, end=True)
    filters = Filters(query.other_segment, query.other_channel, query.other_survey)
    return Side((start, end), filters)


def _json(found: BaseModel) -> Response:
    return Response(found.model_dump_json(by_alias=True), mimetype="application/json")


def make_blueprint(services: Services) -> APIBlueprint:
    """The API of courses and comparisons; register it with `app.register_api`."""
    api = APIBlueprint("series", __name__, url_prefix="/api/v1", abp_security=[{"key": []}])
    _add_scores(api, services)
    _add_theme(api, services)
    _add_compare(api, services)
    return api


View = Callable[..., Response]


def _get(
    api: APIBlueprint, path: str, name: str, summary: str, about: str, shape: type[BaseModel]
) -> Callable[[View], View]:
    return api.get(
        path,
        tags=[Tag(name="Reports", description="What customers said.")],
        summary=summary,
        description=about,
        operation_id=name,
        responses={200: shape, 401: ErrorOut, 404: ErrorOut, 422: ErrorOut},
    )


def _add_scores(api: APIBlueprint, services: Services) -> None:
    @_get(
        api,
        "/journeys/<string:journey>/scores",
        "scores",
        "How a journey scores",
        _SCORES,
        ScoresReport,
    )
    @allow(Access.KEY_OR_SESSION)
    def scores(path: JourneyPath, query: ReportQuery) -> Response:
        (workspace, zone), session = _workspace(), db.session()
        period, filters = _asked(query, zone)
        given = (path.journey, period, filters)
        return _json(score_report(session, workspace.id, services.now(), zone, *given))


def _add_theme(api: APIBlueprint, services: Services) -> None:
    @_get(
        api,
        "/journeys/<string:journey>/themes/<string:theme>/over-time",
        "theme_over_time",
        "A theme over time",
        _THEME,
        ThemeReport,
    )
    @allow(Access.KEY_OR_SESSION)
    def theme_over_time(path: ThemePath, query: ReportQuery) -> Response:
        (workspace, zone), session = _workspace(), db.session()
        period, filters = _asked(query, zone)
        given = (path.theme, path.journey, period, filters)
        return _json(theme_report(session, workspace.id, services.now(), zone, *given))


def _add_compare(api: APIBlueprint, services: Services) -> None:
    @_get(
        api,
        "/journeys/<string:journey>/compare",
        "compare",
        "Two sides of a journey",
        _COMPARE,
        Comparison,
    )
    @allow(Access.KEY_OR_SESSION)
    def compare(path: JourneyPath, query: CompareQuery) -> Response:
        workspace, zone = _workspace()
        sides = Side(*_asked(query, zone)), _other(query, zone)
        now = services.now()
        return _json(comparison(db.session(), workspace.id, now, path.journey, *sides))
