"""All that a reply in an open exchange writes, in one statement of PostgreSQL.

Every part hangs on the exchange, which is there only as long as neither it nor its response has
changed since they were read. The statement is a transaction and a round trip by itself. It has
no more parts than it needs: each costs the opening of all its table's indexes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    Update,
    bindparam,
    func,
    literal_column,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql

from models.conversation import Conversation
from models.message import Message
from models.response import Response
from models.status import ConversationStatus, MessageStatus
from surveys.glance_sql import version_of
from surveys.outbox_sql import word
from surveys.pages import writes
from surveys.prepared import Prepared

_X, _R = cast(Table, Conversation.__table__), cast(Table, Response.__table__)
_M = cast(Table, Message.__table__)
_ALIKE = ("workspace_id", "sender", "via", "address", "provider")
_HEARD = ("body", "segments", "provider_id")
SAYS = "says_"
"""Before the names of what is said, to tell them from what was heard."""
_SAID = ("kind", "step", "body", "segments")


@dataclass(frozen=True)
class Turn:
    """What a reply writes: by its step, whether something is said to it, and whether the
    exchange is to be kept open for longer."""

    step: writes.Kind
    says: bool
    lasts: bool


@cache
def taking(turn: Turn) -> Prepared:
    """The statement; the id of the message's row, none where nothing was written.

    It breaks a constraint where the message is there already.
    """
    return Prepared(lambda dialect: _whole(turn))


def _whole(turn: Turn) -> Select[Any]:
    held = _held().cte("held")
    ours = select(held.c.id).exists()
    mine = writes.gone_on(turn.step).where(ours).returning(_R.c.id).cte("mine")
    parts: dict[str, Any] = {"messages": _messages(held, turn.says)}
    if turn.step.answers:
        parts["said"] = writes.answered_in(mine)
    if turn.step.invitation is not None:
        parts["told"] = writes.followed(turn.step.invitation).where(ours)
    if turn.lasts or turn.step.ends_conversation:
        parts["exchange"] = _exchange(turn.step).where(ours)
    whole = select(held.c.heard).add_cte(mine)
    for name, part in parts.items():
        whole = whole.add_cte(part.cte(f"{name}_written"))
    return whole


def _held() -> Select[Any]:
    """The exchange with its response, held in the order of everywhere, if they are as read."""
    return (
        select(_X.c.id, _X.c.customer_id, _X.c.invitation_id, _next_id().label("heard"))
        .join(_R, _R.c.id == _X.c.response_id)
        .where(
            _X.c.id == bindparam("conversation_id"),
            _R.c.id == bindparam("response_id"),
            version_of(_X) == bindparam("exchange_version"),
            version_of(_R) == bindparam("response_version"),
        )
        .with_for_update(key_share=True, of=[_R, _X])
    )


def _messages(held: CTE, says: bool) -> postgresql.Insert:
    """What was heard, and what is said to it."""
    heard, said = _heard(held), _said(held)
    names = [*heard, *(name for name in said if name not in heard)] if says else list(heard)
    rows = [heard, said] if says else [heard]
    listed = [select(*(row.get(name, null()) for name in names)).select_from(held) for row in rows]
    return postgresql.insert(_M).from_select(names, union_all(*listed) if says else listed[0])


def _heard(held: CTE) -> dict[str, ColumnElement[Any]]:
    return {
        "id": held.c.heard,
        **_of_both(held),
        **_given(_HEARD),
        "direction": word("in"),
        "kind": word("reply"),
        "status": word(MessageStatus.RECEIVED.value),
        "priority": _number(5),
    }


def _said(held: CTE) -> dict[str, ColumnElement[Any]]:
    """It is said once: no other row has this message's id in its scope."""
    return {
        "id": _next_id(),
        **_of_both(held),
        **_given(_SAID, SAYS),
        "dedupe_scope": word("in:").concat(held.c.heard.cast(String())),
        "direction": word("out"),
        "status": word(MessageStatus.PENDING.value),
        "priority": _number(0),
    }


def _of_both(held: CTE) -> Mapping[str, ColumnElement[Any]]:
    """Whose both messages are, as the exchange has it now, and when they came to be."""
    now = {name: bindparam("now", type_=_M.c[name].type) for name in ("created_at", "status_at")}
    whose = {"customer_id": held.c.customer_id, "invitation_id": held.c.invitation_id}
    return {**_given(_ALIKE), "conversation_id": held.c.id, **whose, "attempts": _number(0), **now}


def _exchange(step: writes.Kind) -> Update:
    """The exchange isn't silent, or over with the last answer."""
    values: dict[str, Any] = {"expires_at": bindparam("silent_at", type_=_X.c.expires_at.type)}
    if step.ends_conversation:
        ended = bindparam("now", type_=_X.c.ended_at.type)
        values |= {"status": word(ConversationStatus.ENDED.value), "ended_at": ended}
    return update(_X).where(_X.c.id == bindparam("conversation_id")).values(values)


def _given(names: tuple[str, ...], prefix: str = "") -> dict[str, ColumnElement[Any]]:
    return {name: bindparam(prefix + name, type_=_M.c[name].type) for name in names}


def _next_id() -> ColumnElement[int]:
    return func.nextval(literal_column("'messages_id_seq'"))


def _number(known: int) -> ColumnElement[int]:
    return literal_column(str(known), Integer())
