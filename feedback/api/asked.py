"""What the reports of the API share: whose they are, what narrows them, how they are written."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from flask import Response, g
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from feedback.api.schemas import ErrorOut
from feedback.reporting.period import Ends, read_period
from feedback.reporting.scope import Filters
from feedback.shapes import Shape
from models.base import db
from models.errors import NotFound
from models.workspace import Workspace

REPORTS = Tag(name="Reports", description="What customers said.")
EXPORTS = Tag(name="Exports", description="What to take away.")
View = Callable[..., Response]


class JourneyPath(Shape):
    """Which journey."""

    journey: str = Field(
        max_length=63, description="Its key or its id.", json_schema_extra={"example": "shop"}
    )


class ReportQuery(Shape):
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
    language: str | None = Field(
        default=None,
        description="The code of the language that was asked in; of comments that answer "
        "nothing, the one they are in.",
        json_schema_extra={"example": "en"},
    )


def workspace() -> Workspace:
    """The workspace that whoever asks belongs to."""
    found = db.session().get(Workspace, g.workspace_id)
    if found is None:
        raise NotFound("the workspace is gone")
    return found


def zone_here() -> ZoneInfo:
    """The zone that dates are days of."""
    return ZoneInfo(workspace().timezone)


def narrowed(query: ReportQuery) -> tuple[Ends, Filters]:
    """The period and the filters that are asked for."""
    period = read_period(query.model_dump(by_alias=True), zone_here())
    return period, Filters.of(query.model_dump())


def as_json(found: BaseModel) -> Response:
    """A report, its fields named as JSON names them."""
    return Response(found.model_dump_json(by_alias=True), mimetype="application/json")


def get_report(
    api: APIBlueprint, path: str, name: str, summary: str, about: str, shape: type[BaseModel]
) -> Callable[[View], View]:
    """Routes a GET that gives a report of this shape; `name` is its operation."""
    return api.get(
        path,
        tags=[REPORTS],
        summary=summary,
        description=about,
        operation_id=name,
        responses={200: shape, 401: ErrorOut, 404: ErrorOut, 422: ErrorOut},
    )
