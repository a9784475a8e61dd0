"""A database with comments in it moves on to search, and back."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, MetaData, create_engine, text
from sqlalchemy.orm import Session

from feedback.search.find import find
from feedback.search.query import parse
from feedback.search.wanted import Wanted
from feedback.themes.catalogue import Catalogue
from models import migrate
from models.engine import make_engine, parse_url

AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database at 0008 on each engine in turn, with a comment."""
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
    migrate.upgrade(engine, "0008")
    tables = MetaData()
    tables.reflect(engine, only=["workspaces", "comments"])
    at = AT if engine.dialect.name == "postgresql" else AT.replace(tzinfo=None)
    company = {"name": "shop", "company": "Shop", "default_region": "GB", "default_locale": "en"}
    words = {"text": "Late parcels", "text_hash": "h", "language": "en", "read_state": "waiting"}
    with engine.begin() as connection:
        connection.execute(
            tables.tables["workspaces"]
            .insert()
            .values(
                **company,
                timezone="UTC",
                accent="#000000",
                quarantine_days=30.0,
                created_at=at,
            )
        )
        connection.execute(
            tables.tables["comments"]
            .insert()
            .values(
                workspace_id=1,
                attached_by="import",
                source="import",
                external_id="1",
                occurred_at=at,
                created_at=at,
                **words,
            )
        )


def _found(engine: Engine, typed: str) -> int:
    with Session(engine) as session:
        return find(session, 1, Wanted(parse(typed)), Catalogue(), 5).n


def test_what_was_there_is_searched_and_what_comes_too(old: Engine) -> None:
    migrate.upgrade(old)
    assert _found(old, "parcel") == 1 and _found(old, "flowers") == 0
    with old.begin() as connection:
        connection.execute(text("UPDATE comments SET text = 'Wilted flowers'"))
    assert _found(old, "flower") == 1 and _found(old, "parcel") == 0
    with old.begin() as connection:
        connection.execute(text("DELETE FROM comments"))
    assert _found(old, "flower") == 0


def test_back_again_rows_go_in_without_search(old: Engine) -> None:
    migrate.upgrade(old, "0009")
    with old.connect() as connection:
        command.downgrade(migrate.configuration(connection), "0008")
        connection.commit()
    with old.begin() as connection:
        connection.execute(text("UPDATE comments SET text = 'Wilted flowers'"))
        assert connection.scalar(text("SELECT count(*) FROM comments")) == 1
