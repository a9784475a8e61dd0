"""What a survey page writes, by one answer: several statements, or all of them in one.

PostgreSQL takes an answer in one statement of several parts, which is a transaction and a round
trip by itself; every part hangs on `mine`, the response, which is there only when nobody else
was quicker. SQLite runs the same parts one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Table,
    Update,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from models.conversation import Conversation
from models.invitation import Invitation
from models.response import Answer, Response
from models.status import ConversationStatus, InvitationStatus, ResponseStatus, sources
from surveys.prepared import Prepared

Insert = postgresql.Insert | sqlite.Insert

_R, _A = cast(Table, Response.__table__), cast(Table, Answer.__table__)
_I, _X = cast(Table, Invitation.__table__), cast(Table, Conversation.__table__)
OPENED = (
    "workspace_id",
    "invitation_id",
    "customer_id",
    "survey_id",
    "version_id",
    "touchpoint_id",
    "channel",
    "language",
    "source",
    "external_id",
    "status",
    "state",
    "occurred_at",
    "started_at",
    "updated_at",
)
"""What a response begins with."""
_OPENED = (*OPENED, "completed_at")
_ANSWERED = ("workspace_id", "question", "type", "value", "comment", "channel", "answered_at")
_REVISED = ("value", "comment", "channel", "answered_at", "scored_at")


@dataclass(frozen=True)
class Kind:
    """Which parts it takes to write a step down; `invitation` is what its status becomes.

    `locked`: the response is held, so that nobody can have changed it since it was read.
    """

    opens: bool
    finishes: bool
    answers: bool
    invitation: InvitationStatus | None
    ends_conversation: bool
    locked: bool = False


@cache
def at_once(kind: Kind) -> Prepared:
    """All of it as one statement for PostgreSQL; no row comes back when it wasn't ours."""
    return Prepared(lambda dialect: _whole(kind))


@cache
def going_on(kind: Kind) -> Prepared:
    """The response's own row, where it is open already."""
    return Prepared(lambda dialect: gone_on(kind))


def parts(kind: Kind) -> list[Prepared]:
    """What follows the response's own row, one after the other."""
    follows = STARTED if kind.invitation is InvitationStatus.STARTED else COMPLETED
    told = [follows] if kind.invitation is not None else []
    ended = [END_CONVERSATION] if kind.ends_conversation else []
    return [*([ANSWER] if kind.answers else []), *told, *ended]


def _whole(kind: Kind) -> Select[Any]:
    opening = _opened("postgresql") if kind.opens else gone_on(kind).returning(_R.c.id)
    mine = opening.cte("mine")
    whole = select(mine.c.id)
    ours = select(mine.c.id).exists()
    if kind.answers:
        whole = whole.add_cte(answered_in(mine).cte("said"))
    if kind.invitation is not None:
        whole = whole.add_cte(followed(kind.invitation).where(ours).cte("told"))
    if kind.ends_conversation:
        ended = ending().where(_X.c.response_id.in_(select(mine.c.id)))
        whole = whole.add_cte(ended.cte("ended"))
    return whole


def _opened(dialect: str) -> Any:
    named: dict[str, Any] = {name: bindparam(name) for name in _OPENED}
    named["state"] = bindparam("new_state")
    return _insert_into(dialect, _R).values(named).on_conflict_do_nothing().returning(_R.c.id)


def gone_on(kind: Kind) -> Update:
    """The response's new state; nothing where it changed since it was read."""
    mine = _R.c.id == bindparam("response_id")
    if not kind.locked:
        mine &= _R.c.updated_at == bindparam("seen_at")
    now = bindparam("now", type_=_R.c.updated_at.type)
    further: dict[str, Any]
    if kind.finishes:
        completed = func.coalesce(_R.c.completed_at, now)
        further = {"status": _word(ResponseStatus.COMPLETED), "completed_at": completed}
    else:
        reopened = (_R.c.status == _word(ResponseStatus.ABANDONED), _word(ResponseStatus.OPEN))
        further = {"status": case(reopened, else_=_R.c.status)}
    return update(_R).where(mine).values(state=bindparam("new_state"), updated_at=now, **further)


def _answered(dialect: str) -> Insert:
    """The answer of the response that `response_id` names."""
    named: dict[str, Any] = {name: bindparam(name) for name in (*_ANSWERED, "response_id")}
    return _revising(_insert_into(dialect, _A).values(named))


def answered_in(mine: CTE) -> Insert:
    """The answer of the response that another part wrote; none where it wrote none."""
    given = [bindparam(name, type_=_A.c[name].type) for name in _ANSWERED]
    names = [*_ANSWERED, "response_id"]
    return _revising(postgresql.insert(_A).from_select(names, select(*given, mine.c.id)))


def _revising(new: Insert) -> Insert:
    revised = {name: new.excluded[name] for name in _REVISED}
    return new.on_conflict_do_update(index_elements=["response_id", "question"], set_=revised)


def followed(to: InvitationStatus) -> Update:
    """The invitation, where it is not that far yet."""
    mine = _I.c.id == bindparam("invitation_id")
    early = one_of(_I.c.status, sources("invitations", to))
    now = bindparam("now", type_=_I.c.status_at.type)
    return update(_I).where(mine, early).values(status=_word(to), status_at=now)


def ending() -> Update:
    """An exchange that is over; which one is for the caller to say."""
    early = one_of(_X.c.status, sources("conversations", ConversationStatus.ENDED))
    now = bindparam("now", type_=_X.c.ended_at.type)
    ended = _word(ConversationStatus.ENDED)
    return update(_X).where(early).values(status=ended, ended_at=now)


def one_of(column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Spelled out, because IN is only expanded when a statement runs."""
    return or_(*(column == _word(value) for value in values))


def _word(status: str) -> ColumnElement[str]:
    """One of our own words, written into the statement: a parameter less to send."""
    return literal_column(f"'{status}'", String())


def _insert_into(dialect: str, table: Table) -> Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


OPEN = Prepared(_opened)
ANSWER = Prepared(_answered)
STARTED = Prepared(lambda dialect: followed(InvitationStatus.STARTED))
COMPLETED = Prepared(lambda dialect: followed(InvitationStatus.COMPLETED))
END_CONVERSATION = Prepared(
    lambda dialect: ending().where(_X.c.response_id == bindparam("response_id"))
)
