"""What asking writes, built once: the response, its exchange, and the lease that ends."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Select, Table, Update, bindparam, exists, select, update
from sqlalchemy.sql.dml import ReturningInsert

from models.conversation import Conversation
from models.invitation import Invitation
from models.response import Response
from surveys.pages.writes import OPENED
from surveys.prepared import Prepared
from surveys.upsert import insert_for

_I, _X = cast(Table, Invitation.__table__), cast(Table, Conversation.__table__)
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
_BEFORE_IT = tuple(name for name in _EXCHANGE if name != "response_id")
_AS = {"status": "exchange_status"}
"""What is named otherwise where a response is written by the same statement."""


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


def _begun() -> Select[Any]:
    """All three at once: the ids of the response and of the exchange, each where it was made."""
    made = _respond("postgresql").cte("made")
    given = (bindparam(_AS.get(name, name), type_=_X.c[name].type) for name in _BEFORE_IT)
    about = select(*given, made.c.id)
    exchange = (
        insert_for("postgresql", Conversation)
        .from_select([*_BEFORE_IT, "response_id"], about)
        .on_conflict_do_nothing()
        .returning(Conversation.id)
        .cte("exchange")
    )
    ended = _leased_no_more().where(exists(select(exchange.c.id))).cte("ended")
    ids = (select(one.c.id).scalar_subquery() for one in (made, exchange))
    return select(*ids).add_cte(ended)


RESPOND = Prepared(_respond)
EXCHANGE = Prepared(_exchange)
LEASE_ENDS = Prepared(lambda dialect: _leased_no_more())
BEGIN = Prepared(lambda dialect: _begun())
"""The three in one statement of PostgreSQL, where each is a round trip."""
