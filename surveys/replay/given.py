"""Invitations that a replay takes as they were made: no event of its time brought them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, or_, select, tuple_
from sqlalchemy.orm import Session

from models.event import Event
from models.invitation import Decision, Invitation
from models.status import InvitationStatus
from surveys.facts_rows import ASKED, ASKED_AT
from surveys.replay.real import COLUMNS, Real, reals

AT_ONCE = 1_000
LONGEST = timedelta(days=400)
"""An invitation is made at most so long before it is asked: a year before a date, and a month."""
_OPEN = tuple(
    one.value
    for one in (InvitationStatus.SCHEDULED, InvitationStatus.SENDING, InvitationStatus.UNKNOWN)
)


@dataclass(frozen=True, slots=True)
class Given:
    """An invitation that the replay takes as it was made; `asks` as `waiting` wants it.

    It waited already as the replay began, or no event made it: a date, a campaign, a person.
    `since` and `properties` are those of its event, if it has one.
    """

    asks: Mapping[str, Any]
    customer_id: int
    real: Real
    created_at: datetime
    since: datetime
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Span:
    """What is replayed: a workspace's events of these names, from `start` until before `end`."""

    workspace_id: int
    start: datetime
    end: datetime
    events: Collection[str]


def given(session: Session, span: Span) -> Iterator[Given]:
    """Those that waited as the span began, and those made in it by no event, as they were made."""
    after = (span.start - LONGEST, 0)
    waited = (
        (Invitation.created_at < span.start)
        & (Invitation.expires_at > span.start)
        & or_(ASKED & (span.start <= ASKED_AT), Invitation.status.in_(_OPEN), _settled_in(span))
    )
    made = (Invitation.created_at >= span.start) & Invitation.event_id.is_(None)
    key = (Invitation.created_at, Invitation.id)
    wanted = (
        select(*COLUMNS, Event.occurred_at, Event.properties)
        .outerjoin(Event, Event.id == Invitation.event_id)
        .where(
            Invitation.workspace_id == span.workspace_id,
            Invitation.created_at < span.end,
            or_(waited, made),
        )
        .order_by(*key)
        .limit(AT_ONCE)
    )
    while True:
        since = tuple_(*after, types=[one.type for one in key])
        rows = session.execute(wanted.where(tuple_(*key) > since)).all()
        yield from _as_given(session, rows, span.start)
        if len(rows) < AT_ONCE:
            return
        after = (rows[-1].created_at, rows[-1].id)


def _settled_in(span: Span) -> Any:
    """Neither asked nor waiting any more: but only since the span began."""
    return ~ASKED & Invitation.sent_at.is_(None) & (Invitation.status_at >= span.start)


def _as_given(session: Session, rows: Sequence[Row[Any]], start: datetime) -> Iterator[Given]:
    known = _first_facts(session, [row.id for row in rows], start)
    for row, real in zip(rows, reals(session, rows), strict=True):
        facts = known.get(row.id, {})
        channel = facts.get("channel", row.channel)
        asks = {
            "survey_id": row.survey_id,
            "trigger_id": row.trigger_id,
            "event_id": row.event_id,
            "version_id": row.version_id,
            "channel": channel,
            "other_channels": row.other_channels if channel == row.channel else row.channel,
            "due_at": datetime.fromisoformat(facts["due_at"]) if facts else row.due_at,
            "expires_at": row.expires_at,
        }
        since = row.occurred_at or row.created_at
        whose = (row.customer_id, real, row.created_at)
        yield Given(asks, *whose, since, row.properties or {})


def _first_facts(
    session: Session, ids: Sequence[int], start: datetime
) -> Mapping[int, Mapping[str, Any]]:
    """What the first decision since the span began saw: its due time, and the channel."""
    if not ids:
        return {}
    rows = session.execute(
        select(Decision.invitation_id, Decision.facts)
        .where(Decision.invitation_id.in_(ids), Decision.decided_at >= start)
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
    )
    return {row.invitation_id: row.facts for row in rows}  # the earliest is written last
