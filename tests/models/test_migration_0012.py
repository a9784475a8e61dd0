"""A database with comments in it moves on to meanings, and back."""

from __future__ import annotations

import pytest
from old_database import add_comment, add_shop, move_back, rows_at
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session

from feedback.search.meanings import SIZE
from models import migrate
from models.meaning import CommentMeaning, MeaningBlock, MeaningMark


@pytest.fixture
def old(empty: Engine) -> Engine:
    """A database at 0011 on each engine in turn, with comments in two ranges."""
    with rows_at(empty, "0011") as add:
        add_shop(add)
        for id_ in (1, 2, SIZE + 1):
            add_comment(add, id=id_, external_id=str(id_))
    return empty


def test_the_ranges_of_comments_that_are_there_wait_to_be_filled_in(old: Engine) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        marks = session.execute(select(MeaningMark.workspace_id, MeaningMark.number)).all()
        assert sorted(marks) == [(1, 0), (1, 1)]


def test_what_is_erased_takes_its_block_along_and_marks_its_range(old: Engine) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
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


def test_it_moves_back(old: Engine) -> None:
    migrate.upgrade(old)
    move_back(old, "0011")
    assert not {"comment_meanings", "meaning_marks"} & set(inspect(old).get_table_names())
    migrate.upgrade(old)
