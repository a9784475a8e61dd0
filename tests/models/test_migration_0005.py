"""A database with corrections in it moves on to urgency, and back."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, MetaData, create_engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback.corrections.apply import Change
from feedback.corrections.record import correct, undo
from models import migrate
from models.correction import Correction
from models.engine import make_engine, parse_url
from models.reading import Comment
from models.workspace import User

AT = datetime(2026, 11, 1, tzinfo=UTC)
OWNER = "INSERT INTO corrections (workspace_id, comment_id, created_at, text_hash, kind"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database at 0004 on each engine in turn, with corrections, one of them undone."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'old.db'}")
        _fill(engine)
        yield engine
        engine.dispose()
        return
    server_url = parse_url(request.getfixturevalue("postgres_url"))
    server = create_engine(server_url, isolation_level="AUTOCOMMIT")
    name = f"waymark_test_{secrets.token_hex(4)}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = make_engine(server_url.set(database=name).render_as_string(hide_password=False))
    _fill(engine)
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def _fill(engine: Engine) -> None:
    """Rows as the program before wrote them: by the tables of its own time."""
    migrate.upgrade(engine, "0004")
    tables = MetaData()
    tables.reflect(engine)
    at = AT if engine.dialect.name == "postgresql" else AT.replace(tzinfo=None)

    def add(table: str, **values: Any) -> None:
        connection.execute(tables.tables[table].insert().values(created_at=at, **values))

    def comment(id_: int, urgency: float, kept: object = None) -> None:
        about = {"workspace_id": 1, "attached_by": "import", "source": "import"}
        words = {"external_id": str(id_), "text": "late", "text_hash": "h", "occurred_at": at}
        read = {"read_state": "read", "read_at": at, "model": "old", "sentiment": "negative"}
        reading = {"sentiment_score": -0.5, "urgency": urgency, "model_reading": kept}
        add("comments", **about, **words, **read, **reading)

    company = {"name": "shop", "company": "Shop", "default_region": "GB", "default_locale": "en"}
    own = {"read": True, "sentiment": "positive", "sentiment_score": 0.5, "mentions": []}
    said = {"workspace_id": 1, "user_id": 1, "text_hash": "h", "comment_id": 1}
    with engine.begin() as connection:
        add("workspaces", **company, timezone="UTC", accent="#000000", quarantine_days=30.0)
        add("users", workspace_id=1, email="ada@shop.example", password_hash="x")
        comment(1, 0.9, {**own, "probabilities": {}, "themes": {}})
        comment(2, 0.1)
        add("corrections", **said, kind="sentiment", sentiment="neutral")
        add("corrections", **said, kind="undone", undoes_id=1)
        add("corrections", **said, kind="sentiment", sentiment="negative")


def _ledger(session: Session) -> list[tuple[int, str, int | None]]:
    rows = session.execute(select(Correction.id, Correction.kind, Correction.undoes_id))
    return sorted((row[0], row[1], row[2]) for row in rows)


def test_corrections_and_what_undid_them_move_on(old: Engine) -> None:
    migrate.upgrade(old)
    with Session(old, expire_on_commit=False) as session:
        whole = [(1, "sentiment", None), (2, "undone", 1), (3, "sentiment", None)]
        assert _ledger(session) == whole
        urgent = dict(session.execute(select(Comment.id, Comment.urgent)).all())
        assert urgent == {1: True, 2: False}, "by the threshold of the model of that time"
        user = session.get_one(User, 1)
        made = correct(session, user, 1, "h", [Change("not_urgent")], AT)
        comment = session.get_one(Comment, 1)
        assert made == [4] and (comment.urgent, comment.urgency) == (False, 0.0)
        undo(session, user, 1, [3, 4], AT)
        assert (comment.urgent, comment.urgency) == (True, 0.9), "the model's, kept before it said"
        assert comment.sentiment == "positive"
        assert _ledger(session)[-2:] == [(5, "undone", 3), (6, "undone", 4)]


def test_an_undone_correction_still_goes_with_what_it_undoes(old: Engine) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        session.execute(text("DELETE FROM corrections WHERE id = 1"))
        session.commit()
        assert _ledger(session) == [(3, "sentiment", None)]
    with pytest.raises(IntegrityError), old.begin() as connection:
        connection.execute(
            text(f"{OWNER}, undoes_id) VALUES (1, 1, '2026-11-01', 'h', 'undone', 99)")
        )


def test_the_tables_refuse_what_makes_no_sense(old: Engine) -> None:
    migrate.upgrade(old)
    at = "VALUES (1, 1, '2026-11-01', 'h'"
    done = "(comment_id, workspace_id, asked_at, text_hash, done_at)"
    for statement in (
        f"{OWNER}) {at}, 'confirmed')",
        f"{OWNER}, reading) {at}, 'urgent', '{{}}')",
        f"{OWNER}) {at}, 'furious')",
        f"{OWNER}) {at}, 'sentiment')",
        f"INSERT INTO explanations {done} {at}, '2026-11-01')",
    ):
        with pytest.raises(IntegrityError), old.begin() as connection:
            connection.execute(text(statement))


def test_there_and_back_and_there_again(old: Engine) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        user = session.get_one(User, 1)
        urgent = correct(session, user, 2, "h", [Change("urgent")], AT)
        undo(session, user, 2, urgent, AT)
    with old.connect() as connection:
        command.downgrade(migrate.configuration(connection), "0004")
        connection.commit()
    with old.connect() as connection:
        kinds = list(connection.execute(text("SELECT kind FROM corrections ORDER BY id")).scalars())
        assert kinds == ["sentiment", "undone", "sentiment"]
    migrate.upgrade(old)
    with Session(old) as session:
        assert len(_ledger(session)) == 3
