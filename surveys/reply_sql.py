"""All that a reply in an open exchange writes, in one statement of PostgreSQL.

Every part hangs on the one before: the exchange, which is there only as long as neither it nor
its response has changed since they were read; the message, which is there only once; then what
comes of it. The statement is a transaction and a round trip by itself.
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
    Interval,
    Select,
    String,
    Table,
    Update,
    bindparam,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import postgresql

from models.conversation import Conversation
from models.message import Message
from models.response import Response
from models.status import ConversationStatus, MessageStatus
from surveys.glance_sql import version_of
from surveys.outbox_sql import dropped, word
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
    """What a reply writes: by its step, and whether something is said to it."""

    step: writes.Kind
    says: bool


@cache
def taking(turn: Turn) -> Prepared:
    """The statement; the id of the message's row, none where nothing was written."""
    return Prepared(lambda dialect: _whole(turn))


def _whole(turn: Turn) -> Select[Any]:
    held = _held().cte("held")
    heard = _heard(held).returning(_M.c.id).cte("heard")
    ours = select(heard.c.id).exists()
    mine = writes.gone_on(turn.step).where(ours).returning(_R.c.id).cte("mine")
    parts: dict[str, Any] = {"alive": _alive(turn).where(ours)}
    if turn.step.answers:
        parts["said"] = writes.answered_in(mine)
    if turn.step.invitation is not None:
        parts["told"] = writes.followed(turn.step.invitation).where(ours)
    if turn.says:
        parts |= {"dropped": dropped().where(ours), "asked": _asked(held, heard)}
    whole = select(heard.c.id).add_cte(mine)
    for name, part in parts.items():
        whole = whole.add_cte(part.cte(name))
    return whole


def _held() -> Select[Any]:
    """The exchange with its response, held in the order of everywhere, if they are as read."""
    return (
        select(_X.c.id, _X.c.customer_id, _X.c.invitation_id)
        .join(_R, _R.c.id == _X.c.response_id)
        .where(
            _X.c.id == bindparam("conversation_id"),
            _R.c.id == bindparam("response_id"),
            version_of(_X) == bindparam("exchange_version"),
            version_of(_R) == bindparam("response_version"),
        )
        .with_for_update(key_share=True, of=[_R, _X])
    )


def _heard(held: CTE) -> postgresql.Insert:
    """The message's row, unless it is there already; whose it is as the exchange has it now."""
    given = {
        **_given((*_ALIKE, *_HEARD)),
        "direction": word("in"),
        "kind": word("reply"),
        "status": word(MessageStatus.RECEIVED.value),
        "priority": _number(5),
        **_begun(),
        **_theirs(held),
    }
    return _row(given).on_conflict_do_nothing()


def _asked(held: CTE, heard: CTE) -> postgresql.Insert:
    """What is said to it, once: no other row has this message's id in its scope."""
    given = {
        **_given(_ALIKE),
        **_given(_SAID, SAYS),
        "dedupe_scope": word("in:").concat(heard.c.id.cast(String())),
        "direction": word("out"),
        "status": word(MessageStatus.PENDING.value),
        "priority": _number(0),
        **_begun(),
        **_theirs(held),
    }
    return _row(given)


def _theirs(held: CTE) -> Mapping[str, ColumnElement[Any]]:
    """Whose a message is, as the exchange has it now."""
    whose = {"customer_id": held.c.customer_id, "invitation_id": held.c.invitation_id}
    return {"conversation_id": held.c.id, **whose}


def _alive(turn: Turn) -> Update:
    """The exchange isn't silent, and over with the last answer.

    Where something is said to it, the silence counts from when that leaves: an hour less until
    then is not worth the change of a row whose indexes all know when it lapses.
    """
    mine = update(_X).where(_X.c.id == bindparam("conversation_id"))
    silent = bindparam("silent_at", type_=_X.c.expires_at.type)
    if turn.step.ends_conversation:
        ended = bindparam("now", type_=_X.c.ended_at.type)
        over = {"status": word(ConversationStatus.ENDED.value), "ended_at": ended}
        return mine.values(expires_at=silent, **over)
    soon = _X.c.expires_at < silent - literal_column("interval '1 hour'", Interval())
    return (mine.where(soon) if turn.says else mine).values(expires_at=silent)


def _given(names: tuple[str, ...], prefix: str = "") -> dict[str, ColumnElement[Any]]:
    return {name: bindparam(prefix + name, type_=_M.c[name].type) for name in names}


def _begun() -> Mapping[str, ColumnElement[Any]]:
    """What every new row says of its time."""
    now = {name: bindparam("now", type_=_M.c[name].type) for name in ("created_at", "status_at")}
    return {"attempts": _number(0), **now}


def _row(given: Mapping[str, ColumnElement[Any]]) -> postgresql.Insert:
    return postgresql.insert(_M).from_select(list(given), select(*given.values()))


def _number(known: int) -> ColumnElement[int]:
    return literal_column(str(known), Integer())
