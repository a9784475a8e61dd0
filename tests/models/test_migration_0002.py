"""A database with a history in it moves from the first tables to corrections."""

from __future__ import annotations

from typing import Any

import pytest
from old_database import AT, Add, add_comment, add_shop
from shelf import Begin
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback.corrections.apply import Change
from feedback.corrections.record import correct, undo
from models import migrate
from models.reading import Comment, Mention
from models.workspace import User


def _fill(add: Add) -> None:
    add_shop(add)
    read = {"read_state": "read", "read_at": AT, "model": "old", "themes": {"delivery_speed": 0.7}}
    add_comment(add, **read, sentiment="negative", sentiment_score=-0.5)
    place = {"workspace_id": 1, "comment_id": 1, "start": 0, "end": 4}
    add("mentions", **place, theme="delivery_speed", sentiment="negative", sentiment_score=-0.5)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """A database at 0001 on each engine in turn, with a comment that was read, moved on."""
    return begin.moved("0001", _fill)


def _mention(connection: Any) -> None:
    connection.execute(
        text(
            'INSERT INTO mentions (workspace_id, comment_id, "start", "end", theme, sentiment,'
            " sentiment_score) VALUES (1, 1, 0, 4, 'delivery_speed', 'negative', -0.5)"
        )
    )


def test_history_moves_on_and_can_be_corrected(moved: Engine) -> None:
    with moved.begin() as connection:
        assert migrate.current(connection) == migrate.heads()
        _mention(connection)  # as a process of the version before still writes it
    with Session(moved, expire_on_commit=False) as session:
        user, comment = session.get_one(User, 1), session.get_one(Comment, 1)
        assert (comment.model_reading, comment.reread_at) == (None, None)
        assert {one.source for one in session.query(Mention)} == {"model"}
        made = correct(session, user, 1, "h", [Change("sentiment", "neutral")], AT)
        assert session.get_one(Comment, 1).sentiment == "neutral"
        undo(session, user, 1, made, AT)
        assert session.get_one(Comment, 1).sentiment_score == -0.5


def test_the_tables_refuse_what_makes_no_sense(moved: Engine) -> None:
    owner = "INSERT INTO corrections (workspace_id, comment_id, created_at, text_hash, kind"
    at = "VALUES (1, 1, '2026-11-01', 'h'"
    span = '"start", "end", sentiment)'
    for statement in (
        "UPDATE mentions SET source = 'nobody'",
        f"{owner}) {at}, 'sentiment')",
        f"{owner}) {at}, 'undone')",
        f"{owner}, sentiment, theme) {at}, 'added', 'neutral', 'price')",
        f"{owner}, theme, {span} {at}, 'changed', 'price', 0, 4, 'neutral')",
        f"{owner}, theme, {span} {at}, 'added', 'price', 4, 4, 'neutral')",
    ):
        with pytest.raises(IntegrityError), moved.begin() as connection:
            connection.execute(text(statement))
