"""A database with comments in it moves on to meanings, and back."""

from __future__ import annotations

import pytest
from old_database import Add, add_comment, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session

from feedback.search.meanings import SIZE
from models import migrate
from models.meaning import CommentMeaning, MeaningBlock, MeaningMark


def _fill(add: Add) -> None:
    add_shop(add)
    for id_ in (1, 2, SIZE + 1):
        add_comment(add, id=id_, external_id=str(id_))


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """A database at 0011 on each engine in turn, with comments in two ranges, moved on."""
    return begin.moved("0011", _fill)


def test_the_ranges_of_comments_that_are_there_wait_to_be_filled_in(moved: Engine) -> None:
    with Session(moved) as session:
        marks = session.execute(select(MeaningMark.workspace_id, MeaningMark.number)).all()
        assert sorted(marks) == [(1, 0), (1, 1)]


def test_what_is_erased_takes_its_block_along_and_marks_its_range(moved: Engine) -> None:
    with Session(moved) as session:
        session.execute(text("DELETE FROM meaning_marks"))
        for id_ in (1, 2, SIZE + 1):
            row = {"comment_id": id_, "workspace_id": 1, "vector": b"x", "encoder": "e"}
            session.add(CommentMeaning(**row))
        for number in (0, 1):
            place = {"workspace_id": 1, "encoder": "e", "number": number}
            session.add(MeaningBlock(**place, codes=b"x"))
        session.commit()
        session.execute(text("DELETE FROM comments WHERE id = 2"))
        session.commit()
        assert session.scalars(select(MeaningBlock.number)).all() == [1]
        assert session.scalars(select(MeaningMark.number)).all() == [0]
        session.execute(text("DELETE FROM workspaces"))
        session.commit()
        for table in (CommentMeaning, MeaningBlock):
            assert session.scalars(select(table)).all() == []


def test_it_moves_back(moved: Engine) -> None:
    move_back(moved, "0011")
    assert not {"comment_meanings", "meaning_marks"} & set(inspect(moved).get_table_names())
    migrate.upgrade(moved)
