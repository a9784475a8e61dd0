"""What really came of invitations: when they were asked, and what their customers did then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, select
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.invitation import Invitation
from models.response import Response
from models.status import InvitationStatus, ResponseStatus
from surveys.facts_rows import ASKED, ASKED_AT, SAID, SAID_AT

S = InvitationStatus
REFUSED = (S.SUPPRESSED.value, S.EXPIRED.value)
COLUMNS = (
    Invitation.id,
    Invitation.trigger_id,
    Invitation.event_id,
    Invitation.customer_id,
    Invitation.survey_id,
    Invitation.version_id,
    Invitation.channel,
    Invitation.other_channels,
    Invitation.status,
    Invitation.rule,
    Invitation.due_at,
    Invitation.expires_at,
    Invitation.status_at,
    Invitation.created_at,
    case((ASKED, ASKED_AT)).label("asked_at"),
)


@dataclass(frozen=True, slots=True)
class Real:
    """One invitation as it went. `asked_at`: None where it was not asked, or failed.

    All spans count from then: `said_after` until the customer last said something, `done_after`
    until they were done, `over_after` until their exchange by SMS or WhatsApp was over,
    `lapses_after` until silence ends it.
    """

    id: int
    trigger_id: int | None
    event_id: int | None
    customer_id: int
    survey_id: int
    channel: str
    status: str
    rule: str | None
    asked_at: datetime | None
    settled_at: datetime
    said_after: timedelta | None = None
    done_after: timedelta | None = None
    over_after: timedelta | None = None
    lapses_after: timedelta | None = None

    @property
    def refused(self) -> bool:
        """Whether a rule refused it."""
        return self.asked_at is None and self.status in REFUSED and self.rule is not None

    @property
    def failed(self) -> bool:
        """Whether its message did not arrive."""
        return self.status == S.FAILED.value

    @property
    def called_off(self) -> bool:
        """Whether a person called it off before it was asked."""
        return self.asked_at is None and self.status == S.CANCELLED.value


def of_events(session: Session, event_ids: Sequence[int]) -> list[Real]:
    """Every invitation that these events made, three statements at most."""
    if not event_ids:
        return []
    rows = session.execute(select(*COLUMNS).where(Invitation.event_id.in_(event_ids))).all()
    return reals(session, rows)


def reals(session: Session, rows: Sequence[Row[Any]]) -> list[Real]:
    """These rows of COLUMNS with what their customers did; two statements at most."""
    asked = {row.id: row.asked_at for row in rows if row.asked_at is not None}
    spans = _said(session, asked)
    for number, talked in _talked(session, asked).items():
        spans[number] = {**spans.get(number, {}), **talked}
    return [
        Real(
            id=row.id,
            trigger_id=row.trigger_id,
            event_id=row.event_id,
            customer_id=row.customer_id,
            survey_id=row.survey_id,
            channel=row.channel,
            status=row.status,
            rule=row.rule,
            asked_at=row.asked_at,
            settled_at=row.status_at,
            **spans.get(row.id, {}),
        )
        for row in rows
    ]


_Spans = dict[str, timedelta]


def _said(session: Session, asked: Mapping[int, datetime]) -> dict[int, _Spans]:
    if not asked:
        return {}
    rows = session.execute(
        select(Response.invitation_id, Response.status, SAID_AT.label("at")).where(
            Response.invitation_id.in_(asked), SAID
        )
    )
    found: dict[int, _Spans] = {}
    for row in rows:
        after = row.at - asked[row.invitation_id]
        done = row.status == ResponseStatus.COMPLETED.value
        found[row.invitation_id] = {"said_after": after, **({"done_after": after} if done else {})}
    return found


def _talked(session: Session, asked: Mapping[int, datetime]) -> dict[int, _Spans]:
    if not asked:
        return {}
    rows = session.execute(
        select(Conversation.invitation_id, Conversation.expires_at, Conversation.ended_at).where(
            Conversation.invitation_id.in_(asked)
        )
    )
    found: dict[int, _Spans] = {}
    for row in rows:
        since = asked[row.invitation_id]
        over = min(row.ended_at or row.expires_at, row.expires_at)
        found[row.invitation_id] = {
            "over_after": over - since,
            "lapses_after": row.expires_at - since,
        }
    return found
