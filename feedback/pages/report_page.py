"""The home page: the pain-point report of a journey, in words, in a picture and as a list."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.pages.frame import workspace
from feedback.pages.journey import journeys_of
from feedback.pages.paging import address
from feedback.pages.pain_point_table import pain_rows, pain_sort
from feedback.pages.quotes import ends
from feedback.pages.report_asked import Asked, asked
from feedback.pages.report_view import ReportView, view
from feedback.reporting.report import pain_point_report
from feedback.reporting.scope import find_scope
from models.base import db
from models.customer import Segment
from models.errors import NotFound
from models.journey import Journey
from models.survey import CHANNELS, Survey
from surveys.access import Access, allow
from surveys.services import Services


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/`."""

    @blueprint.get("/")
    @allow(Access.SESSION)
    def report() -> ResponseReturnValue:
        session, wanted = db.session(), asked(workspace().timezone)
        journeys = journeys_of(session, g.workspace_id)
        chosen = next((one for one in journeys if wanted.journey in (one.key, None)), None)
        if chosen is None:
            return _no_journey(wanted, journeys)
        shown, sort = _view(session, services, wanted, chosen), pain_sort()
        return render_template(
            "report.html",
            view=shown,
            sort=sort,
            rows=pain_rows((*shown.told, *shown.untold), sort),
            asked=wanted.given,
            journeys=journeys,
            choices=_choices(session),
            json_link=_json_link(chosen, wanted),
            csv_link=address("pages.pain_points_csv", journey=chosen.key),
        )


def _view(session: Session, services: Services, wanted: Asked, chosen: Journey) -> ReportView:
    now, key = services.now(), chosen.key
    found = pain_point_report(session, g.workspace_id, now, key, wanted.period, wanted.filters)
    scope = find_scope(session, chosen, wanted.period, wanted.filters, now)
    return view(found, ends(session, scope, found))


def _choices(session: Session) -> dict[str, list[tuple[str, str]]]:
    """What the filters may be set to: (value, words)."""
    surveys = select(Survey.key, Survey.name).where(Survey.workspace_id == g.workspace_id)
    segments = select(Segment.key, Segment.name).where(Segment.workspace_id == g.workspace_id)
    return {
        "survey": [(row.key, row.name) for row in session.execute(surveys.order_by(Survey.name))],
        "segment": [
            (row.key, row.name) for row in session.execute(segments.order_by(Segment.name))
        ],
        "channel": [(one, {"sms": "SMS", "web": "Web"}.get(one, one)) for one in CHANNELS],
    }


def _json_link(chosen: Journey, wanted: Asked) -> str:
    filters = {name: value for name, value in wanted.given.items() if name != "journey"}
    return f"/api/v1/journeys/{chosen.key}/pain-points?{urlencode(filters)}".rstrip("?")


def _no_journey(wanted: Asked, journeys: list[Journey]) -> ResponseReturnValue:
    if not journeys:
        return render_template("report_empty.html")
    known = ", ".join(one.key for one in journeys)
    raise NotFound(f"there is no journey {wanted.journey!r}", mend=f"Choose one of: {known}.")
