"""A database with corrections in it moves on to alerts, and back."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, MetaData, create_engine, func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import migrate
from models.alert import Alert
from models.correction import Correction
from models.engine import make_engine, parse_url
from models.journey import Journey

AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database at 0009 on each engine in turn, with a correction."""
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
    migrate.upgrade(engine, "0009")
    tables = MetaData()
    tables.reflect(engine)
    at = AT if engine.dialect.name == "postgresql" else AT.replace(tzinfo=None)

    def add(table: str, **values: Any) -> None:
        connection.execute(tables.tables[table].insert().values(created_at=at, **values))

    company = {"name": "shop", "company": "Shop", "default_region": "GB", "default_locale": "en"}
    words = {"external_id": "1", "text": "late", "text_hash": "h", "occurred_at": at}
    state = {"read_state": "waiting"}
    with engine.begin() as connection:
        add("workspaces", **company, timezone="UTC", accent="#000000", quarantine_days=30.0)
        add("users", workspace_id=1, email="ada@shop.example", password_hash="x")
        add("comments", workspace_id=1, attached_by="import", source="import", **words, **state)
        said = {"workspace_id": 1, "user_id": 1, "text_hash": "h", "comment_id": 1}
        add("corrections", **said, kind="sentiment", sentiment="neutral")


def _alert(**more: Any) -> Alert:
    given: dict[str, Any] = {"side": "above", "rhythm": "day", "signal": "s", **more}
    figures: dict[str, Any] = {"figures": {}, "latest": {}, "points": []}
    days = {"since": AT.date(), "until": AT.date() + timedelta(days=1)}
    ids = {"workspace_id": 1, "journey_id": 1, "series": "1/score/nps", "opened_at": AT}
    return Alert(**{**ids, **days, **figures, "settled": False, **given})


def _journey(session: Session) -> None:
    session.add(Journey(workspace_id=1, key="buying", name="Buying", created_at=AT))
    session.flush()


def test_what_is_there_moves_on_and_alerts_go_with_their_workspace(old: Engine) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        assert session.scalar(select(func.count(Correction.id))) == 1
        _journey(session)
        session.add(_alert(known_by=1, known_at=AT))
        session.commit()
        session.execute(text("DELETE FROM users"))
        session.commit()
        assert session.scalars(select(Alert.known_by)).one() is None
        session.execute(text("DELETE FROM workspaces"))
        session.commit()
        assert session.scalar(select(func.count(Alert.id))) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"side": "left"},
        {"rhythm": "hour"},
        {"settled": True},
        {"until": AT.date()},
        {"signal": "s"},
    ],
)
def test_the_table_refuses_what_makes_no_sense(old: Engine, wrong: dict[str, Any]) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        _journey(session)
        session.add(_alert())
        session.flush()
        session.add(_alert(**{"signal": "t", **wrong}))
        with pytest.raises(IntegrityError):
            session.flush()


def test_it_moves_back_and_on_again(old: Engine) -> None:
    migrate.upgrade(old)
    with old.connect() as connection:
        command.downgrade(migrate.configuration(connection), "0009")
        connection.commit()
    assert "alerts" not in inspect(old).get_table_names()
    migrate.upgrade(old)
    with Session(old) as session:
        assert session.scalar(select(func.count(Correction.id))) == 1
