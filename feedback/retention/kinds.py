"""What may be forgotten, and what is kept of it: nothing here is ever counted in a report.

Responses, answers, scores, comments and mentions are what the statistics count; invitations say
how many were asked; the ledger of consent proves what was allowed. None of these goes by age. An
event that led to an invitation stays with it: the response hangs on it, and stands where it does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Delete, Update, delete, exists, update
from sqlalchemy.orm import InstrumentedAttribute

from models.event import Event
from models.invitation import Decision, Invitation
from models.message import Message
from models.status import MessageStatus

REMOVED = "[removed after some time]"
"""What stands where a message's words stood."""

_UNDER_WAY = tuple(
    status.value for status in (MessageStatus.PENDING, MessageStatus.SENDING, MessageStatus.UNKNOWN)
)


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows that age: by which time, which of them go, and the statement that does it."""

    name: str
    words: str
    id: InstrumentedAttribute[int]
    workspace_id: InstrumentedAttribute[int]
    moment: InstrumentedAttribute[datetime]
    goes: Callable[[], ColumnElement[bool]]
    forget: Callable[[], Delete | Update]

    @property
    def days(self) -> str:
        """The column of a retention that says after how many days."""
        return f"{self.name}_days"

    @property
    def cursor(self) -> str:
        """The column that says how far the forgetting is."""
        return f"{self.name}_cursor"

    def of(self, ids: Sequence[int], before: datetime) -> Delete | Update:
        """Forget those of these rows that may go.

        The time is given too: it tells PostgreSQL which parts of a table to look into.
        """
        statement: Any = self.forget()
        done: Delete | Update = statement.where(self.id.in_(ids), self.moment < before, self.goes())
        return done


def _always() -> ColumnElement[bool]:
    return Decision.id > 0


def _led_to_nothing() -> ColumnElement[bool]:
    return ~exists().where(Invitation.event_id == Event.id)


def _settled_with_words() -> ColumnElement[bool]:
    return Message.status.not_in(_UNDER_WAY) & (Message.body != REMOVED)


DECISIONS = Kind(
    "decision",
    "decisions",
    Decision.id,
    Decision.workspace_id,
    Decision.decided_at,
    goes=_always,
    forget=lambda: delete(Decision),
)
EVENTS = Kind(
    "event",
    "events that led to no invitation",
    Event.id,
    Event.workspace_id,
    Event.received_at,
    goes=_led_to_nothing,
    forget=lambda: delete(Event),
)
MESSAGES = Kind(
    "message",
    "messages' words",
    Message.id,
    Message.workspace_id,
    Message.created_at,
    goes=_settled_with_words,
    forget=lambda: update(Message).values(body=REMOVED),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (DECISIONS, EVENTS, MESSAGES)}
