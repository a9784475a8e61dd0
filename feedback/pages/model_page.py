"""Which model reads, what one that learned from corrections would change, and what is decided."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.adapting import decide
from feedback.adapting.rows import shipped
from feedback.pages.model_view import decided, view
from feedback.themes.rows import catalogue_of
from models.base import db
from models.errors import InvalidInput
from surveys.access import Access, allow
from surveys.services import Services


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/model`, and what its buttons do."""

    @blueprint.get("/model")
    @allow(Access.SESSION)
    def model() -> ResponseReturnValue:
        session = db.session()
        known = catalogue_of(session, g.workspace_id)
        shown = view(session, g.workspace_id, shipped(), known)
        return render_template("model.html", model=shown, decided=decided)

    @blueprint.post("/model/promote")
    @allow(Access.SESSION)
    def promote_model() -> ResponseReturnValue:
        now = services.now()
        decide.promote(db.session(), g.workspace_id, _number(), g.user, shipped(), now)
        return _to("promoted")

    @blueprint.post("/model/discard")
    @allow(Access.SESSION)
    def discard_model() -> ResponseReturnValue:
        number = _number()
        decide.discard(db.session(), g.workspace_id, number, g.user, services.now())
        return _to("discarded", number)

    @blueprint.post("/model/roll-back")
    @allow(Access.SESSION)
    def roll_back_model() -> ResponseReturnValue:
        decide.roll_back(db.session(), g.workspace_id, g.user, shipped(), services.now())
        return _to("rolled-back")

    @blueprint.post("/model/reread")
    @allow(Access.SESSION)
    def reread_by_model() -> ResponseReturnValue:
        decide.ask_reread(db.session(), g.workspace_id, services.now())
        return _to("reread")


def _number() -> int:
    given = request.form.get("version", "")
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise InvalidInput("this form came back incomplete", mend="Reload the page and try again.")
    return int(given)


def _to(done: str, number: int | None = None) -> ResponseReturnValue:
    return redirect(url_for("pages.model", done=done, version=number), 303)
