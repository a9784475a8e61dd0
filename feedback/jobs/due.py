"""What is owed, asked of the tables: the due time of the oldest row of each kind of work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from feedback import asked_why
from feedback.adapting import rows as adapting
from feedback.alerts import looking, outbox
from feedback.cells import work as counting
from feedback.comment_claims import WAITING, marked_since
from feedback.files import inbox
from feedback.hooks import waiting
from feedback.jobs import asking
from feedback.listening import UNSCORED
from feedback.retention import forget as retention
from feedback.search import asked, blocks, tidy
from feedback.themes.rows import owed
from feedback.topics import plan, runs
from surveys import appointments
from surveys.taking_turns import oldest

Due = Callable[[Session, datetime], datetime | None]

WATCH, TELL, COUNT, TIDY = "watch", "tell", "count", "tidy"
MEANING, PACK, FILES, RETAIN = asked.KIND, "pack", inbox.KIND, "retain"

FIRE, SEND, RECONCILE, MAIL = asking.FIRE, asking.SEND, asking.RECONCILE, asking.MAIL
EXPIRE, REMIND, FOLLOW_UP = asking.EXPIRE, asking.REMIND, asking.FOLLOW_UP
LISTEN, READ, LEARN, EXPLAIN = "listen", "read", "learn", "explain"
APPOINT = "appoint"
TOPICS, PLAN_TOPICS, ADAPT = "topics", "plan_topics", "adapt"


def listen(session: Session, now: datetime) -> datetime | None:
    """Answers not yet scored, their words not yet handed over to be read."""
    return oldest(session, UNSCORED, now)


def read(session: Session, now: datetime) -> datetime | None:
    """Comments nobody has read; when there is none, those that are to be read again."""
    return oldest(session, WAITING, now) or marked_since(session, now)


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


def files(session: Session, now: datetime) -> datetime | None:
    """Files of events that wait in watched folders; every few seconds, a look for new ones."""
    return inbox.owed(session, now)


def retain(session: Session, now: datetime) -> datetime | None:
    """What is older than a workspace keeps, and events that waited for long enough for another."""
    return waiting.owed(session, now) or retention.owed(session, now)


WIDE = frozenset({FIRE, SEND, MAIL, LISTEN, READ})
"""Kinds whose rows several workers claim at once, none of them twice."""

KINDS: Mapping[str, Due] = {
    FIRE: asking.fire,
    SEND: asking.send,
    MAIL: asking.mail,
    APPOINT: appointments.owed,
    RECONCILE: asking.reconcile,
    FOLLOW_UP: asking.follow_up,
    LISTEN: listen,
    READ: read,
    EXPIRE: asking.expire,
    REMIND: asking.remind,
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
    FILES: files,
    RETAIN: retain,
}
