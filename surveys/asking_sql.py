"""What asking writes, built once: the response, its exchange, and the lease that ends."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table, Update, bindparam, update
from sqlalchemy.sql.dml import ReturningInsert

from models.conversation import Conversation
from models.invitation import Invitation
from models.response import Response
from surveys.pages.writes import OPENED
from surveys.prepared import Prepared
from surveys.upsert import insert_for

_I = cast(Table, Invitation.__table__)
_EXCHANGE = (
    "workspace_id",
    "customer_id",
    "invitation_id",
    "response_id",
    "sender",
    "address",
    "status",
    "opened_at",
    "expires_at",
)


def _respond(dialect: str) -> ReturningInsert[Any]:
    """Either unique key may be hit first when two open it at once."""
    statement = insert_for(dialect, Response).values({name: bindparam(name) for name in OPENED})
    return statement.on_conflict_do_nothing().returning(Response.id)


def _exchange(dialect: str) -> ReturningInsert[Any]:
    """The partial unique index decides, so that two workers can't both open one."""
    given: dict[str, Any] = {name: bindparam(name) for name in _EXCHANGE}
    statement = insert_for(dialect, Conversation).values(given)
    return statement.on_conflict_do_nothing().returning(Conversation.id)


def _leased_no_more() -> Update:
    return update(_I).where(_I.c.id == bindparam("invitation_id")).values(claimed_until=None)


RESPOND = Prepared(_respond)
EXCHANGE = Prepared(_exchange)
LEASE_ENDS = Prepared(lambda dialect: _leased_no_more())
