"""Putting an answer of a conversation right where it was misread, and taking that back."""

from __future__ import annotations

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from feedback.inbox.mending import Mendable, mend, mendables, take_back
from feedback.inbox.one import Whole, whole
from feedback.pages.conversation_page import find, page, to
from feedback.pages.mending_form import given
from models.base import db
from models.errors import Conflict, InvalidInput, NotFound
from surveys.access import Access, allow
from surveys.answer_corrections import By
from surveys.services import Services


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/conversations/ID/answers/QUESTION`, `/conversations/ID/corrections/NUMBER/undo`."""

    @blueprint.post("/conversations/<string:exchange>/answers/<string:question>")
    @allow(Access.SESSION)
    def mend_answer(exchange: str, question: str) -> ResponseReturnValue:
        session, form = db.session(), request.form
        found = whole(session, find(exchange))
        one, by = _one(found, question), By(user_id=g.user.id)
        reason, seen = form.get("reason", ""), form.get("seen", "")
        try:
            chosen = given(one, form)
            made = mend(session, found, question, chosen, by, reason, seen, services.now())
        except (InvalidInput, Conflict) as error:
            status = 409 if isinstance(error, Conflict) else 422
            return page(services, find(exchange), problem=error, mending=question), status
        return to(exchange, "same" if made is None else "mended")

    @blueprint.post("/conversations/<string:exchange>/corrections/<int:correction>/undo")
    @allow(Access.SESSION)
    def undo_mending(exchange: str, correction: int) -> ResponseReturnValue:
        session = db.session()
        try:
            by = By(user_id=g.user.id)
            take_back(session, whole(session, find(exchange)), correction, by, services.now())
        except Conflict as error:
            return page(services, find(exchange), problem=error), 409
        return to(exchange, "unmended")


def _one(found: Whole, question: str) -> Mendable:
    """The answer that is meant; NotFound where the exchange has none like it."""
    listed = mendables(db.session(), found)
    one = next((one for one in listed if one.question.key == question), None)
    if one is None:
        raise NotFound("this conversation has no such answer", mend="Choose one of its answers.")
    return one
