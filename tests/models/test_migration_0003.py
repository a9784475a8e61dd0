"""A database with a history in it gets own themes, and its mentions stay."""

from __future__ import annotations

import pytest
from old_database import AT, Add, add_comment, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback.themes import own
from feedback.themes.display import Shown, show
from feedback.themes.rows import catalogue_of
from models.theme import ThemeExample

EXAMPLES = ("no dogs in the dining room", "a bowl for the spaniel", "they charged for the dog")


def _fill(add: Add) -> None:
    add_shop(add)
    read = {"read_state": "read", "read_at": AT, "model": "old"}
    add_comment(add, **read, sentiment="negative", sentiment_score=-0.5)
    place = {"workspace_id": 1, "comment_id": 1, "start": 0, "end": 4}
    add("mentions", **place, theme="delivery_speed", sentiment="negative", sentiment_score=-0.5)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """A database at 0002 on each engine in turn, with a mention in it, moved on."""
    return begin.moved("0002", _fill)


def test_history_moves_on_and_gets_own_themes(moved: Engine) -> None:
    with Session(moved, expire_on_commit=False) as session:
        theme = own.create(session, 1, "Dogs", "whether dogs may come in", EXAMPLES, AT)
        show(session, 1, "delivery_speed", Shown(merged_into=theme.key), AT)
        own.add_counter(session, theme, "late as ever it was", 1, AT)
        session.commit()
        assert catalogue_of(session, 1).merged == {"delivery_speed": "own_dogs"}
        session.execute(text("DELETE FROM comments"))
        assert len(session.scalars(select(ThemeExample)).all()) == 3


def test_going_back_keeps_the_mentions(moved: Engine) -> None:
    with Session(moved, expire_on_commit=False) as session:
        own.create(session, 1, "Dogs", "whether dogs may come in", EXAMPLES, AT)
        session.commit()
    move_back(moved, "0002")
    with moved.connect() as connection:
        assert connection.scalar(text("SELECT theme FROM mentions")) == "delivery_speed"


def test_the_theme_tables_refuse_what_makes_no_sense(moved: Engine) -> None:
    own_theme = (
        "INSERT INTO own_themes (workspace_id, key, name, sentence, state, edition, fits,"
        " changed_at, created_at) VALUES (1, 'own_x', 'X', 'x', '{}', 1, 0, '2026-11-01',"
        " '2026-11-01')"
    )
    shown = (
        "INSERT INTO theme_settings (workspace_id, theme, hidden, changed_at, {}) "
        "VALUES (1, 'price', false, '2026-11-01', 'price')"
    )
    for statement in (
        own_theme.format("ready"),
        own_theme.format("unheard_of"),
        shown.format("merged_into"),
        shown.format("parent"),
    ):
        with pytest.raises(IntegrityError), moved.begin() as connection:
            connection.execute(text(statement))
