"""What is owed on the asking side: invitations, messages and exchanges whose time has come."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.invitation import Invitation
from models.job import Task
from models.message import Message
from models.status import ConversationStatus, MessageStatus
from models.takeover import Takeover
from models.takeover_status import TakeoverStatus
from surveys import firing, reminders
from surveys.channels.addresses import MAIL_SENDER
from surveys.expiry import unanswered
from surveys.held import is_held
from surveys.pauses import workspaces_at_rest

FIRE, SEND, RECONCILE, EXPIRE, REMIND = "fire", "send", "reconcile", "expire", "remind"
FOLLOW_UP, MAIL = "follow_up", "mail"
_BY_MAIL = Message.sender == MAIL_SENDER
RECONCILE_EVERY = timedelta(seconds=15)
FOLLOW_UP_EVERY = timedelta(seconds=10)
REMIND_EVERY = timedelta(minutes=1)


def fire(session: Session, now: datetime) -> datetime | None:
    """Invitations whose time has come, and those a dead worker held."""
    return firing.owed(session, now)


def send(session: Session, now: datetime) -> datetime | None:
    """SMS that wait to be handed to the provider: since when the first of them does."""
    return _waiting(session, ~_BY_MAIL, now)


def mail(session: Session, now: datetime) -> datetime | None:
    """E-mails that wait to be handed to the mail server."""
    return _waiting(session, _BY_MAIL, now)


def _waiting(session: Session, by: ColumnElement[bool], now: datetime) -> datetime | None:
    """The first in the order in which they leave, so that one look finds it however many wait."""
    return session.scalar(
        select(func.coalesce(Message.not_before, Message.created_at))
        .where(
            Message.status == MessageStatus.PENDING.value,
            by,
            or_(Message.not_before.is_(None), Message.not_before <= now),
            Message.workspace_id.not_in(workspaces_at_rest(session, SEND)),
        )
        .order_by(Message.provider, Message.sender, Message.priority, Message.id)
        .limit(1)
    )


def _earliest(*times: datetime | None) -> datetime | None:
    return min((time for time in times if time), default=None)


def reconcile(session: Session, now: datetime) -> datetime | None:
    """Messages nobody knows the fate of, and those a dead process left half-sent.

    The provider's list is asked every few seconds, not at every tick; a mail server has none.
    """
    unknown = (Message.status == MessageStatus.UNKNOWN.value) & ~_BY_MAIL
    stuck = (Message.status == MessageStatus.SENDING.value) & (Message.claimed_until <= now)
    oldest = session.scalar(select(func.min(Message.status_at)).where(unknown | stuck))
    latest = select(func.max(Task.finished_at)).where(Task.kind == RECONCILE)
    asked_at = session.scalar(latest) if oldest else None
    return None if asked_at and asked_at > now - RECONCILE_EVERY else oldest


def follow_up(session: Session, now: datetime) -> datetime | None:
    """Messages whose receipt is overdue; the provider is asked about a batch every ten seconds."""
    oldest = session.scalar(select(func.min(Message.follow_at)).where(Message.follow_at <= now))
    latest = select(func.max(Task.finished_at)).where(Task.kind == FOLLOW_UP)
    asked_at = session.scalar(latest) if oldest else None
    return None if asked_at and asked_at > now - FOLLOW_UP_EVERY else oldest


def expire(session: Session, now: datetime) -> datetime | None:
    """Conversations nobody answered in time, invitations and take-overs whose time is over."""
    silent = session.scalar(
        select(func.min(Conversation.expires_at)).where(
            Conversation.status == ConversationStatus.OPEN.value,
            Conversation.expires_at <= now,
            ~is_held(),
        )
    )
    left = session.scalar(
        select(func.min(Takeover.until)).where(
            Takeover.status == TakeoverStatus.HELD.value, Takeover.until <= now
        )
    )
    stale = session.scalar(
        select(Invitation.expires_at)
        .where(unanswered(), Invitation.expires_at <= now)
        .order_by(Invitation.expires_at)
        .limit(1)
    )
    return _earliest(silent, left, stale)


def remind(session: Session, now: datetime) -> datetime | None:
    """About every minute, customers who fell silent and whose survey reminds."""
    latest = select(func.max(Task.finished_at)).where(Task.kind == REMIND)
    looked_at = session.scalar(latest)
    if looked_at and looked_at > now - REMIND_EVERY:
        return None
    return reminders.owed(session, now)
