"""Receipts that are overdue: when the provider is asked for them, and when nobody asks any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.status import MessageStatus
from surveys.channels.addresses import EMAIL, channel_of

M = MessageStatus
AWAITED = (M.ACCEPTED, M.SCHEDULED, M.QUEUED, M.SENT)
"""What a message is while a word of what became of it is still to come."""
WAITS = (
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
"""Before the first time that the provider is asked, the second, and so on: 17 hours in all."""


def next_look(status: str, asked: int, now: datetime, address: str = "") -> datetime | None:
    """When to ask about a message that was asked about so often; None: never again.

    Of an e-mail no receipt is awaited: a mail server that took it says nothing more.
    """
    if status not in AWAITED or asked >= len(WAITS) or channel_of(address) == EMAIL:
        return None
    return now + WAITS[asked]


def given_up(status: str, asked: int) -> bool:
    """Whether no receipt ever came, and the provider had nothing more to say when it was asked."""
    return status in AWAITED and asked >= len(WAITS)
