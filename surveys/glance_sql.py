"""All that a reply in an open exchange needs, read in one statement of PostgreSQL, built once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    and_,
    bindparam,
    exists,
    literal_column,
)

from models.conversation import Conversation
from models.customer import Customer
from models.event import Event
from models.invitation import Invitation
from models.message import Message
from models.response import Response
from models.status import ConversationStatus, MessageStatus
from models.survey import SurveyVersion
from models.workspace import Workspace
from surveys.channels.addresses import SMS, WHATSAPP
from surveys.exchange_sql import exchange_columns, takeover_held
from surveys.inbox_sql import behind, texting_from
from surveys.outbox_sql import is_question, word
from surveys.prepared import Prepared

_X, _R = cast(Table, Conversation.__table__), cast(Table, Response.__table__)
_I, _V = cast(Table, Invitation.__table__), cast(Table, SurveyVersion.__table__)
_E, _W = cast(Table, Event.__table__), cast(Table, Workspace.__table__)
_M = cast(Table, Message.__table__)
_ASKED = cast(Table, Customer.__table__).alias("asked")
"""The customer of the exchange; whose phone it is today may be another."""


def version_of(table: Table) -> ColumnElement[str]:
    """What names a row's present version: PostgreSQL gives each change another."""
    return literal_column(f"{table.name}.xmin::text", String())


def _unsent() -> ColumnElement[bool]:
    """Whether a question of the exchange has not left yet."""
    pending = _M.c.status.concat(word("")) == word(MessageStatus.PENDING.value)
    mine = exists().where(_M.c.conversation_id == _X.c.id, is_question(), pending)
    return mine.correlate(_X)


def _glance(own: ColumnElement[Any]) -> Select[Any]:
    """Workspaces behind a sender, each with what is open there with an address; nothing is held."""
    opened = and_(
        _X.c.workspace_id == _W.c.id,
        _X.c.sender == bindparam("sender"),
        _X.c.address == bindparam("address"),
        _X.c.status == word(ConversationStatus.OPEN.value),
    )
    return (
        behind(texting_from(own), own)
        .add_columns(
            *exchange_columns(_ASKED),
            version_of(_R),
            version_of(_X),
            _X.c.expires_at,
            _unsent(),
            takeover_held(_W.c.id).correlate(_W).scalar_subquery(),
        )
        .outerjoin(_X, opened)
        .outerjoin(_R, _R.c.id == _X.c.response_id)
        .outerjoin(_V, _V.c.id == _R.c.version_id)
        .outerjoin(_I, _I.c.id == _X.c.invitation_id)
        .outerjoin(_ASKED, _ASKED.c.id == _I.c.customer_id)
        .outerjoin(_E, _E.c.id == _I.c.event_id)
    )


GLANCE: Mapping[str, Prepared] = {
    SMS: Prepared(lambda dialect: _glance(_W.c.sender)),
    WHATSAPP: Prepared(lambda dialect: _glance(_W.c.whatsapp_sender)),
}
"""By channel."""
