"""A database with a made-up history, and empty ones beside it, on each engine."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from whole_databases import NOW, NewUrl, executed

from feedback.cells.work import count_workspace, start_afresh
from feedback.database.copying import copied_tables
from feedback.synth.run import synthesise
from models.engine import make_engine, parse_url
from models.workspace import Workspace


@pytest.fixture(scope="session")
def history(tables_alone: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database of SQLite with a history that was read and counted; to be read alone."""
    path = tmp_path_factory.mktemp("history") / "waymark.db"
    shutil.copy(tables_alone, path)
    engine = make_engine(f"sqlite:///{path}")
    with Session(engine, expire_on_commit=False) as session:
        shop = Workspace(name="shop", company="Shop", created_at=NOW)
        session.add(shop)
        session.commit()
        synthesise(session, shop, 120, 1, NOW, read=True)
        start_afresh(session, shop.id)
        count_workspace(session, shop.id, NOW)
    engine.dispose()
    return f"sqlite:///{path}"


@pytest.fixture
def own_history(history: str, tmp_path: Path) -> str:
    """The history, to be changed."""
    shutil.copy(history.removeprefix("sqlite:///"), tmp_path / "own.db")
    return f"sqlite:///{tmp_path / 'own.db'}"


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tables_alone: Path, tmp_path: Path) -> NewUrl:
    """A function that gives a database with tables and no rows: new_url("postgres"), once."""

    def make(kind: str) -> str:
        if kind == "postgres":
            url = str(request.getfixturevalue("postgres_url"))
            names = ", ".join(table.name for table in copied_tables())
            executed(url, f"TRUNCATE {names} RESTART IDENTITY")
            return url
        path = tmp_path / f"{secrets.token_hex(4)}.db"
        shutil.copy(tables_alone, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture(scope="session")
def bare_postgres(postgres_url: str) -> Iterator[str]:
    """A database of PostgreSQL of its own."""
    name = f"waymark_test_{secrets.token_hex(4)}"
    server = create_engine(parse_url(postgres_url), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield parse_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def nothing_there(request: pytest.FixtureRequest, tmp_path: Path) -> NewUrl:
    """A function that gives a database without a table: nothing_there("postgres"), once."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / secrets.token_hex(4)}.db"
        url = str(request.getfixturevalue("bare_postgres"))
        executed(url, "DROP SCHEMA public CASCADE")
        executed(url, "CREATE SCHEMA public")
        return url

    return make
