"""GET /api/v1/journeys/ID/pain-points: the report as JSON."""

from __future__ import annotations

from flask import Response, g
from flask_openapi3.blueprint import APIBlueprint

from feedback.api.asked import JourneyPath, ReportQuery, get_report, narrowed
from feedback.reporting.report import find_report
from feedback.reporting.schema import Report
from models.base import db
from surveys.access import Access, allow
from surveys.services import Services

_ABOUT = (
    "Every theme spoken badly of at a touchpoint of the journey, ranked by what it surely costs; "
    "those that the data can't tell from noise come last. Without `from` the whole history "
    "counts, and the trend compares its later half with the earlier one; with it, the trend is "
    "against the period of equal length before."
)


def make_blueprint(services: Services) -> APIBlueprint:
    """The reports API; register it with `app.register_api`."""
    api = APIBlueprint("reports", __name__, url_prefix="/api/v1", abp_security=[{"key": []}])

    @get_report(
        api,
        "/journeys/<string:journey>/pain-points",
        "pain_points",
        "Where a journey hurts",
        _ABOUT,
        Report,
    )
    @allow(Access.KEY_OR_SESSION)
    def pain_points(path: JourneyPath, query: ReportQuery) -> Response:
        session, now = db.session(), services.now()
        found = find_report(session, g.workspace_id, now, path.journey, *narrowed(query))
        return Response(found.json(), mimetype="application/json")

    return api
