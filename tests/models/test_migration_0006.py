"""A database with corrections in it moves on to model versions, and back."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, MetaData, create_engine, func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import migrate
from models.correction import Correction
from models.engine import make_engine, parse_url
from models.model_version import ModelVersion

AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database at 0005 on each engine in turn, with a correction."""
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
    migrate.upgrade(engine, "0005")
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


def _version(number: int, state: str = "candidate", **more: Any) -> ModelVersion:
    heads = None if state == "failed" else {"sentiment": {}}
    given = {"heads": heads, "reason": "none" if state == "failed" else None, **more}
    return ModelVersion(
        workspace_id=1,
        number=number,
        state=state,
        base="waymark-1",
        weights="w",
        counts={},
        figures={},
        learned_to=AT,
        created_at=AT,
        **given,
    )


def test_corrections_move_on_and_versions_can_be_kept(old: Engine) -> None:
    migrate.upgrade(old)
    with old.connect() as connection:
        assert migrate.current(connection) == migrate.heads()
    with Session(old) as session:
        assert session.scalar(select(func.count(Correction.id))) == 1
        first = _version(1, "current", promoted_at=AT, promoted_by=1)
        session.add(first)
        session.flush()
        session.add_all([_version(2, replaces_id=first.id), _version(3, "failed")])
        session.commit()
        assert first.name == "waymark-1+w1"
        session.execute(text("DELETE FROM users"))
        session.execute(text("DELETE FROM model_versions WHERE number = 1"))
        session.commit()
        left = session.scalars(select(ModelVersion).order_by(ModelVersion.number)).all()
        assert [(one.number, one.replaces_id) for one in left] == [(2, None), (3, None)]
        session.execute(text("DELETE FROM workspaces"))
        session.commit()
        assert session.scalar(select(func.count(ModelVersion.id))) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "wished"},
        {"state": "failed", "reason": None},
        {"state": "candidate", "heads": None},
        {"state": "candidate", "reason": "none"},
        {"state": "current"},
        {"number": 1},
    ],
)
def test_the_table_refuses_what_makes_no_sense(old: Engine, wrong: dict[str, Any]) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        session.add(_version(1))
        session.commit()
        session.add(_version(**{"number": 2, "state": "retired", **wrong}))
        with pytest.raises(IntegrityError):
            session.flush()


def test_two_candidates_of_one_workspace_are_refused(old: Engine) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        session.add_all([_version(1), _version(2)])
        with pytest.raises(IntegrityError):
            session.flush()


def test_it_moves_back_and_on_again(old: Engine) -> None:
    migrate.upgrade(old)
    with old.connect() as connection:
        command.downgrade(migrate.configuration(connection), "0005")
        connection.commit()
    assert "model_versions" not in inspect(old).get_table_names()
    migrate.upgrade(old)
    with Session(old) as session:
        assert session.scalar(select(func.count(Correction.id))) == 1
