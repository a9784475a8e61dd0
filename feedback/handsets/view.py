"""Messages as a phone shows them, and what a phone could never show: what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from surveys.channels.addresses import is_whatsapp, plain
from surveys.channels.names import is_name
from surveys.simulator.book import Book
from surveys.simulator.message import Message

SHOWN, THREAD = 100, 80


@dataclass(frozen=True)
class Bubble:
    """One message: `side` is in for what the phone's owner wrote."""

    side: str
    body: str
    day: str
    clock: str
    state: str
    failed: bool
    pending: bool
    new: bool


@dataclass(frozen=True)
class Entry:
    """One phone in the list, with its newest message."""

    number: str
    name: str
    at: datetime
    clock: str
    mine: bool
    body: str
    whatsapp: bool


def entries(book: Book) -> list[Entry]:
    """The phones, the one with the newest message first."""
    return [_entry(number, book.of_phone(number)[-1]) for number in book.phones()[:SHOWN]]


def bubbles(messages: Sequence[Message], seen: int) -> list[Bubble]:
    """The last messages, oldest first; those after the first `seen` are new."""
    start = max(len(messages) - THREAD, 0)
    return [_bubble(one, place >= seen) for place, one in enumerate(messages)][start:]


def stamp(messages: Sequence[Message], stopped: Sequence[str] = ()) -> str:
    """Changes whenever anything in a thread does; begins with the number of its messages."""
    states = "|".join([*(f"{one.sid}{one.status}{one.answered}" for one in messages), *stopped])
    return f"{len(messages)}-{crc32(states.encode()):x}"


def spoken(number: str) -> str:
    """A number as people write it, whichever its channel; what is none stays as it is."""
    try:
        parsed = phonenumbers.parse(plain(number))
    except NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL))


def can_answer(messages: Sequence[Message]) -> bool:
    """Whether whoever texted last can be answered: a name instead of a number can't."""
    last = next((one for one in reversed(messages) if not one.inbound), None)
    return last is None or not is_name(last.sender or "")


def _entry(number: str, last: Message) -> Entry:
    shown = (spoken(number), last.created, _clock(last), last.inbound, last.body)
    return Entry(number, *shown, is_whatsapp(number))


def _bubble(message: Message, new: bool) -> Bubble:
    return Bubble(
        side="in" if message.inbound else "out",
        body=message.body or _attached(message),
        day=f"{message.created.astimezone():%A, %-d %B}",
        clock=_clock(message),
        state=_told(message) if message.inbound else _state(message),
        failed=message.error_code is not None or _refused(message),
        pending=not message.inbound and message.arrived is None,
        new=new,
    )


def _clock(message: Message) -> str:
    return f"{message.created.astimezone():%H:%M}"


def _attached(message: Message) -> str:
    return "\n".join(f"({kind})" for kind in message.media)


def _state(message: Message) -> str:
    """Of a message to the phone."""
    if message.error_code:
        return f"Never arrived: {_within(str(message.error_message))} ({message.error_code})"
    return "Delivered" if message.arrived else f"On its way: {message.status}"


def _within(words: str) -> str:
    """A sentence's words as they stand within another; an abbreviation stays as it is."""
    return words if words[1:2].isupper() else f"{words[:1].lower()}{words[1:]}"


def _told(message: Message) -> str:
    """Of a message from the phone."""
    if message.answered is None:
        return "Sent; Waymark does not answer"
    return f"Sent; Waymark answers {message.answered}" if _refused(message) else "Sent"


def _refused(message: Message) -> bool:
    return message.answered is not None and message.answered >= 300
