"""The survey page's SQL, built once: on the hot path a statement is only looked up and run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Table,
    Update,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import UpdateBase

from models.base import Base
from models.conversation import Conversation
from models.customer import Customer
from models.event import Event
from models.invitation import Invitation
from models.response import Answer, Response
from models.status import ConversationStatus, InvitationStatus, ResponseStatus, sources
from models.survey import SurveyVersion
from models.workspace import Workspace
from surveys.pages.prepared import Prepared

Insert = postgresql.Insert | sqlite.Insert


def _one_of(column: Column[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Spelled out, because IN is only expanded when a statement runs."""
    return or_(*(column == value for value in values))


def _table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]


_I, _W, _C, _E = _table(Invitation), _table(Workspace), _table(Customer), _table(Event)
_V, _R, _A, _X = _table(SurveyVersion), _table(Response), _table(Answer), _table(Conversation)

LOAD = Prepared(
    select(
        _I.c.id,
        _I.c.workspace_id,
        _I.c.customer_id,
        _I.c.survey_id,
        _I.c.version_id,
        _I.c.touchpoint_id,
        _I.c.channel,
        _I.c.expires_at,
        _I.c.created_at,
        _V.c.content_hash,
        _W.c.company,
        _W.c.accent,
        _W.c.default_locale,
        _C.c.external_id,
        _C.c.locale,
        _C.c.timezone,
        _C.c.attributes,
        _E.c.name,
        _E.c.properties,
        _E.c.occurred_at,
        _R.c.id.label("response_id"),
        _R.c.status.label("response_status"),
        _R.c.updated_at,
        _R.c.state,
        _R.c.language,
    )
    .select_from(_I)
    .join(_W, _W.c.id == _I.c.workspace_id)
    .join(_C, _C.c.id == _I.c.customer_id)
    .join(_V, _V.c.id == _I.c.version_id)
    .outerjoin(_E, _E.c.id == _I.c.event_id)
    .outerjoin(_R, _R.c.invitation_id == _I.c.id)
    .where(_I.c.token == bindparam("token"))
)

_OPENED = (
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
    "completed_at",
)
_ANSWERED = (
    "workspace_id",
    "response_id",
    "question",
    "type",
    "value",
    "comment",
    "channel",
    "answered_at",
)
_REVISED = ("value", "comment", "channel", "answered_at", "scored_at")


def _open(insert: Insert) -> UpdateBase:
    named: dict[str, Any] = {name: bindparam(name) for name in _OPENED}
    opened = insert.values(named).on_conflict_do_nothing()
    return opened.returning(_R.c.id)


def _answer(insert: Insert) -> Insert:
    named: dict[str, Any] = {name: bindparam(name) for name in _ANSWERED}
    new = insert.values(**named, scored_at=None)
    revised = {name: new.excluded[name] for name in _REVISED}
    return new.on_conflict_do_update(index_elements=["response_id", "question"], set_=revised)


OPEN = Prepared(_open(sqlite.insert(_R)), for_postgresql=_open(postgresql.insert(_R)))
ANSWER = Prepared(_answer(sqlite.insert(_A)), for_postgresql=_answer(postgresql.insert(_A)))

_MINE = (_R.c.id == bindparam("response_id")) & (_R.c.updated_at == bindparam("seen_at"))
_GO_ON: dict[str, Any] = {"state": bindparam("new_state"), "updated_at": bindparam("now")}
GO_ON = Prepared(
    update(_R)
    .where(_MINE)
    .values(
        **_GO_ON,
        status=case(
            (_R.c.status == ResponseStatus.ABANDONED.value, ResponseStatus.OPEN.value),
            else_=_R.c.status,
        ),
    )
)
FINISH = Prepared(
    update(_R)
    .where(_MINE)
    .values(
        **_GO_ON,
        status=ResponseStatus.COMPLETED.value,
        completed_at=func.coalesce(_R.c.completed_at, bindparam("now", type_=_R.c.updated_at.type)),
    )
)


def _invitation(to: InvitationStatus) -> Update:
    mine = _I.c.id == bindparam("invitation_id")
    early = _one_of(_I.c.status, sources("invitations", to))
    return update(_I).where(mine, early).values(status=to.value, status_at=bindparam("now"))


STARTED = Prepared(_invitation(InvitationStatus.STARTED))
COMPLETED = Prepared(_invitation(InvitationStatus.COMPLETED))
END_CONVERSATION = Prepared(
    update(_X)
    .where(_X.c.response_id == bindparam("this_response"))
    .where(_one_of(_X.c.status, sources("conversations", ConversationStatus.ENDED)))
    .values(status=ConversationStatus.ENDED.value, ended_at=bindparam("now"))
)
