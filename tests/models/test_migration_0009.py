"""A database with comments in it moves on to search, and back."""

from __future__ import annotations

import pytest
from old_database import Add, add_comment, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from feedback.search.find import find
from feedback.search.query import parse
from feedback.search.wanted import Wanted
from feedback.themes.catalogue import Catalogue
from models import migrate


def _fill(add: Add) -> None:
    add_shop(add)
    add_comment(add, text="Late parcels", language="en")


@pytest.fixture
def old(begin: Begin) -> Engine:
    """A database at 0008 on each engine in turn, with a comment."""
    return begin.at("0008", _fill)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """The same, moved on to the newest tables."""
    return begin.moved("0008", _fill)


def _found(engine: Engine, typed: str) -> int:
    with Session(engine) as session:
        return find(session, 1, Wanted(parse(typed)), Catalogue(), 5).n


def test_what_was_there_is_searched_and_what_comes_too(moved: Engine) -> None:
    assert _found(moved, "parcel") == 1 and _found(moved, "flowers") == 0
    with moved.begin() as connection:
        connection.execute(text("UPDATE comments SET text = 'Wilted flowers'"))
    assert _found(moved, "flower") == 1 and _found(moved, "parcel") == 0
    with moved.begin() as connection:
        connection.execute(text("DELETE FROM comments"))
    assert _found(moved, "flower") == 0


def test_back_again_rows_go_in_without_search(old: Engine) -> None:
    migrate.upgrade(old, "0009")
    move_back(old, "0008")
    with old.begin() as connection:
        connection.execute(text("UPDATE comments SET text = 'Wilted flowers'"))
        assert connection.scalar(text("SELECT count(*) FROM comments")) == 1
