"""The home page: the pain-point report of a journey, in words, in a picture and as a list."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from feedback.cells.status import status_of
from feedback.pages.choices import choices, chosen_journey
from feedback.pages.counting_words import counting
from feedback.pages.frame import workspace
from feedback.pages.paging import address
from feedback.pages.pain_point_table import pain_links, pain_rows, pain_sort
from feedback.pages.quotes import ends
from feedback.pages.report_asked import asked
from feedback.pages.report_view import view
from feedback.pages.score_page import json_link
from feedback.pages.shown import read_shown
from feedback.reporting.report import report_on
from feedback.reporting.scope import find_scope
from models.base import db
from surveys.access import Access, allow
from surveys.services import Services

SHOWN = {"told": 12, "untold": 12, "pain-data": 12}
"""So many pain points of each part of the page are there before all are asked for.

Beyond the first of those told from chance the list is brief: who has five minutes reads the top.
"""


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/`."""

    @blueprint.get("/")
    @allow(Access.SESSION)
    def report() -> ResponseReturnValue:
        session, wanted = db.session(), asked(workspace().timezone)
        chosen, journeys = chosen_journey(session, wanted.journey)
        if chosen is None:
            return render_template("report_empty.html")
        now, sort = services.now(), pain_sort()
        scope = find_scope(session, chosen, wanted.period, wanted.filters, now)
        found = report_on(session, chosen, scope, now, wanted.period)
        return render_template(
            "report.html",
            view=view(found, ends(session, scope, found), workspace().timezone),
            shown=read_shown(SHOWN),
            pain_link=pain_links(wanted.given),
            counting=counting(status_of(session, g.workspace_id)),
            sort=sort,
            rows=pain_rows(found, sort),
            asked=wanted.given,
            journeys=journeys,
            choices=choices(session),
            json_link=json_link(chosen, wanted, "pain-points"),
            csv_link=address("pages.pain_points_csv", journey=chosen.key),
        )
