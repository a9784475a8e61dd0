"""GET /api/v1/exports/KIND.FORMAT: rows to take away, sent while they are read."""

from __future__ import annotations

from functools import partial
from typing import Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field
from sqlalchemy.orm import Session

from feedback.api.asked import EXPORTS, ReportQuery, as_json, workspace
from feedback.api.schemas import ErrorOut
from feedback.exports.formats import FORMATS
from feedback.exports.kinds import KINDS, table
from feedback.exports.reply import export_reply
from feedback.exports.wanted import Wanted, find_wanted
from feedback.shapes import Shape
from models.base import db
from surveys.access import Access, allow
from surveys.services import Services

_ABOUT = (
    "All rows of one kind as a file, in one answer, however many there are. The columns never "
    "depend on what was answered: `GET /api/v1/exports` lists them. Personal data in comments is "
    "masked; customers come by their ids. Times have the workspace's offset in CSV and Excel and "
    "are UTC in Parquet. An answer that ends before its time means that the file is not whole."
)
_FILE = {
    "description": "The file.",
    "content": {media: {"schema": {"type": "string"}} for _, media in FORMATS.values()},
}


class ExportPath(Shape):
    """Which rows, and in which format."""

    kind: Literal["responses", "comments", "mentions", "scores", "pain-points"] = Field(
        description="What a row stands for."
    )
    format: Literal["csv", "xlsx", "parquet"] = Field(
        description="`parquet` where the server has pyarrow."
    )


class ExportQuery(ReportQuery):
    """What narrows an export."""

    journey: str | None = Field(default=None, description="The key of a journey.")


class ColumnOut(Shape):
    """One column of an export."""

    name: str
    holds: Literal["text", "whole number", "number", "yes or no", "time"]
    about: str


class ExportOut(Shape):
    """One export and its columns, in order."""

    kind: str
    name: str
    about: str
    columns: list[ColumnOut]


class ExportsOut(Shape):
    """What can be taken away."""

    exports: list[ExportOut]
    formats: list[str]


def _wanted(query: ExportQuery) -> Wanted:
    return find_wanted(db.session(), workspace(), query.model_dump(by_alias=True))


def _described(services: Services) -> ExportsOut:
    everything, open_session = _wanted(ExportQuery()), partial(Session, db.engine)
    exports = [
        ExportOut(
            kind=kind,
            name=name,
            about=about,
            columns=[
                ColumnOut(name=one.name, holds=one.kind.value, about=one.about)
                for one in table(kind, open_session, everything, services.now()).columns
            ],
        )
        for kind, (name, about) in KINDS.items()
    ]
    return ExportsOut(exports=exports, formats=list(FORMATS))


def make_blueprint(services: Services) -> APIBlueprint:
    """The exports API; register it with `app.register_api`."""
    api = APIBlueprint("exports", __name__, url_prefix="/api/v1", abp_security=[{"key": []}])

    @api.get(
        "/exports",
        tags=[EXPORTS],
        summary="What can be exported",
        description="Every export of the workspace with its columns and what they mean.",
        operation_id="exports",
        responses={200: ExportsOut, 401: ErrorOut},
    )
    @allow(Access.KEY_OR_SESSION)
    def exports() -> Response:
        return as_json(_described(services))

    @api.get(
        "/exports/<string:kind>.<string:format>",
        tags=[EXPORTS],
        summary="Export rows",
        description=_ABOUT,
        operation_id="export",
        responses={200: _FILE, 401: ErrorOut, 404: ErrorOut, 409: ErrorOut, 422: ErrorOut},
    )
    @allow(Access.KEY_OR_SESSION)
    def export(path: ExportPath, query: ExportQuery) -> Response:
        wanted = _wanted(query)
        return export_reply(db.engine, path.kind, path.format, wanted, services.now())

    return api
