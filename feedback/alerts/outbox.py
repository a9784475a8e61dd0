"""What is owed to recipients: queued with what it tells of, claimed before it is sent, settled."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.alerts.ways import Fate, Outcome
from models.alert import AlertChannel, AlertSend
from models.alert_status import SendStatus
from models.errors import Conflict
from models.status import move
from surveys.upsert import insert_into

ALERT, DIGEST, TEST = "alert", "digest", "test"
CLAIM = timedelta(minutes=2)
"""Longer than the slowest attempt: after it, whoever claimed the message is gone."""
OLD = timedelta(days=2)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
CRASHED = "Waymark stopped while it was sent: it may have arrived, so it is not sent again"
TOO_OLD = "it was not sent in time, and old news is not sent"


def queue(
    session: Session, workspace_id: int, kind: str, key: str, now: datetime, until: datetime
) -> int:
    """Owe this to every recipient who wants its kind; one that has it already gets no second.

    No commit: what is told of and the message go into the table together or not at all.
    """
    wants = AlertChannel.alerts if kind == ALERT else AlertChannel.digest
    mine = select(AlertChannel.id).where(AlertChannel.workspace_id == workspace_id, wants)
    owed = 0
    for channel_id in session.scalars(mine.order_by(AlertChannel.id)).all():
        owed += _owe(session, workspace_id, channel_id, kind, key, now, until)
    return owed


def queue_test(session: Session, channel: AlertChannel, now: datetime) -> AlertSend:
    """Owe a recipient a test message. No commit."""
    key = f"{TEST}:{secrets.token_hex(8)}"
    _owe(session, channel.workspace_id, channel.id, TEST, key, now, now + timedelta(hours=1))
    row = select(AlertSend).where(AlertSend.channel_id == channel.id, AlertSend.key == key)
    return session.scalars(row).one()


def _owe(
    session: Session,
    workspace_id: int,
    channel_id: int,
    kind: str,
    key: str,
    now: datetime,
    until: datetime,
) -> bool:
    values: dict[str, Any] = {
        "workspace_id": workspace_id,
        "channel_id": channel_id,
        "kind": kind,
        "key": key,
        "status": SendStatus.PENDING.value,
        "attempts": 0,
        "not_before": now,
        "not_after": until,
        "created_at": now,
    }
    insert = insert_into(session, AlertSend).values(**values).on_conflict_do_nothing()
    return session.scalar(insert.returning(AlertSend.id)) is not None


def told(session: Session, workspace_id: int, key: str) -> int:
    """To how many of the recipients that are still there a message was owed."""
    mine = (AlertSend.workspace_id == workspace_id) & (AlertSend.key == key)
    return session.scalar(select(func.count(AlertSend.id)).where(mine)) or 0


def owed(session: Session, now: datetime) -> datetime | None:
    """Since when a message waits to be sent, or to be given up for unknown."""
    waits = (AlertSend.status == SendStatus.PENDING.value) & (AlertSend.not_before <= now)
    stuck = (AlertSend.status == SendStatus.SENDING.value) & (AlertSend.claimed_until < now)
    return session.scalar(select(func.min(AlertSend.not_before)).where(waits | stuck))


def forget_crashed(session: Session, now: datetime) -> int:
    """Messages whose sender is gone have an unknown fate; said plainly, and never sent again."""
    stuck = (AlertSend.status == SendStatus.SENDING.value) & (AlertSend.claimed_until < now)
    found = session.scalars(select(AlertSend.id).where(stuck)).all()
    for row_id in found:
        move(session, AlertSend, row_id, SendStatus.UNKNOWN, error=CRASHED, claimed_until=None)
    session.commit()
    return len(found)


def waiting(session: Session, now: datetime) -> AlertSend | None:
    """The message that waits longest."""
    waits = (AlertSend.status == SendStatus.PENDING.value) & (AlertSend.not_before <= now)
    query = select(AlertSend).where(waits).order_by(AlertSend.not_before, AlertSend.id).limit(1)
    return session.scalars(query.execution_options(populate_existing=True)).first()


def claim(session: Session, row: AlertSend, now: datetime) -> bool:
    """Take a message before it is sent; False where another has it. Commits."""
    attempts = AlertSend.attempts + 1
    until = now + CLAIM
    taken = move(
        session, AlertSend, row.id, SendStatus.SENDING, claimed_until=until, attempts=attempts
    )
    session.commit()
    return taken


def skip(session: Session, row: AlertSend, reason: str) -> None:
    """It is not sent, and says why. Commits."""
    move(session, AlertSend, row.id, SendStatus.SKIPPED, error=reason)
    session.commit()


def settle(session: Session, row: AlertSend, outcome: Outcome, now: datetime) -> None:
    """Write down what became of an attempt; one that may be tried again waits longer each time."""
    words = outcome.words[:1000] or None
    if outcome.fate is Fate.SENT:
        _end(session, row, SendStatus.SENT, sent_at=now, error=None)
    elif outcome.fate is Fate.UNKNOWN:
        _end(session, row, SendStatus.UNKNOWN, error=f"{words}: it may have arrived")
    elif outcome.fate is Fate.REFUSED or not _time_left(row, now):
        _end(session, row, SendStatus.FAILED, error=words)
    else:
        at = now + WAITS[row.attempts - 1]
        _end(session, row, SendStatus.PENDING, error=words, not_before=at)


def _time_left(row: AlertSend, now: datetime) -> bool:
    tried = row.attempts
    return tried <= len(WAITS) and now + WAITS[tried - 1] <= row.not_after


def _end(session: Session, row: AlertSend, to: SendStatus, **values: Any) -> None:
    move(session, AlertSend, row.id, to, claimed_until=None, **values)
    session.commit()


def try_again(session: Session, row: AlertSend, now: datetime) -> None:
    """A person has mended what was wrong: try a failed message once more. Commits."""
    values = {"not_before": now, "not_after": now + OLD, "attempts": 0, "error": None}
    if not move(session, AlertSend, row.id, SendStatus.PENDING, **values):
        raise Conflict("only what failed can be tried again", mend="Reload the page.")
    session.commit()
