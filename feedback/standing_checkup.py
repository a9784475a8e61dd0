"""Can every sender send, who stands in where one can't, and could the fall-back if it had to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.app import fallback_access
from feedback.finding import Finding
from feedback.provider_checkup import provider
from feedback.sender_checkup import Ours
from feedback.senders import told_of_all
from feedback.settings import Settings
from models.message import Message
from models.status import MessageStatus
from surveys import sender_rows
from surveys.channels.gateway import Gateway


def senders(session: Session, gateway: Gateway, now: datetime) -> Iterator[Finding]:
    """Do messages leave from every sender that we know something of."""
    standings = sender_rows.standings(session, gateway.name)
    for sender, found in told_of_all(gateway, standings, now).items():
        if sender in standings or sender == gateway.fallback:
            yield Finding(f"sender {sender}", found.fine, found.words)
    for account, count in left_behind(session, gateway):
        mend = "set it up again as TWILIO_FALLBACK_ACCOUNT_SID, so that they can be looked up"
        words = f"has {count} messages of unknown fate, and is set up no more: {mend}"
        yield Finding(f"account {account}", False, words)


def left_behind(session: Session, gateway: Gateway) -> Iterator[tuple[str, int]]:
    """Accounts that messages of unknown fate were handed to, and that nobody can ask any more."""
    known = {gateway.account_of(sender) for sender in (gateway.sender, gateway.fallback or "")}
    rows = session.execute(
        select(Message.account, func.count())
        .where(
            Message.status == MessageStatus.UNKNOWN.value,
            Message.provider == gateway.name,
            Message.account.is_not(None),
        )
        .group_by(Message.account)
    )
    yield from ((str(account), count) for account, count in rows if account not in known)


def fallback(settings: Settings) -> Iterator[Finding]:
    """Is the fall-back set up at Twilio as the first is: messages leave, and replies come in."""
    if settings.fallback_sender is None:
        return
    ours = Ours(settings.public_url, settings.fallback_sender, {})
    same = settings.twilio_fallback_account_sid is None
    for found in provider(fallback_access(settings), ours):
        told_before = found.subject == "PUBLIC_URL" or (same and found.subject == "Twilio")
        if not told_before:
            words = found.words.replace("TWILIO_", "TWILIO_FALLBACK_")
            yield Finding(f"fall-back, {found.subject}", found.fine, words)
