"""A database with a history in it moves from the first tables to corrections."""

from __future__ import annotations

from typing import Any

import pytest
from old_database import AT
from sqlalchemy import Engine, MetaData, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback.corrections.apply import Change
from feedback.corrections.record import correct, undo
from models import migrate
from models.reading import Comment, Mention
from models.workspace import User


@pytest.fixture
def old(empty: Engine) -> Engine:
    """A database at 0001 on each engine in turn."""
    migrate.upgrade(empty, "0001")
    return empty


def _fill(engine: Engine) -> None:
    """Rows as the program before wrote them: by the tables of its own time."""
    tables = MetaData()
    tables.reflect(engine)
    at = AT if engine.dialect.name == "postgresql" else AT.replace(tzinfo=None)

    def add(table: str, **values: Any) -> None:
        connection.execute(tables.tables[table].insert().values(id=1, created_at=at, **values))

    with engine.begin() as connection:
        add(
            "workspaces",
            name="shop",
            company="Shop",
            default_region="GB",
            default_locale="en",
            timezone="UTC",
            accent="#000000",
            quarantine_days=30.0,
        )
        add("users", workspace_id=1, email="ada@shop.example", password_hash="x")
        add(
            "comments",
            workspace_id=1,
            attached_by="import",
            source="import",
            external_id="1",
            text="late",
            text_hash="h",
            occurred_at=at,
            read_state="read",
            read_at=at,
            model="old",
            sentiment="negative",
            sentiment_score=-0.5,
            themes={"delivery_speed": 0.7},
        )
        _mention(connection)


def _mention(connection: Any) -> None:
    connection.execute(
        text(
            'INSERT INTO mentions (workspace_id, comment_id, "start", "end", theme, sentiment,'
            " sentiment_score) VALUES (1, 1, 0, 4, 'delivery_speed', 'negative', -0.5)"
        )
    )


def test_history_moves_on_and_can_be_corrected(old: Engine) -> None:
    _fill(old)
    migrate.upgrade(old)
    with old.begin() as connection:
        assert migrate.current(connection) == migrate.heads()
        _mention(connection)  # as a process of the version before still writes it
    with Session(old, expire_on_commit=False) as session:
        user, comment = session.get_one(User, 1), session.get_one(Comment, 1)
        assert (comment.model_reading, comment.reread_at) == (None, None)
        assert {one.source for one in session.query(Mention)} == {"model"}
        made = correct(session, user, 1, "h", [Change("sentiment", "neutral")], AT)
        assert session.get_one(Comment, 1).sentiment == "neutral"
        undo(session, user, 1, made, AT)
        assert session.get_one(Comment, 1).sentiment_score == -0.5


def test_the_tables_refuse_what_makes_no_sense(old: Engine) -> None:
    _fill(old)
    migrate.upgrade(old)
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
        with pytest.raises(IntegrityError), old.begin() as connection:
            connection.execute(text(statement))
