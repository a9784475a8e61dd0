"""The inbox: every SMS exchange, the newest first, to narrow and to search."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.inbox.look import LOOKED_AT, Found, addresses_of, look, whole_number, with_number
from feedback.inbox.rows import STATES, exchange_id, inbox_rows, state_of
from feedback.inbox.waiting import waiting
from feedback.pages import inbox_words
from feedback.pages.frame import workspace
from feedback.pages.paging import listed
from feedback.pages.words import count, day
from models.base import db
from models.message import Message
from surveys.access import Access, allow
from surveys.services import Services


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/conversations`, and its search."""

    @blueprint.get("/conversations")
    @allow(Access.SESSION)
    def conversations() -> ResponseReturnValue:
        return _page(db.session(), services)

    @blueprint.post("/conversations")
    @allow(Access.SESSION)
    def search_conversations() -> ResponseReturnValue:
        wanted = request.form.get("q", "").strip()
        address = whole_number(wanted, workspace().default_region)
        said = {"q": wanted or None} if address is None else {"with": _any_message(address)}
        state = request.form.get("state") or None
        return redirect(url_for("pages.conversations", **said, state=state), 303)


def _any_message(address: str) -> int:
    """A message that stands for a number, so that no address ever says the number itself."""
    found = db.session().scalar(
        select(Message.id)
        .where(Message.workspace_id == g.workspace_id, Message.address.in_(addresses_of(address)))
        .order_by(Message.id.desc())
        .limit(1)
    )
    return int(found or 0)


def _page(session: Session, services: Services) -> str:
    state = asked_state()
    waits = waiting(session, g.workspace_id, services.now())
    found = found_here(session)
    rows = inbox_rows(g.workspace_id, state, waits, found)
    return render_template(
        "conversations.html",
        page=listed(session, rows, Message.id.expression),
        state=state,
        states={name: inbox_words.STATES[name] for name in STATES},
        state_of=lambda row: inbox_words.STATES[state_of(row, waits)],
        exchange_id=exchange_id,
        waits=waits,
        found=found,
        note=_limits(found),
        i=inbox_words,
    )


def asked_state() -> str | None:
    """The state that is asked for; one that nobody knows counts as not said."""
    state = request.args.get("state")
    return state if state in STATES else None


def found_here(session: Session) -> Found | None:
    """The exchanges that are looked for; None where nothing is."""
    number, words = request.args.get("with", type=int), request.args.get("q", "").strip()
    if number is not None:
        return with_number(session, g.workspace_id, number)
    return look(session, g.workspace_id, workspace().default_region, words) if words else None


def _limits(found: Found | None) -> str:
    """How far a search looked, where that was not everywhere."""
    if found is None:
        return ""
    parts = []
    if found.since is not None:
        since = day(found.since, workspace().timezone)
        looked = count(LOOKED_AT, "message")
        parts.append(
            f"Words and last digits were looked for in the newest {looked}, since {since}."
        )
    if found.more:
        parts.append("More match than are listed: add a word.")
    return " ".join(parts)
