"""What is owed, asked of the tables: the due time of the oldest row of each kind of work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from feedback import asked_why
from feedback.adapting import rows as adapting
from feedback.alerts import looking, outbox
from feedback.cells import work as counting
from feedback.reading import unclaimed
from feedback.search import asked, blocks, tidy
from feedback.themes.rows import owed
from feedback.topics import plan, runs
from models.conversation import Conversation
from models.invitation import Invitation
from models.job import Task
from models.message import Message
from models.reading import Comment
from models.response import Answer
from models.status import ConversationStatus, InvitationStatus, MessageStatus
from models.takeover import Takeover
from models.takeover_status import TakeoverStatus
from surveys.held import is_held

RECONCILE_EVERY = timedelta(seconds=15)

Due = Callable[[Session, datetime], datetime | None]

WATCH, TELL, COUNT, TIDY = "watch", "tell", "count", "tidy"
MEANING, PACK = asked.KIND, "pack"

FIRE, SEND, RECONCILE, LISTEN, READ, EXPIRE, LEARN, EXPLAIN, TOPICS, PLAN_TOPICS, ADAPT = (
    "fire",
    "send",
    "reconcile",
    "listen",
    "read",
    "expire",
    "learn",
    "explain",
    "topics",
    "plan_topics",
    "adapt",
)


def fire(session: Session, now: datetime) -> datetime | None:
    """Invitations whose time has come, and those a dead worker held."""
    waits = (Invitation.status == InvitationStatus.SCHEDULED.value) & (Invitation.due_at <= now)
    lapsed = (Invitation.status == InvitationStatus.SENDING.value) & (
        Invitation.claimed_until <= now
    )
    return session.scalar(select(func.min(Invitation.due_at)).where(waits | lapsed))


def send(session: Session, now: datetime) -> datetime | None:
    """Messages that wait to be handed to the provider."""
    ready = or_(Message.not_before.is_(None), Message.not_before <= now)
    return session.scalar(
        select(func.min(func.coalesce(Message.not_before, Message.created_at))).where(
            Message.status == MessageStatus.PENDING.value, ready
        )
    )


def reconcile(session: Session, now: datetime) -> datetime | None:
    """Messages nobody knows the fate of, and those a dead process left half-sent.

    The provider's list is asked every few seconds, not at every tick.
    """
    unknown = Message.status == MessageStatus.UNKNOWN.value
    stuck = (Message.status == MessageStatus.SENDING.value) & (Message.claimed_until <= now)
    oldest = session.scalar(select(func.min(Message.status_at)).where(unknown | stuck))
    latest = select(func.max(Task.finished_at)).where(Task.kind == RECONCILE)
    asked_at = session.scalar(latest) if oldest else None
    return None if asked_at and asked_at > now - RECONCILE_EVERY else oldest


def listen(session: Session, now: datetime) -> datetime | None:
    """Answers not yet scored, their words not yet handed over to be read."""
    return session.scalar(select(func.min(Answer.answered_at)).where(Answer.scored_at.is_(None)))


def read(session: Session, now: datetime) -> datetime | None:
    """Comments nobody has read; when there is none, those that are to be read again."""
    free = unclaimed(now)
    waiting = select(func.min(Comment.created_at)).where(Comment.read_state == "waiting", free)
    marked = select(func.min(Comment.reread_at)).where(Comment.reread_at.is_not(None), free)
    return session.scalar(waiting) or session.scalar(marked)


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
    open_states = [InvitationStatus.SENT.value, InvitationStatus.DELIVERED.value]
    stale = session.scalar(
        select(func.min(Invitation.expires_at)).where(
            Invitation.status.in_(open_states), Invitation.expires_at <= now
        )
    )
    return min((time for time in (silent, left, stale) if time), default=None)


def learn(session: Session, now: datetime) -> datetime | None:
    """Own themes that wait to be learned, and history that is to be marked for them."""
    return owed(session)


def explain(session: Session, now: datetime) -> datetime | None:
    """Comments that somebody asks why they were read so."""
    return asked_why.owed(session, now)


def topics(session: Session, now: datetime) -> datetime | None:
    """Runs of emerging topics that wait, and those a dead worker held."""
    return runs.owed(session, now)


def plan_topics(session: Session, now: datetime) -> datetime | None:
    """About hourly, a look at which periods should have a run of emerging topics."""
    return plan.look_due(session, PLAN_TOPICS, now)


def adapt(session: Session, now: datetime) -> datetime | None:
    """Workspaces with enough new corrections to learn from, and history to mark for a model."""
    return adapting.owed(session, now)


def watch(session: Session, now: datetime) -> datetime | None:
    """Every few minutes, a look whether a day or a week is over whose figures were not watched."""
    return looking.look_due(session, WATCH, now)


def tell(session: Session, now: datetime) -> datetime | None:
    """Alerts and digests that wait to be sent, and those a dead worker was sending."""
    return outbox.owed(session, now)


def count(session: Session, now: datetime) -> datetime | None:
    """Places, customers and definitions that changed, whose statistics are to be counted again."""
    return counting.owed(session, COUNT, now)


def forget(session: Session, now: datetime) -> datetime | None:
    """Erased comments whose words are still to be merged out of the search index."""
    return tidy.owed(session, now)


def meaning(session: Session, now: datetime) -> datetime | None:
    """Words that somebody searches by meaning; the web process hands them out at once, too."""
    return asked.owed(session, now)


def pack(session: Session, now: datetime) -> datetime | None:
    """Every minute, ranges of comments whose block does not hold what they mean."""
    return blocks.owed(session, PACK, now)


KINDS: Mapping[str, Due] = {
    FIRE: fire,
    SEND: send,
    RECONCILE: reconcile,
    LISTEN: listen,
    READ: read,
    EXPIRE: expire,
    LEARN: learn,
    EXPLAIN: explain,
    TOPICS: topics,
    PLAN_TOPICS: plan_topics,
    ADAPT: adapt,
    WATCH: watch,
    TELL: tell,
    COUNT: count,
    TIDY: forget,
    MEANING: meaning,
    PACK: pack,
}
