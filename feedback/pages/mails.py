"""The e-mails that the simulated mail server took, each as its customer sees it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select

from models.base import db
from models.customer import Customer
from models.errors import NotFound
from models.message import Message
from surveys.access import Access, allow
from surveys.channels.mailbox import MAILBOX
from surveys.letters.letter import Letter
from surveys.letters.render import html

SHOWN = 60


def add_routes(blueprint: Blueprint) -> None:
    """`/mails`, one of them, and its letter as a page of its own."""

    @blueprint.get("/mails")
    @allow(Access.SESSION)
    def mails() -> ResponseReturnValue:
        rows = db.session().execute(_mine().order_by(Message.id.desc()).limit(SHOWN)).all()
        letters = [(row, Letter.from_json(row.Message.letter)) for row in rows]
        return render_template("mails.html", letters=letters, shown=SHOWN)

    @blueprint.get("/mails/<int:message_id>")
    @allow(Access.SESSION)
    def mail(message_id: int) -> ResponseReturnValue:
        """The letter alone: its own colours, its own words, and its links work."""
        row = db.session().execute(_mine().where(Message.id == message_id)).one_or_none()
        if row is None:
            raise NotFound("there is no such e-mail", mend="Choose one from the list.")
        reply = Response(html(Letter.from_json(row.Message.letter)), mimetype="text/html")
        reply.headers["Referrer-Policy"] = "no-referrer"
        return reply


def _mine() -> Select[*tuple[Any, ...]]:
    return (
        select(Message, Customer)
        .join(Customer, Customer.id == Message.customer_id)
        .where(
            Message.workspace_id == g.workspace_id,
            Message.provider == MAILBOX,
            Message.letter.is_not(None),
        )
    )
