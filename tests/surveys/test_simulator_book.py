"""The simulator's book forgets the oldest where it is told to keep only so many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from surveys.simulator.book import Book
from surveys.simulator.message import Message

AT = datetime(2026, 11, 30, tzinfo=UTC)


def text(number: int, to: str) -> Message:
    at = AT + timedelta(seconds=number)
    return Message(
        sid=f"SM{number}",
        account_sid="AC",
        direction="outbound-api",
        sender=None,
        status="queued",
        created=at,
        updated=at,
        to=to,
        body="Hello",
    )


def test_the_oldest_is_forgotten_everywhere() -> None:
    book = Book(2)
    for number, to in enumerate(["+1", "+2", "+1"]):
        book.add(text(number, to))
    assert [one.sid for one in book.newest_first()] == ["SM2", "SM1"]
    assert [one.sid for one in book.of_phone("+1")] == ["SM2"]
    book.add(text(3, "+1"))
    assert book.phones() == ["+1"]
    assert (book.get("SM0"), book.newest_first("+2")) == (None, [])


def test_without_a_limit_all_are_kept() -> None:
    book = Book()
    for number in range(5):
        book.add(text(number, "+1"))
    assert len(book.newest_first()) == 5
