"""What a reply reads and writes of its exchange, built once."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import ColumnElement, FromClause, Select, Table, Update, bindparam, select, update
from sqlalchemy.sql.dml import ReturningInsert

from models.conversation import Conversation
from models.customer import Customer
from models.event import Event
from models.invitation import Invitation
from models.message import Message
from models.response import Response
from models.status import ConversationStatus
from models.survey import SurveyVersion
from models.takeover import Takeover
from models.takeover_status import TakeoverStatus
from models.workspace import Workspace
from surveys.inbox_sql import EXCHANGED, store_into
from surveys.outbox_sql import is_question, word
from surveys.prepared import Prepared

_X, _R = cast(Table, Conversation.__table__), cast(Table, Response.__table__)
_I, _V = cast(Table, Invitation.__table__), cast(Table, SurveyVersion.__table__)
_C, _E = cast(Table, Customer.__table__), cast(Table, Event.__table__)
_W, _M = cast(Table, Workspace.__table__), cast(Table, Message.__table__)
_T = cast(Table, Takeover.__table__)


def exchange_columns(customer: FromClause) -> list[ColumnElement[Any]]:
    """What `holding` wants of an open exchange; `customer` is the one who is asked."""
    return [
        _X.c.id,
        _X.c.customer_id,
        _X.c.invitation_id,
        _R.c.id,
        _R.c.state,
        _R.c.version_id,
        _V.c.content_hash,
        _I.c.token,
        _W.c.company,
        _W.c.default_locale,
        customer.c.external_id,
        customer.c.locale,
        customer.c.timezone,
        customer.c.attributes,
        _E.c.name,
        _E.c.occurred_at,
        _E.c.properties,
    ]


def latest_question(conversation_id: ColumnElement[Any]) -> Select[Any]:
    """The status of the last question of an exchange."""
    mine = (_M.c.conversation_id == conversation_id, _M.c.direction == "out", is_question())
    return select(_M.c.status).where(*mine).order_by(_M.c.id.desc()).limit(1)


def takeover_held(workspace_id: ColumnElement[Any]) -> Select[Any]:
    """What a person of the team holds the address by."""
    return select(_T.c.id).where(
        _T.c.workspace_id == workspace_id,
        _T.c.sender == bindparam("sender"),
        _T.c.address == bindparam("address"),
        _T.c.status == word(TakeoverStatus.HELD.value),
    )


def _held() -> Select[Any]:
    """The open exchange and its survey; the response is locked first, then the exchange.

    Whoever waited for the locks gets both rows as they are by then, or none where the exchange
    is over. All the rest is of before: it doesn't change while an exchange goes on.
    """
    return (
        select(*exchange_columns(_C))
        .select_from(_X)
        .join(_R, _R.c.id == _X.c.response_id)
        .join(_V, _V.c.id == _R.c.version_id)
        .join(_I, _I.c.id == _X.c.invitation_id)
        .join(_C, _C.c.id == _I.c.customer_id)
        .join(_W, _W.c.id == _X.c.workspace_id)
        .outerjoin(_E, _E.c.id == _I.c.event_id)
        .where(
            _X.c.workspace_id == bindparam("workspace_id"),
            _X.c.sender == bindparam("sender"),
            _X.c.address == bindparam("address"),
            _X.c.status == word(ConversationStatus.OPEN.value),
        )
        .with_for_update(key_share=True, of=[_R, _X])
    )


def _seen() -> Select[Any]:
    """How the latest question fares, and the take-over: read once the exchange is held."""
    latest = latest_question(bindparam("conversation_id"))
    taken = takeover_held(bindparam("workspace_id"))
    return select(latest.scalar_subquery(), taken.scalar_subquery())


def _alive() -> Update:
    """The exchange isn't silent."""
    silent = bindparam("silent_at", type_=_X.c.expires_at.type)
    return update(_X).where(_X.c.id == bindparam("conversation_id")).values(expires_at=silent)


def _heard() -> ReturningInsert[Any]:
    """The message is kept as the exchange's, whose silence counts anew from it."""
    return store_into("postgresql", EXCHANGED).add_cte(_alive().cte("alive"))


HOLD = Prepared(lambda dialect: _held())
SEEN = Prepared(lambda dialect: _seen())
STORE = Prepared(lambda dialect: store_into(dialect, EXCHANGED))
ALIVE = Prepared(lambda dialect: _alive())
HEARD = Prepared(lambda dialect: _heard())
"""The two at once, on PostgreSQL."""
