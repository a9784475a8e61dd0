"""The inbox as files: its conversations as listed, and every message of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from feedback.inbox.rows import Rows, exchange_id, inbox_rows, state_of
from feedback.inbox.transcripts import transcripts
from feedback.inbox.waiting import Waiting, waiting
from feedback.pages import inbox_words
from feedback.pages.conversation_list import asked_state, found_here
from feedback.pages.csv_file import Cell, csv_reply
from feedback.pages.frame import workspace
from feedback.pages.paging import batches
from feedback.pages.redaction import masked
from feedback.pages.words import status
from models.base import db
from models.message import Message
from surveys.access import Access, allow
from surveys.schedule import zone_of
from surveys.services import Services

TALKS = (
    *("Conversation", "Customer", "Number ends in", "Survey", "State", "Wants contact"),
    *("Taken over by", "Began", "Ended", "Latest message", "Whose", "When"),
)
MESSAGES = (
    *("Message", "Conversation", "Customer", "Number ends in", "Survey", "When", "From", "Kind"),
    *("Words", "State", "What went wrong", "SMS"),
)
_BATCH = 200


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/conversations.csv` and `/messages.csv`, narrowed as the list is."""

    @blueprint.get("/conversations.csv")
    @allow(Access.SESSION)
    def conversations_csv() -> ResponseReturnValue:
        rows, waits = _wanted(db.session(), services)
        return csv_reply("conversations", TALKS, _talks(db.session(), rows, waits, _zone()))

    @blueprint.get("/messages.csv")
    @allow(Access.SESSION)
    def messages_csv() -> ResponseReturnValue:
        rows, _ = _wanted(db.session(), services)
        return csv_reply("messages", MESSAGES, _messages(db.session(), rows, _zone()))


def _wanted(session: Session, services: Services) -> tuple[Rows, Waiting]:
    waits = waiting(session, g.workspace_id, services.now())
    rows = inbox_rows(g.workspace_id, asked_state(), waits, found_here(session))
    return rows.order_by(Message.id.desc()), waits


def _zone() -> tzinfo:
    return zone_of(workspace().timezone)


def _talks(
    session: Session, statement: Rows, waits: Waiting, zone: tzinfo
) -> Iterator[Sequence[Cell]]:
    for rows in batches(session, statement):
        for row in rows:
            yield (
                exchange_id(row),
                masked(row.Customer.external_id) if row.Customer else None,
                row.address[-4:],
                row.survey,
                inbox_words.STATES[state_of(row, waits)][1],
                waits.wants_contact(row.conversation_id, row.sender, row.address),
                row.holder,
                _at(row.opened_at, zone),
                _at(row.ended_at, zone),
                masked(row.body),
                "customer" if row.direction == "in" else "us",
                _at(row.created_at, zone),
            )


def _messages(session: Session, statement: Rows, zone: tzinfo) -> Iterator[Sequence[Cell]]:
    here = g.workspace_id
    for rows in batches(session, statement, _BATCH):
        said = transcripts(session, here, rows)
        for row in rows:
            who = masked(row.Customer.external_id) if row.Customer else None
            for one in said.get(exchange_id(row), ()):
                yield (
                    one.id,
                    exchange_id(row),
                    who,
                    one.address[-4:],
                    row.survey,
                    _at(one.created_at, zone),
                    "customer" if one.direction == "in" else "us",
                    one.kind,
                    masked(one.body),
                    status(one.status)[1],
                    inbox_words.error(one.error_code) or None,
                    one.segments,
                )


def _at(moment: datetime | None, zone: tzinfo) -> datetime | None:
    return moment.astimezone(zone) if moment else None
