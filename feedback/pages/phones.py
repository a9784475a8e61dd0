"""The simulated phones of customers: their messages, live, and a box to reply from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from feedback.inbox.look import addresses_of
from feedback.pages.frame import workspace
from feedback.pages.inbox_words import fate
from feedback.typing_on_phones import type_on
from models.base import db
from models.customer import Customer
from models.errors import NotFound
from models.message import Message
from surveys.access import Access, allow
from surveys.services import Services

SHOWN = 40
THREAD = 60
LONGEST_SMS = 1600


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/phones`, one phone, its live thread, and the reply from it."""
    _add_lists(blueprint)
    _add_phone(blueprint, services)


def _add_lists(blueprint: Blueprint) -> None:
    @blueprint.get("/phones")
    @allow(Access.SESSION)
    def phones() -> ResponseReturnValue:
        return render_template(
            "phones.html", phones=latest(db.session(), g.workspace_id), phone=None
        )

    @blueprint.get("/phones/list")
    @allow(Access.SESSION)
    def phone_list() -> ResponseReturnValue:
        chosen = request.args.get("chosen", type=int)
        rows = latest(db.session(), g.workspace_id)
        return render_template("phone_list.html", phones=rows, chosen=chosen)


def _add_phone(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/phones/<int:customer_id>")
    @allow(Access.SESSION)
    def phone(customer_id: int) -> ResponseReturnValue:
        session = db.session()
        owner = _owner(session, customer_id)
        messages = thread(session, g.workspace_id, str(owner.phone))
        return render_template(
            "phones.html",
            phones=latest(session, g.workspace_id),
            phone=owner,
            messages=messages,
            stamp=stamp(messages),
            link_start=f"{services.public_url}/s/",
            fate=fate,
        )

    @blueprint.get("/phones/<int:customer_id>/thread")
    @allow(Access.SESSION)
    def phone_thread(customer_id: int) -> ResponseReturnValue:
        return _thread(services, customer_id)

    @blueprint.post("/phones/<int:customer_id>")
    @allow(Access.SESSION)
    def phone_reply(customer_id: int) -> ResponseReturnValue:
        session = db.session()
        owner = _owner(session, customer_id)
        body = request.form.get("body", "").strip()[:LONGEST_SMS]
        if body:
            address = answered(session, g.workspace_id, str(owner.phone))
            type_on(session, services, g.workspace_id, address, body)
        if request.headers.get("HX-Request"):
            return _thread(services, customer_id)
        return redirect(url_for("pages.phone", customer_id=customer_id), 303)


def latest(session: Session, workspace_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The customers texted or texting last, each with the newest message, newest first."""
    newest = (
        select(func.max(Message.id).label("id"))
        .where(Message.workspace_id == workspace_id, Message.customer_id.is_not(None))
        .group_by(Message.customer_id)
        .order_by(func.max(Message.id).desc())
        .limit(SHOWN)
        .subquery()
    )
    statement = (
        select(Customer, Message)
        .join(Message, Message.customer_id == Customer.id)
        .join(newest, newest.c.id == Message.id)
        .where(Customer.phone.is_not(None))
        .order_by(Message.id.desc())
    )
    return session.execute(statement).all()


def thread(session: Session, workspace_id: int, phone: str) -> list[Message]:
    """The last messages to and from a phone by every channel, oldest first."""
    addresses = addresses_of(phone)
    statement = (
        select(Message)
        .where(Message.workspace_id == workspace_id, Message.address.in_(addresses))
        .order_by(Message.id.desc())
        .limit(THREAD)
    )
    return list(session.scalars(statement))[::-1]


def answered(session: Session, workspace_id: int, phone: str) -> str:
    """The address that a phone's owner answers from: by the channel of the latest message."""
    latest = thread(session, workspace_id, phone)[-1:]
    return latest[0].address if latest else phone


def stamp(messages: Sequence[Message]) -> str:
    """Changes whenever a message comes or changes its state."""
    if not messages:
        return "0"
    changed = max(message.status_at for message in messages)
    return f"{messages[-1].id}-{int(changed.timestamp() * 1000)}-{messages[-1].status}"


def _thread(services: Services, customer_id: int) -> ResponseReturnValue:
    """The messages, or 204 where the page shows them already, so that nothing moves."""
    session = db.session()
    owner = _owner(session, customer_id)
    messages = thread(session, g.workspace_id, str(owner.phone))
    seen, current = request.values.get("seen", ""), stamp(messages)
    if seen == current:
        return "", 204
    last = seen.partition("-")[0]
    return render_template(
        "thread.html",
        messages=messages,
        stamp=current,
        last_seen=int(last) if last.isdigit() else 0,
        link_start=f"{services.public_url}/s/",
        fate=fate,
        live=True,
        company=workspace().company,
    )


def _owner(session: Session, customer_id: int) -> Customer:
    owner = session.get(Customer, customer_id)
    if owner is None or owner.workspace_id != g.workspace_id or owner.phone is None:
        raise NotFound("there is no such phone", mend="Choose one from the list.")
    return owner
