"""One exchange: what was said and what was read out of it, taken over, answered, handed back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from feedback.inbox.exchanges import Exchange, find_exchange
from feedback.inbox.mended import first_read
from feedback.inbox.mending import mendables
from feedback.inbox.one import Held, Whole, whole
from feedback.pages import inbox_words
from feedback.pages.conversation_view import comments_of, survey_of, view
from feedback.pages.mending_form import Clear, MendingForm, form_of
from feedback.pages.redaction import masked
from models.base import db
from models.errors import Conflict, InvalidInput, WaymarkError
from surveys.access import Access, allow
from surveys.handing_back import hand_back
from surveys.services import Services
from surveys.takeover import TAKE_MEND, take
from surveys.writing import LONGEST, new_key, refusal, write

DONE = {
    "taken": "You have taken over: the survey keeps quiet until you hand back.",
    "sent": "Your message is on its way.",
    "asked": "Handed back: the survey asks its open question again.",
    "over": "Handed back: there is nothing left to ask.",
    "mended": "Put right. Scores and reports follow within seconds.",
    "unmended": "Taken back: the answer counts as it did before.",
    "same": "Nothing was changed: it is so already.",
}


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/conversations/ID`, its live thread, and what a person does in it."""
    _add_reading(blueprint, services)
    _add_acting(blueprint, services)


def _add_reading(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/conversations/<string:exchange>")
    @allow(Access.SESSION)
    def conversation(exchange: str) -> ResponseReturnValue:
        return page(services, find(exchange))

    @blueprint.get("/conversations/<string:exchange>/thread")
    @allow(Access.SESSION)
    def conversation_thread(exchange: str) -> ResponseReturnValue:
        shown = _shown(services, find(exchange))
        if request.args.get("seen") == shown["stamp"]:
            return "", 204
        return render_template("conversation_thread.html", **shown)

    @blueprint.post("/conversations/length")
    @allow(Access.SESSION)
    def message_length() -> ResponseReturnValue:
        return inbox_words.length(request.form.get("message", "").replace("\r\n", "\n").strip())


def _add_acting(blueprint: Blueprint, services: Services) -> None:
    @blueprint.post("/conversations/<string:exchange>/take")
    @allow(Access.SESSION)
    def take_over(exchange: str) -> ResponseReturnValue:
        found, seen = find(exchange), request.form.get("seen", type=int)
        try:
            take(db.session(), found.number, g.user.id, seen, services.now())
        except Conflict as error:
            return page(services, find(exchange), problem=error), 409
        return to(exchange, "taken")

    @blueprint.post("/conversations/<string:exchange>/write")
    @allow(Access.SESSION)
    def write_message(exchange: str) -> ResponseReturnValue:
        found, form = find(exchange), request.form
        text, key = form.get("message", ""), form.get("key", "")
        try:
            held = _mine(db.session(), found)
            write(db.session(), services, held.row, g.user.id, text, key)
        except (InvalidInput, Conflict) as error:
            status = 409 if isinstance(error, Conflict) else 422
            return page(services, find(exchange), problem=error, text=text), status
        return to(exchange, "sent")

    @blueprint.post("/conversations/<string:exchange>/hand-back")
    @allow(Access.SESSION)
    def hand_over(exchange: str) -> ResponseReturnValue:
        session, found = db.session(), find(exchange)
        try:
            held = _mine(session, found)
            asked = hand_back(session, services, held.row, g.user.id, services.now())
        except Conflict as error:
            return page(services, find(exchange), problem=error), 409
        return to(exchange, "asked" if asked else "over")


def find(exchange: str) -> Exchange:
    """The exchange of this id; raises NotFound."""
    return find_exchange(db.session(), g.workspace_id, exchange)


def _mine(session: Session, exchange: Exchange) -> Held:
    """The take-over that whoever is signed in holds."""
    held = whole(session, exchange).now
    if held is None or held.row.user_id != g.user.id:
        raise Conflict("you do not hold this any more", mend=TAKE_MEND)
    return held


def to(exchange: str, done: str) -> ResponseReturnValue:
    """To the exchange's page, which says what was done."""
    return redirect(url_for("pages.conversation", exchange=exchange, done=done), 303)


def _shown(services: Services, exchange: Exchange) -> dict[str, Any]:
    """What the thread shows; whoever has taken over sees it as it was written."""
    found = whole(db.session(), exchange)
    mine = found.now is not None and found.now.row.user_id == g.user.id
    return view(found, services.now()) | {
        "mine": mine,
        "clear": (lambda text: text) if mine else masked,
        "link_start": f"{services.public_url}/s/",
        "i": inbox_words,
        "found": found,
        "corrected": {
            one.row.question: first_read(found.mended, one.row.question) for one in found.mended
        },
    }


def _forms(
    session: Session, found: Whole, clear: Clear, sent: str | None
) -> dict[str, MendingForm]:
    """The form of each answer that can be put right."""
    return {
        one.question.key: form_of(one, clear, request.form if one.question.key == sent else None)
        for one in mendables(session, found)
    }


def page(
    services: Services,
    exchange: Exchange,
    problem: WaymarkError | None = None,
    text: str = "",
    mending: str | None = None,
) -> str:
    """The page of an exchange; `mending` is the answer whose form was sent and not saved."""
    session, number = db.session(), exchange.number
    shown = _shown(services, exchange)
    whole_: Whole = shown["found"]
    return render_template(
        "conversation.html",
        **shown,
        **survey_of(session, services, whole_, services.now()),
        mending=_forms(session, whole_, shown["clear"], mending),
        comments=comments_of(session, whole_),
        refusal=refusal(
            session, number.workspace_id, number.sender, number.address, services.now()
        ),
        problem=problem,
        text=text,
        key=new_key(),
        longest=LONGEST,
        length=inbox_words.length(text),
        done=DONE.get(request.args.get("done", "")),
    )
