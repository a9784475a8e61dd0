"""The scores of a journey: sentence, change, target, course, distribution, and who answered."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from feedback.pages import impact_words
from feedback.pages.choices import choices, chosen_journey
from feedback.pages.frame import workspace
from feedback.pages.report_asked import Asked, asked
from feedback.pages.score_view import metric_view
from feedback.reporting.score_report import score_report
from models.base import db
from models.journey import Journey
from surveys.access import Access, allow
from surveys.schedule import zone_of
from surveys.services import Services


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/scores`."""

    @blueprint.get("/scores")
    @allow(Access.SESSION)
    def scores() -> ResponseReturnValue:
        session, here = db.session(), workspace()
        wanted = asked(here.timezone)
        chosen, journeys = chosen_journey(session, wanted.journey)
        if chosen is None:
            return render_template("report_empty.html")
        found = score_report(
            session,
            g.workspace_id,
            services.now(),
            zone_of(here.timezone),
            chosen.key,
            wanted.period,
            wanted.filters,
        )
        return render_template(
            "scores.html",
            report=found,
            metrics=[metric_view(one, found, here.timezone) for one in found.metrics],
            say=impact_words,
            asked=wanted.given,
            journeys=journeys,
            choices=choices(session),
            json_link=json_link(chosen, wanted, "scores"),
        )


def json_link(chosen: Journey, wanted: Asked, what: str) -> str:
    """The same view from the API."""
    filters = {name: value for name, value in wanted.given.items() if name != "journey"}
    return f"/api/v1/journeys/{chosen.key}/{what}?{urlencode(filters)}".rstrip("?")
