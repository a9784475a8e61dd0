"""Statuses, their legal transitions, and the one guarded UPDATE that applies them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from models.alert_status import SEND_MOVES
from models.base import Base
from models.takeover_status import TAKEOVER_MOVES
from models.topic_status import TOPIC_RUN_MOVES


class InvitationStatus(StrEnum):
    """The life of one invitation."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    STARTED = "started"
    COMPLETED = "completed"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class MessageStatus(StrEnum):
    """The life of one SMS; the provider's own words, plus ours before and beside them."""

    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    PARTIALLY_DELIVERED = "partially_delivered"
    CANCELED = "canceled"
    READ = "read"
    RECEIVING = "receiving"
    RECEIVED = "received"


class ResponseStatus(StrEnum):
    """The life of one response."""

    OPEN = "open"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


class ConversationStatus(StrEnum):
    """The life of one SMS exchange."""

    OPEN = "open"
    ENDED = "ended"
    EXPIRED = "expired"


class TaskStatus(StrEnum):
    """The life of one batch of work handed out by the clock."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


Inv, M, R = InvitationStatus, MessageStatus, ResponseStatus
C, T = ConversationStatus, TaskStatus

INVITATION_MOVES: Mapping[InvitationStatus, frozenset[InvitationStatus]] = {
    Inv.SCHEDULED: frozenset(
        {
            Inv.SENDING,
            Inv.SENT,
            Inv.STARTED,
            Inv.COMPLETED,
            Inv.SUPPRESSED,
            Inv.CANCELLED,
            Inv.EXPIRED,
            Inv.FAILED,
        }
    ),
    Inv.SENDING: frozenset(
        {Inv.SENT, Inv.DELIVERED, Inv.STARTED, Inv.COMPLETED, Inv.FAILED, Inv.UNKNOWN}
        | {Inv.SUPPRESSED, Inv.CANCELLED, Inv.EXPIRED, Inv.SCHEDULED}
    ),
    Inv.UNKNOWN: frozenset(
        {
            Inv.SENT,
            Inv.SCHEDULED,
            Inv.DELIVERED,
            Inv.STARTED,
            Inv.COMPLETED,
            Inv.FAILED,
            Inv.CANCELLED,
        }
        | {Inv.EXPIRED}
    ),
    Inv.SENT: frozenset(
        {Inv.DELIVERED, Inv.STARTED, Inv.COMPLETED, Inv.FAILED, Inv.EXPIRED, Inv.CANCELLED}
    ),
    Inv.DELIVERED: frozenset({Inv.STARTED, Inv.COMPLETED, Inv.EXPIRED, Inv.CANCELLED}),
    Inv.STARTED: frozenset({Inv.COMPLETED, Inv.EXPIRED, Inv.CANCELLED}),
    Inv.EXPIRED: frozenset({Inv.STARTED, Inv.COMPLETED}),
    Inv.FAILED: frozenset({Inv.STARTED, Inv.COMPLETED, Inv.SCHEDULED}),
    Inv.COMPLETED: frozenset(),
    Inv.SUPPRESSED: frozenset(),
    Inv.CANCELLED: frozenset({Inv.STARTED, Inv.COMPLETED}),
}

_EARLY = (M.PENDING, M.SENDING, M.UNKNOWN, M.ACCEPTED, M.SCHEDULED, M.QUEUED)
_ENDS = frozenset({M.DELIVERED, M.UNDELIVERED, M.FAILED, M.PARTIALLY_DELIVERED, M.READ})


def _outbound_moves() -> dict[MessageStatus, frozenset[MessageStatus]]:
    """Each early state may skip ahead to any later one: providers leave steps out."""
    moves: dict[MessageStatus, frozenset[MessageStatus]] = {}
    for place, status in enumerate(_EARLY):
        later = {other for other in _EARLY[place + 1 :] if other is not M.UNKNOWN}
        moves[status] = frozenset(later) | _ENDS | {M.SENT, M.CANCELED}
    moves[M.SENDING] |= {M.UNKNOWN, M.PENDING}
    moves[M.UNKNOWN] |= {M.PENDING}
    return moves


MESSAGE_MOVES: Mapping[MessageStatus, frozenset[MessageStatus]] = {
    **_outbound_moves(),
    M.SENT: _ENDS,
    M.PARTIALLY_DELIVERED: frozenset({M.DELIVERED, M.READ}),
    M.DELIVERED: frozenset({M.READ}),
    M.UNDELIVERED: frozenset(),
    M.FAILED: frozenset(),
    M.CANCELED: frozenset(),
    M.READ: frozenset(),
    M.RECEIVING: frozenset({M.RECEIVED}),
    M.RECEIVED: frozenset(),
}

RESPONSE_MOVES: Mapping[ResponseStatus, frozenset[ResponseStatus]] = {
    R.OPEN: frozenset({R.COMPLETED, R.ABANDONED}),
    R.ABANDONED: frozenset({R.OPEN, R.COMPLETED}),
    R.COMPLETED: frozenset(),
}

CONVERSATION_MOVES: Mapping[ConversationStatus, frozenset[ConversationStatus]] = {
    C.OPEN: frozenset({C.ENDED, C.EXPIRED}),
    C.EXPIRED: frozenset({C.OPEN}),
    C.ENDED: frozenset(),
}

TASK_MOVES: Mapping[TaskStatus, frozenset[TaskStatus]] = {
    T.READY: frozenset({T.RUNNING}),
    T.RUNNING: frozenset({T.DONE, T.READY, T.FAILED}),
    T.DONE: frozenset(),
    T.FAILED: frozenset({T.READY}),
}

MOVES: Mapping[str, Mapping[Any, frozenset[Any]]] = {
    "invitations": INVITATION_MOVES,
    "messages": MESSAGE_MOVES,
    "responses": RESPONSE_MOVES,
    "conversations": CONVERSATION_MOVES,
    "tasks": TASK_MOVES,
    "topic_runs": TOPIC_RUN_MOVES,
    "alert_sends": SEND_MOVES,
    "takeovers": TAKEOVER_MOVES,
}


def sources(table: str, to: StrEnum) -> tuple[str, ...]:
    """The statuses of `table` from which `to` may be reached in one step."""
    return tuple(str(source) for source, targets in MOVES[table].items() if to in targets)


def move(session: Session, model: type[Base], row_id: int, to: StrEnum, **values: Any) -> bool:
    """Set a row's status by one guarded UPDATE; False when the table forbids the step.

    `values` are further columns set in the same statement. Nothing is changed on False.
    """
    columns = model.__table__.c
    statement = (
        update(model)
        .where(columns.id == row_id, columns.status.in_(sources(model.__tablename__, to)))
        .values(status=str(to), **values)
        .execution_options(synchronize_session="fetch")
    )
    result = session.execute(statement)
    return isinstance(result, CursorResult) and result.rowcount == 1
