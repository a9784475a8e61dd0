"""WhatsApp's rule: free words within a day after the customer wrote, templates at any time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from surveys.channels.addresses import is_whatsapp
from surveys.simulator.account import Account
from surveys.simulator.book import Book
from surveys.simulator.message import Message
from surveys.simulator.template import APPROVED

SESSION = timedelta(hours=24)
OUTSIDE = 63016


def refused(message: Message, account: Account, book: Book) -> int | None:
    """The code of a message that WhatsApp won't bring; None of any other.

    A template that Meta has not approved counts as words of one's own.
    """
    if not is_whatsapp(message.to):
        return None
    template = account.template(message.content)
    if template is not None and template.status == APPROVED:
        return None
    wrote = [
        one.created for one in book.of_phone(message.to) if one.inbound and one.to == message.sender
    ]
    return None if wrote and message.created - wrote[-1] < SESSION else OUTSIDE


def variables(text: str | None) -> dict[str, str] | None:
    """What fills a template's places; None where it is no JSON object of words."""
    try:
        read = json.loads(text or "{}")
    except ValueError:
        return None
    if not isinstance(read, Mapping) or not all(isinstance(one, str) for one in read.values()):
        return None
    return {str(place): value for place, value in read.items()}


def fits(filled: Mapping[str, str]) -> bool:
    """Whether WhatsApp takes these: no place is empty, none breaks the line."""
    return all(
        value.strip() and not set(value) & {"\n", "\t"} and "     " not in value
        for value in filled.values()
    )
