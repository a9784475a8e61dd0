"""GET /api/v1/journeys/ID/report.pdf and its charts: the report to print and to pass on."""

from __future__ import annotations

from typing import Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field

from feedback.api.asked import EXPORTS, JourneyPath, ReportQuery, workspace
from feedback.api.schemas import ErrorOut
from feedback.exports.pdf.pictures import MEDIA, picture
from feedback.exports.pdf.report import report_pdf, report_view
from feedback.exports.reply import saved
from feedback.exports.wanted import Wanted, find_wanted
from models.base import db
from surveys.access import Access, allow
from surveys.services import Services

_PDF = "application/pdf"


class ChartPath(JourneyPath):
    """Which journey, which chart, and in which format."""

    chart: Literal["emotion-curve", "pain-points"] = Field(description="What is drawn.")
    format: Literal["svg", "png"] = Field(description="PNG is 2 pixels a point.")


def _file(*media: str) -> dict[str, object]:
    content = {one: {"schema": {"type": "string"}} for one in media}
    return {"description": "The file.", "content": content}


def _wanted(journey: str, query: ReportQuery) -> Wanted:
    given = query.model_dump(by_alias=True) | {"journey": journey}
    return find_wanted(db.session(), workspace(), given)


def make_blueprint(services: Services) -> APIBlueprint:
    """The report's files; register it with `app.register_api`."""
    api = APIBlueprint("report_files", __name__, url_prefix="/api/v1", abp_security=[{"key": []}])

    @api.get(
        "/journeys/<string:journey>/report.pdf",
        tags=[EXPORTS],
        summary="The report as PDF",
        description="The report as a document to print: what it says, its charts, how to read it.",
        operation_id="report_pdf",
        responses={200: _file(_PDF), 401: ErrorOut, 404: ErrorOut, 422: ErrorOut},
    )
    @allow(Access.KEY_OR_SESSION)
    def document(path: JourneyPath, query: ReportQuery) -> Response:
        wanted = _wanted(path.journey, query)
        made = report_pdf(db.session(), workspace(), wanted, services.now())
        return saved(Response(made, mimetype=_PDF), "report.pdf")

    @api.get(
        "/journeys/<string:journey>/charts/<string:chart>.<string:format>",
        tags=[EXPORTS],
        summary="A chart of the report",
        description="A picture of the report's own chart; 404 where there is nothing to draw.",
        operation_id="report_chart",
        responses={
            200: _file(*MEDIA.values()),
            401: ErrorOut,
            404: ErrorOut,
            422: ErrorOut,
        },
    )
    @allow(Access.KEY_OR_SESSION)
    def chart(path: ChartPath, query: ReportQuery) -> Response:
        wanted = _wanted(path.journey, query)
        made = picture(report_view(db.session(), wanted, services.now()), path.chart, path.format)
        return saved(Response(made, mimetype=MEDIA[path.format]), f"{path.chart}.{path.format}")

    return api
