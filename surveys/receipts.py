"""Receipts: what the provider reports later, whatever the order and however often."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.message import Message
from models.status import MessageStatus
from surveys import progress
from surveys.locking import lock

log = logging.getLogger(__name__)
IN_HAND = (MessageStatus.SENDING.value, MessageStatus.UNKNOWN.value)
LARGEST_ID = 2**63 - 1


def apply_status(
    session: Session,
    provider: str,
    provider_id: str,
    status: str,
    error_code: str | None,
    now: datetime,
    message_id: int | None = None,
) -> bool:
    """Move the message that a receipt is about; False when it changes nothing. Commits.

    A receipt may come before we have stored the provider's id: then `message_id`, which our
    callback address carries, says which message it is, and the receipt brings the id along.
    """
    provider_id, status = _fit(provider_id), _fit(status)
    error_code = _fit(error_code) if error_code else None
    message = _find(session, provider, provider_id, message_id)
    if message is None:
        log.warning("a receipt of %s is about no message of ours", provider)
        session.rollback()
        return False
    if message.provider_id is None:
        progress.accepted(session, message, provider_id, status, error_code, now)
        moved = True
    else:
        moved = progress.apply(session, message, status, error_code, now)
    session.commit()
    return moved


def _fit(text: str) -> str:
    """Without what a database can't hold."""
    return text.replace("\x00", "")


def _find(
    session: Session, provider: str, provider_id: str, message_id: int | None
) -> Message | None:
    """By the provider's id; else by our own, while it waits for one."""
    by_provider = select(Message.id).where(
        Message.provider_id == provider_id,
        Message.provider == provider,
        Message.direction == "out",
    )
    known = session.scalar(by_provider.limit(1))
    if known is not None:
        return lock(session, Message, known)
    if message_id is None or not 0 < message_id <= LARGEST_ID:
        return None
    message = lock(session, Message, message_id)
    if message is None or message.provider != provider:
        return None
    if message.provider_id == provider_id:  # stored since we looked
        return message
    return message if message.provider_id is None and message.status in IN_HAND else None
