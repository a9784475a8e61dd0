"""Two sides of a journey next to each other, both written in the address bar."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from feedback.pages.choices import choices, chosen_journey
from feedback.pages.compare_view import compare_view
from feedback.pages.frame import workspace
from feedback.pages.report_asked import NAMES as HERE
from feedback.pages.report_asked import asked
from feedback.reporting.compare import Side, comparison
from feedback.reporting.period import read_period
from feedback.reporting.scope import Filters
from models.base import db
from surveys.access import Access, allow
from surveys.schedule import zone_of
from surveys.services import Services

NAMES = tuple(f"other_{name}" for name in HERE if name != "journey")


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/compare`."""

    @blueprint.get("/compare")
    @allow(Access.SESSION)
    def compare() -> ResponseReturnValue:
        session, here = db.session(), workspace()
        wanted, (side, given) = asked(here.timezone), other(here.timezone)
        chosen, journeys = chosen_journey(session, wanted.journey)
        if chosen is None:
            return render_template("report_empty.html")
        this = Side(wanted.period, wanted.filters)
        found = comparison(session, g.workspace_id, services.now(), chosen.key, this, side)
        known = choices(session)
        both = {**wanted.given, **given}
        query = urlencode({name: value for name, value in both.items() if name != "journey"})
        return render_template(
            "compare.html",
            found=found,
            view=compare_view(found, known, here.timezone),
            asked=both,
            here_asked=wanted.given,
            journeys=journeys,
            choices=known,
            json_link=f"/api/v1/journeys/{chosen.key}/compare?{query}".rstrip("?"),
        )


def other(zone_name: str) -> tuple[Side, dict[str, str]]:
    """The other side as the address bar asks for it, and as people wrote it."""
    given = {name: request.args.get(name, "").strip() for name in NAMES}
    given = {name: value for name, value in given.items() if value}
    period = read_period(given, zone_of(zone_name), "other_")
    return Side(period, Filters.of(given, "other_")), given
