"""What a survey page reads, built once: on the hot path it is only looked up and run."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, bindparam, select

from models.customer import Customer
from models.event import Event
from models.invitation import Invitation
from models.response import Response
from models.survey import SurveyVersion
from models.workspace import Workspace
from surveys.prepared import Prepared

_I, _W = cast(Table, Invitation.__table__), cast(Table, Workspace.__table__)
_C, _E = cast(Table, Customer.__table__), cast(Table, Event.__table__)
_V, _R = cast(Table, SurveyVersion.__table__), cast(Table, Response.__table__)

_LOAD = (
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
LOAD = Prepared(lambda dialect: _LOAD)
