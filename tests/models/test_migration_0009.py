"""A database with comments in it moves on to search, and back."""

from __future__ import annotations

import pytest
from old_database import add_comment, add_shop, move_back, rows_at
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from feedback.search.find import find
from feedback.search.query import parse
from feedback.search.wanted import Wanted
from feedback.themes.catalogue import Catalogue
from models import migrate


@pytest.fixture
def old(empty: Engine) -> Engine:
    """A database at 0008 on each engine in turn, with a comment."""
    with rows_at(empty, "0008") as add:
        add_shop(add)
        add_comment(add, text="Late parcels", language="en")
    return empty


def _found(engine: Engine, typed: str) -> int:
    with Session(engine) as session:
        return find(session, 1, Wanted(parse(typed)), Catalogue(), 5).n


def test_what_was_there_is_searched_and_what_comes_too(old: Engine) -> None:
    migrate.upgrade(old)
    assert _found(old, "parcel") == 1 and _found(old, "flowers") == 0
    with old.begin() as connection:
        connection.execute(text("UPDATE comments SET text = 'Wilted flowers'"))
    assert _found(old, "flower") == 1 and _found(old, "parcel") == 0
    with old.begin() as connection:
        connection.execute(text("DELETE FROM comments"))
    assert _found(old, "flower") == 0


def test_back_again_rows_go_in_without_search(old: Engine) -> None:
    migrate.upgrade(old, "0009")
    move_back(old, "0008")
    with old.begin() as connection:
        connection.execute(text("UPDATE comments SET text = 'Wilted flowers'"))
        assert connection.scalar(text("SELECT count(*) FROM comments")) == 1
