"""WhatsApp's rule: free words within a day after the customer wrote, templates at any time."""

from __future__ import annotations

from datetime import timedelta

from surveys.simulator.book import Book
from surveys.simulator.message import Message

PREFIX = "whatsapp:"
SESSION = timedelta(hours=24)
OUTSIDE = 63016


def refused(message: Message, book: Book) -> int | None:
    """The code of a message that WhatsApp won't bring; None of any other."""
    if not message.to.startswith(PREFIX) or message.content:
        return None
    wrote = [one.created for one in book.of_phone(message.to) if one.inbound]
    return None if wrote and message.created - wrote[-1] < SESSION else OUTSIDE
