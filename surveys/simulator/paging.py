"""A list of messages, filtered and paged as Twilio does it.

The page's number is only repeated to the client: the token says where a page begins, so that
messages that come in between shift nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from surveys.simulator.book import Book
from surveys.simulator.message import Message, as_json

SIZE, LARGEST = 50, 1000
FILTERS = ("To", "From", "DateSent", "DateSent<", "DateSent>")


def listed(book: Book, query: Mapping[str, str], path: str) -> dict[str, Any]:
    """One page, with the addresses of those around it."""
    found = [one for one in book.newest_first(query.get("To")) if _fits(one, query)]
    size = min(max(_whole(query.get("PageSize"), SIZE), 1), LARGEST)
    start, number = _start(found, query, size)
    shown = found[start : start + size]
    around = _Around(path, query, size)
    return {
        "end": max(number * size + len(shown) - 1, 0),
        "first_page_uri": around.page(0),
        "messages": [as_json(one) for one in shown],
        "next_page_uri": around.next(found, start + size, number),
        "page": number,
        "page_size": size,
        "previous_page_uri": around.previous(found, start, number),
        "start": number * size,
        "uri": around.page(number, query.get("PageToken")),
    }


class _Around:
    """The addresses of pages under the same filters."""

    def __init__(self, path: str, query: Mapping[str, str], size: int) -> None:
        self._path, self._size = path, size
        self._kept = [(name, query[name]) for name in FILTERS if query.get(name)]

    def page(self, number: int, token: str | None = None) -> str:
        """The address of a page."""
        fields = [*self._kept, ("PageSize", str(self._size)), ("Page", str(number))]
        return f"{self._path}?{urlencode(fields + ([('PageToken', token)] if token else []))}"

    def next(self, found: Sequence[Message], end: int, number: int) -> str | None:
        """After the last one shown."""
        return self.page(number + 1, f"PA{found[end - 1].sid}") if end < len(found) else None

    def previous(self, found: Sequence[Message], start: int, number: int) -> str | None:
        """Before the first one shown."""
        return self.page(number - 1, f"PB{found[start].sid}") if 0 < start < len(found) else None


def _start(found: Sequence[Message], query: Mapping[str, str], size: int) -> tuple[int, int]:
    """Where the page begins, and its number; without a token it is the first."""
    token = query.get("PageToken", "")
    places = {one.sid: place for place, one in enumerate(found)} if token else {}
    place = places.get(token[2:])
    if place is None:
        return 0, 0
    number = max(_whole(query.get("Page"), 0), 0)
    return (place + 1 if token.startswith("PA") else max(place - size, 0)), number


def _fits(message: Message, query: Mapping[str, str]) -> bool:
    sender = query.get("From")
    if sender and message.sender != sender:
        return False
    return all(_sent_fits(message, name, query[name]) for name in FILTERS[2:] if query.get(name))


def _sent_fits(message: Message, name: str, value: str) -> bool:
    """By the day or the moment of sending, its ends included; what isn't sent has none."""
    if message.sent is None:
        return False
    asked = _moment(value)
    sent = message.sent if isinstance(asked, datetime) else message.sent.date()
    if name == "DateSent":
        return message.sent.date() == (asked.date() if isinstance(asked, datetime) else asked)
    return sent <= asked if name == "DateSent<" else sent >= asked


def _moment(value: str) -> datetime | date:
    if len(value) == len("2026-11-29"):
        return date.fromisoformat(value)
    at = datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value and value.isascii() and value.isdigit() else otherwise
