"""How exchanges, their messages and what went wrong with them are worded on pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from feedback.pages.redaction import masked
from feedback.pages.words import count, status
from models.message import Message
from surveys.channels import segments
from surveys.channels.addresses import is_whatsapp, plain
from surveys.channels.errors import known
from surveys.eligibility_facts import WORDS, Rule
from surveys.overdue import given_up
from surveys.put_right import Said

STATES: Mapping[str, tuple[str, str]] = {
    "waiting": ("bad", "Waits for a person"),
    "contact": ("bad", "Wants contact"),
    "taken": ("good", "Taken over"),
    "open": ("waiting", "Open"),
    "ended": ("", "Ended"),
    "expired": ("", "Expired"),
    "unprompted": ("", "Unprompted"),
}
"""Of each state of an exchange: its mark and its words."""
NO_WORDS = "no words, perhaps a picture"
OVERTAKEN = "Never sent, as something else came first"
_NOT_THERE = frozenset({"pending", "unknown", "undelivered", "failed", "canceled"})
LAPSED = "Handed back by itself after 72 hours of silence"
TAKEN_FOR: Mapping[str, str] = {
    "stop": "opted out, at once",
    "start": "opted in",
    "help": "asked for help",
    "person": "left to a person",
    "unprompted": "kept as a comment",
}
"""What a message that came in was taken for, where it was no answer."""


class Sent(Protocol):
    """A message as far as its fate goes."""

    @property
    def status(self) -> str:
        """Where it is."""

    @property
    def error_code(self) -> str | None:
        """What the provider says went wrong."""

    @property
    def asked(self) -> int:
        """How often the provider was asked what became of it."""

    @property
    def provider_id(self) -> str | None:
        """The provider's id of it; None where it never left."""


def error(code: str | None) -> str:
    """What went wrong, with its code: `the phone was off or out of reach (30003)`."""
    if not code:
        return ""
    if code in set(Rule):
        return WORDS[Rule(code)]
    words = known(code).words
    return f"{words} ({code})" if words else f"code {code}"


def fate(message: Sent) -> str:
    """Where a message is, and why it did not get further."""
    why = error(message.error_code)
    if message.status == "canceled" and not why and message.provider_id is None:
        return OVERTAKEN
    if given_up(message.status, message.asked):
        why = f"{why}; no receipt ever came" if why else "no receipt ever came"
    return f"{status(message.status)[1]}: {why}" if why else status(message.status)[1]


def left(message: Message) -> datetime | None:
    """When it left last, where that was a minute or more after it was written."""
    at = message.attempted_at
    return at if at is not None and at - message.created_at >= timedelta(minutes=1) else None


def held_up(status_of_message: str, error_code: str | None) -> str:
    """Why a customer has not got a message of ours; empty where nothing is known against it."""
    why = error(error_code)
    overtaken = status_of_message == "canceled" and not why
    if overtaken or status_of_message not in _NOT_THERE:
        return ""
    words = status(status_of_message)[1]
    return f"{words}: {why}" if why else words


def told(said: Said | None) -> str:
    """An answer in few words: `8`, `Yes`, `a comment`, `no answer`."""
    if said is None:
        return "no answer"
    if said.value is None:
        return "a comment"
    if isinstance(said.value, bool):
        return "Yes" if said.value else "No"
    if isinstance(said.value, tuple):
        return ", ".join(said.value)
    return masked(said.value) if isinstance(said.value, str) else str(said.value)


def ending(address: str) -> str:
    """A number as it is shown to everybody: by its last digits, and its channel unless SMS."""
    if not plain(address).removeprefix("+").isdecimal():
        return "a sender without a number"
    what = "WhatsApp number" if is_whatsapp(address) else "number"
    return f"{what} ending {address[-4:]}" if len(address) > 4 else f"a {what}"


def whole(address: str) -> str:
    """A number as it is shown to whoever may see it."""
    return f"{plain(address)} in WhatsApp" if is_whatsapp(address) else address


def length(text: str) -> str:
    """How long a message is, and how many SMS it takes: `172 characters, 2 SMS`."""
    found = segments.count(text)
    special = "" if found.encoding == "GSM-7" else ", with special characters that take more room"
    return f"{count(len(text), 'character')}, {found.segments} SMS{special}"
