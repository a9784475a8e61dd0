"""A database with a history in it gets own themes, and its mentions stay."""

from __future__ import annotations

from typing import Any

import pytest
from old_database import AT, move_back
from sqlalchemy import Engine, MetaData, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback.themes import own
from feedback.themes.display import Shown, show
from feedback.themes.rows import catalogue_of
from models import migrate
from models.theme import ThemeExample

EXAMPLES = ("no dogs in the dining room", "a bowl for the spaniel", "they charged for the dog")


@pytest.fixture
def old(empty: Engine) -> Engine:
    """A database at 0002 on each engine in turn."""
    migrate.upgrade(empty, "0002")
    return empty


def _fill(engine: Engine) -> None:
    """Rows as the program before wrote them: by the tables of its own time."""
    tables = MetaData()
    tables.reflect(engine)
    at = AT if engine.dialect.name == "postgresql" else AT.replace(tzinfo=None)
    rows: dict[str, dict[str, Any]] = {
        "workspaces": {
            "name": "shop",
            "company": "Shop",
            "default_region": "GB",
            "default_locale": "en",
            "timezone": "UTC",
            "accent": "#000000",
            "quarantine_days": 30.0,
            "created_at": at,
        },
        "comments": {
            "workspace_id": 1,
            "attached_by": "import",
            "source": "import",
            "external_id": "1",
            "text": "late",
            "text_hash": "h",
            "occurred_at": at,
            "created_at": at,
            "read_state": "read",
            "read_at": at,
            "model": "old",
            "sentiment": "negative",
            "sentiment_score": -0.5,
        },
        "mentions": {
            "workspace_id": 1,
            "comment_id": 1,
            "start": 0,
            "end": 4,
            "theme": "delivery_speed",
            "sentiment": "negative",
            "sentiment_score": -0.5,
        },
    }
    with engine.begin() as connection:
        for table, values in rows.items():
            connection.execute(tables.tables[table].insert().values(id=1, **values))


def test_history_moves_on_and_gets_own_themes(old: Engine) -> None:
    _fill(old)
    migrate.upgrade(old)
    with Session(old, expire_on_commit=False) as session:
        theme = own.create(session, 1, "Dogs", "whether dogs may come in", EXAMPLES, AT)
        show(session, 1, "delivery_speed", Shown(merged_into=theme.key), AT)
        own.add_counter(session, theme, "late as ever it was", 1, AT)
        session.commit()
        assert catalogue_of(session, 1).merged == {"delivery_speed": "own_dogs"}
        session.execute(text("DELETE FROM comments"))
        assert len(session.scalars(select(ThemeExample)).all()) == 3


def test_going_back_keeps_the_mentions(old: Engine) -> None:
    _fill(old)
    migrate.upgrade(old)
    with Session(old, expire_on_commit=False) as session:
        own.create(session, 1, "Dogs", "whether dogs may come in", EXAMPLES, AT)
        session.commit()
    move_back(old, "0002")
    with old.connect() as connection:
        assert connection.scalar(text("SELECT theme FROM mentions")) == "delivery_speed"


def test_the_theme_tables_refuse_what_makes_no_sense(old: Engine) -> None:
    _fill(old)
    migrate.upgrade(old)
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
        with pytest.raises(IntegrityError), old.begin() as connection:
            connection.execute(text(statement))
