"""One pain point: what it costs, how it moves, and every comment behind it."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue

from feedback.pages.frame import workspace
from feedback.pages.paging import listed
from feedback.pages.quotes import complaints
from feedback.pages.report_asked import asked
from feedback.pages.report_view import Row, Said, view
from feedback.pages.responses import mentions_of
from feedback.reporting.report import pain_point_report
from feedback.reporting.schema import Report
from feedback.reporting.scope import find_journey, find_scope
from models.base import db
from models.errors import NotFound
from models.reading import Comment
from surveys.access import Access, allow
from surveys.services import Services

QUOTES = 20


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/pain-points/TOUCHPOINT/THEME`."""

    @blueprint.get("/pain-points/<touchpoint>/<theme>")
    @allow(Access.SESSION)
    def pain_point(touchpoint: str, theme: str) -> ResponseReturnValue:
        session, now, wanted = db.session(), services.now(), asked(workspace().timezone)
        found = pain_point_report(
            session, g.workspace_id, now, wanted.journey, wanted.period, wanted.filters
        )
        row = _row(found, touchpoint, theme)
        journey = find_journey(session, g.workspace_id, found.journey)
        scope = find_scope(session, journey, wanted.period, wanted.filters, now)
        place = next(id_ for id_, key in scope.touchpoints.items() if key == touchpoint)
        statement = complaints(session, scope, place, theme)
        page = listed(session, statement, Comment.id.expression, QUOTES)
        return render_template(
            "pain_point.html",
            row=row,
            report=found,
            page=page,
            mentions=mentions_of(session, [one.id for one in page.rows]),
            back=f"{url_for('pages.report')}?{urlencode(wanted.given)}".rstrip("?"),
        )


def _row(report: Report, touchpoint: str, theme: str) -> Row:
    shown = view(report, Said())
    for row in (*shown.told, *shown.untold):
        if (row.point.touchpoint, row.point.theme) == (touchpoint, theme):
            return row
    raise NotFound(
        "nobody complains of this here in the period you look at",
        mend="Go back to the report, or widen its period.",
    )
