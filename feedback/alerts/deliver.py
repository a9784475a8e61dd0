"""Sends what is owed, one message at a time; may be killed at any instant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.alerts import mail, outbox, webhook
from feedback.alerts.address import Resolve, resolve
from feedback.alerts.channels import EMAIL
from feedback.alerts.compose import alert_message, digest_message, test_message
from feedback.alerts.message import Message
from feedback.alerts.ways import Outcome, Ways
from models.alert import AlertChannel, AlertSend, Digest
from models.errors import NotFound, WaymarkError
from models.workspace import Workspace

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Sender:
    """Hands messages over; a test puts its own resolver in."""

    ways: Ways
    resolve: Resolve = resolve

    def send(self, channel: AlertChannel, message: Message, row_id: int, now: datetime) -> Outcome:
        """One attempt."""
        if channel.kind == EMAIL:
            letter = mail.letter(
                message, self.ways.sender, channel.address, f"waymark-alert-{row_id}", now
            )
            return mail.send(self.ways, letter)
        return webhook.send(channel.address, message, self.ways.private_webhooks, self.resolve)


def send_next(session: Session, sender: Sender, now: Callable[[], datetime]) -> int:
    """Send the message that waits longest; how many were settled.

    It is written before it is claimed, so that what can't be written is never taken for sent.
    """
    crashed = outbox.forget_crashed(session, now())
    row = outbox.waiting(session, now())
    if row is None:
        return crashed
    send_now(session, sender, row, now)
    return crashed + 1


def send_now(session: Session, sender: Sender, row: AlertSend, now: Callable[[], datetime]) -> None:
    """Make one attempt at a message that waits."""
    if now() > row.not_after:
        outbox.skip(session, row, outbox.TOO_OLD)
        return
    try:
        channel, message = _written(session, row, sender.ways.public_url)
    except WaymarkError as error:
        outbox.skip(session, row, error.message)
        return
    if not outbox.claim(session, row, now()):
        return
    outcome = sender.send(channel, message, row.id, now())
    outbox.settle(session, row, outcome, now())
    log.info("alert_sent", send=row.id, kind=row.kind, way=channel.kind, fate=str(outcome.fate))


def _written(session: Session, row: AlertSend, public_url: str) -> tuple[AlertChannel, Message]:
    channel = session.get(AlertChannel, row.channel_id)
    workspace = session.get(Workspace, row.workspace_id)
    if channel is None or workspace is None:
        raise NotFound("the recipient was taken out")
    if row.kind == outbox.TEST:
        return channel, test_message(workspace, public_url)
    if row.kind == outbox.ALERT:
        return channel, alert_message(session, workspace, row.key, public_url)
    week = date.fromisoformat(row.key.partition(":")[2])
    mine = (Digest.workspace_id == workspace.id) & (Digest.week == week)
    digest = session.scalars(select(Digest).where(mine)).one_or_none()
    if digest is None or not digest.items:
        raise NotFound("the digest of this week is not there any more")
    return channel, digest_message(session, workspace, digest, public_url)
