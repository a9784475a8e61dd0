"""What the outbox writes, built once."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import ColumnElement, String, Table, Update, bindparam, literal_column, or_, update
from sqlalchemy.sql.dml import ReturningInsert

from models.message import Message
from models.status import MessageStatus
from surveys.prepared import Prepared
from surveys.upsert import insert_for

EXCHANGE = ("question", "again", "reminder")
_M = cast(Table, Message.__table__)
_WRITTEN = (
    "workspace_id",
    "customer_id",
    "invitation_id",
    "conversation_id",
    "direction",
    "kind",
    "dedupe_scope",
    "step",
    "sender",
    "via",
    "address",
    "body",
    "content_sid",
    "content_variables",
    "letter",
    "segments",
    "status",
    "provider",
    "priority",
    "attempts",
    "not_before",
    "created_at",
    "status_at",
)


def is_question() -> ColumnElement[bool]:
    """Messages that wait for an answer; spelled out, as IN is only expanded when it runs."""
    return or_(*(_M.c.kind == word(kind) for kind in EXCHANGE))


def word(known: str) -> ColumnElement[str]:
    """One of our own words, written into the statement: a parameter less to send."""
    return literal_column(f"'{known}'", String())


def _dropped() -> Update:
    """The questions of an exchange that nobody has sent yet.

    That they wait is asked in a way no index knows: the index of all that waits is empty while
    statistics are taken, so that it looks the cheapest, and holds everything once the provider
    is down.
    """
    pending = _M.c.status.concat(word("")) == word(MessageStatus.PENDING.value)
    mine = _M.c.conversation_id == bindparam("conversation_id")
    at = bindparam("status_at", type_=_M.c.status_at.type)
    canceled = word(MessageStatus.CANCELED.value)
    return update(_M).where(mine, is_question(), pending).values(status=canceled, status_at=at)


def _put(dialect: str) -> ReturningInsert[Any]:
    statement = insert_for(dialect, Message).values({name: bindparam(name) for name in _WRITTEN})
    once = ["workspace_id", "dedupe_scope", "step"]
    return statement.on_conflict_do_nothing(index_elements=once).returning(_M.c.id)


def _overtaking() -> ReturningInsert[Any]:
    """Both in one statement of PostgreSQL; what is new isn't seen by what drops the old."""
    return _put("postgresql").add_cte(_dropped().cte("dropped"))


PUT = Prepared(_put)
DROP = Prepared(lambda dialect: _dropped())
OVERTAKE = Prepared(lambda dialect: _overtaking())
