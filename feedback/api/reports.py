"""GET /api/v1/journeys/ID/pain-points: the report as JSON."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Response, g
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from feedback.api.schemas import ErrorOut
from feedback.reporting.period import read_moment
from feedback.reporting.report import pain_point_report
from feedback.reporting.schema import Report
from feedback.reporting.scope import Filters
from models.base import db
from models.errors import NotFound
from models.workspace import Workspace
from surveys.access import Access, allow
from surveys.services import Services

_ABOUT = (
    "Every theme spoken badly of at a touchpoint of the journey, ranked by what it surely costs; "
    "those that the data can't tell from noise come last. Without `from` the whole history "
    "counts, and the trend compares its later half with the earlier one; with it, the trend is "
    "against the period of equal length before."
)


class JourneyPath(BaseModel):
    """Which journey."""

    journey: str = Field(
        max_length=63, description="Its key or its id.", json_schema_extra={"example": "shop"}
    )


class ReportQuery(BaseModel):
    """What narrows the report."""

    model_config = ConfigDict(extra="forbid")

    start: str | None = Field(
        default=None,
        alias="from",
        description="A date, or a time with its zone.",
        json_schema_extra={"example": "2026-01-01"},
    )
    end: str | None = Field(
        default=None, alias="to", description="A date, that day included, or a time with its zone."
    )
    segment: str | None = Field(default=None, description="The key of a segment.")
    channel: str | None = Field(default=None, description="`sms` or `web`.")
    survey: str | None = Field(default=None, description="The key of a survey.")


def _report(services: Services, journey: str, query: ReportQuery) -> Report:
    session = db.session()
    workspace = session.get(Workspace, g.workspace_id)
    if workspace is None:
        raise NotFound("the workspace is gone")
    zone = ZoneInfo(workspace.timezone)
    period = read_moment(query.start, "from", zone), read_moment(query.end, "to", zone, end=True)
    filters = Filters(query.segment, query.channel, query.survey)
    return pain_point_report(session, workspace.id, services.now(), journey, period, filters)


def make_blueprint(services: Services) -> APIBlueprint:
    """The reports API; register it with `app.register_api`."""
    api = APIBlueprint("reports", __name__, url_prefix="/api/v1", abp_security=[{"key": []}])

    @api.get(
        "/journeys/<string:journey>/pain-points",
        tags=[Tag(name="Reports", description="What customers said.")],
        summary="Where a journey hurts",
        description=_ABOUT,
        operation_id="pain_points",
        responses={200: Report, 401: ErrorOut, 404: ErrorOut, 422: ErrorOut},
    )
    @allow(Access.KEY_OR_SESSION)
    def pain_points(path: JourneyPath, query: ReportQuery) -> Response:
        report = _report(services, path.journey, query)
        return Response(report.model_dump_json(by_alias=True), mimetype="application/json")

    return api
