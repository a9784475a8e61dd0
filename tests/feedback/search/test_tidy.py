from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from search_rows import Shelf
from sqlalchemy import text
from sqlalchemy.orm import Session

from feedback.search.tidy import WAIT, owed, tidy
from models.workspace import Workspace

MakeWorkspace = Callable[..., Workspace]
LATER = datetime.now(UTC) + WAIT + timedelta(days=1)


@pytest.fixture
def shelf(sqlite_session: Session, make_workspace: MakeWorkspace) -> Shelf:
    return Shelf(sqlite_session, make_workspace(sqlite_session))


def kept(session: Session, word: bytes) -> bool:
    """Whether a word's letters stand anywhere in the index."""
    blocks = session.scalars(text("SELECT block FROM comment_words_data"))
    return any(word in block for block in blocks)


def finish(session: Session) -> None:
    for _ in range(500):
        if not tidy(session, LATER):
            return
    raise AssertionError("it never ends")


def test_of_an_erased_comment_no_trace_is_left_in_the_index(shelf: Shelf) -> None:
    session = shelf.session
    finish(session)
    for number in range(300):
        shelf.say(f"An ordinary comment, number {number}")
        if number % 60 == 0:
            session.commit()
    customer = shelf.customer()
    shelf.say("Call me, I am Zqxwvk Jjkrrt", customer_id=customer.id)
    session.commit()
    assert kept(session, b"zqxwvk")
    session.delete(customer)
    session.commit()
    assert owed(session, datetime.now(UTC)) is None, "erasures are gathered first"
    assert owed(session, LATER) is not None
    finish(session)
    assert not kept(session, b"zqxwvk") and not kept(session, b"jkrrt")
    assert owed(session, LATER) is None
    assert session.scalar(text("SELECT count(*) FROM comment_words('ordinary')")) == 300
    session.execute(text("INSERT INTO comment_words(comment_words) VALUES ('integrity-check')"))


def test_what_is_erased_while_merging_is_merged_away_next(shelf: Shelf) -> None:
    session = shelf.session
    finish(session)
    one, two = shelf.customer(), shelf.customer()
    for word, customer in (("xqqzzv", one), ("wvvqqz", two)):
        for number in range(40):
            shelf.say(f"{word}{number} and more", customer_id=customer.id)
        session.commit()
    session.delete(one)
    session.commit()
    assert tidy(session, LATER) == 1
    session.delete(two)
    session.commit()
    finish(session)
    assert not kept(session, b"xqqzzv") and not kept(session, b"wvvqqz")


def test_on_postgres_nothing_is_owed(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        assert owed(session, LATER) is None
        assert tidy(session, LATER) == 0
