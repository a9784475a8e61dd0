"""`/exports`: what a team can take away, in which format, and what the columns mean."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from feedback.exports.formats import FORMATS
from feedback.exports.kinds import KINDS, table
from feedback.exports.parquet_writer import parquet_ready
from feedback.exports.reply import export_reply
from feedback.exports.wanted import NAMES, Wanted, find_wanted
from feedback.http_errors import status_of
from feedback.pages.choices import choices
from feedback.pages.frame import workspace
from feedback.pages.journey import journeys_of
from models.base import db
from models.errors import WaymarkError
from surveys.access import Access, allow
from surveys.services import Services


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/exports` and `/exports/file`."""

    @blueprint.get("/exports")
    @allow(Access.SESSION)
    def exports() -> ResponseReturnValue:
        return _page(services)

    @blueprint.get("/exports/file")
    @allow(Access.SESSION)
    def export_file() -> ResponseReturnValue:
        asked = {name: request.args.get(name, "").strip() for name in NAMES}
        kind, format_ = request.args.get("kind", ""), request.args.get("format", "")
        try:
            wanted = find_wanted(db.session(), workspace(), asked)
            return export_reply(db.engine, kind, format_, wanted, services.now())
        except WaymarkError as error:
            return _page(services, error), status_of(error)


def _page(services: Services, wrong: WaymarkError | None = None) -> str:
    """The form as it was filled in, and what is wrong with it."""
    session, everything = db.session(), find_wanted(db.session(), workspace(), {})
    journeys = journeys_of(session, g.workspace_id)
    return render_template(
        "exports.html",
        kinds=KINDS,
        formats=FORMATS,
        parquet=parquet_ready(),
        asked=request.args,
        wrong=_sentence(str(wrong)) if wrong else "",
        choices=choices(session) | {"journey": [(one.key, one.name) for one in journeys]},
        columns=_columns(everything, services),
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _columns(everything: Wanted, services: Services) -> dict[str, list[tuple[str, str, str]]]:
    """What the columns of each export mean; no row is read for it."""
    open_session = partial(Session, db.engine)
    return {
        kind: [
            (column.name, column.kind.value, column.about)
            for column in table(kind, open_session, everything, services.now()).columns
        ]
        for kind in KINDS
    }
