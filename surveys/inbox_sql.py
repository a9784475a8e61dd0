"""What taking in an SMS reads and writes, built once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    or_,
    select,
)
from sqlalchemy.sql.dml import ReturningInsert

from models.customer import Customer
from models.message import Message
from models.sending import Suppression
from models.workspace import Workspace
from surveys.channels.addresses import SMS, WHATSAPP
from surveys.prepared import Prepared
from surveys.upsert import insert_for

_W, _M = cast(Table, Workspace.__table__), cast(Table, Message.__table__)
_C, _S = cast(Table, Customer.__table__), cast(Table, Suppression.__table__)
STORED = (
    "workspace_id",
    "customer_id",
    "direction",
    "kind",
    "sender",
    "via",
    "address",
    "body",
    "segments",
    "status",
    "provider",
    "provider_id",
    "priority",
    "attempts",
    "created_at",
    "status_at",
)
EXCHANGED = (*STORED, "conversation_id", "invitation_id")


def behind(which: ColumnElement[bool], own: ColumnElement[Any]) -> Select[Any]:
    """Workspaces, each with its customer of the phone and the message if it came before."""
    owner = (
        select(_C.c.id)
        .where(_C.c.workspace_id == _W.c.id, _C.c.phone == bindparam("phone"))
        .order_by(_C.c.updated_at.desc(), _C.c.id.desc())
        .limit(1)
        .correlate(_W)
        .scalar_subquery()
    )
    first = and_(
        _M.c.workspace_id == _W.c.id,
        _M.c.provider == bindparam("provider"),
        _M.c.provider_id == bindparam("provider_id"),
    )
    barred = and_(_S.c.workspace_id == _W.c.id, _S.c.address == bindparam("address"))
    columns = (_W.c.id, _W.c.company, _W.c.default_locale, own, _C.c.id, _C.c.locale)
    return (
        select(*columns, _S.c.id, _M.c.id, _M.c.kind)
        .select_from(_W)
        .outerjoin(_C, _C.c.id == owner)
        .outerjoin(_S, barred)
        .outerjoin(_M, first)
        .where(which)
        .order_by(_W.c.id)
    )


def texting_from(own: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whose own number it is; where it is the program's, also those who have none."""
    shared = bindparam("shared", type_=Boolean())
    return or_(own == bindparam("sender"), and_(shared, own.is_(None)))


def _stood_in_for() -> ColumnElement[bool]:
    """Whose messages to the address left by the sender that stood in; and whose own it is."""
    wrote = _M.alias("wrote")
    borrowed = exists().where(
        wrote.c.workspace_id == _W.c.id,
        wrote.c.address == bindparam("address"),
        wrote.c.via == bindparam("sender"),
    )
    return or_(_W.c.sender == bindparam("sender"), borrowed)


def store_into(dialect: str, columns: Sequence[str] = STORED) -> ReturningInsert[Any]:
    """The message's row, unless it is there already."""
    statement = insert_for(dialect, Message).values({name: bindparam(name) for name in columns})
    return statement.on_conflict_do_nothing().returning(_M.c.id)


_NAMED = _W.c.id == bindparam("workspace")
BEHIND: Mapping[str, Prepared] = {
    SMS: Prepared(lambda dialect: behind(texting_from(_W.c.sender), _W.c.sender)),
    WHATSAPP: Prepared(
        lambda dialect: behind(texting_from(_W.c.whatsapp_sender), _W.c.whatsapp_sender)
    ),
}
"""By channel, the workspaces that write from a sender."""
NAMED: Mapping[str, Prepared] = {
    SMS: Prepared(lambda dialect: behind(_NAMED, _W.c.sender)),
    WHATSAPP: Prepared(lambda dialect: behind(_NAMED, _W.c.whatsapp_sender)),
}
"""By channel, one workspace with the sender of its own."""
STOOD_IN_FOR = Prepared(lambda dialect: behind(_stood_in_for(), _W.c.sender))
STORE = Prepared(store_into)
