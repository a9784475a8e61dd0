"""Fixtures every test may use: databases on both engines, a clean session, a workspace, a clock."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from models import migrate
from models.base import Base
from models.engine import make_engine, parse_url
from models.workspace import Workspace
from surveys.pages.lane import close_all

POSTGRES = os.environ.get("WAYMARK_TEST_POSTGRES", "postgresql://127.0.0.1:5432/postgres")
NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)  # a Wednesday noon

# how long an example takes says how busy the machine is
settings.register_profile("waymark", deadline=None)
settings.load_profile("waymark")


def _postgres_reachable() -> bool:
    try:
        with create_engine(parse_url(POSTGRES), connect_args={"connect_timeout": 3}).connect():
            return True
    except OperationalError:
        return False


HAS_POSTGRES = _postgres_reachable()


LONG = ("contract/test_openapi.py", "faults/test_fault_run.py", "_browser.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files: begun last, one core would stand idle till they end."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONG))


def pytest_report_header() -> str:
    """Say loudly what is skipped."""
    if HAS_POSTGRES:
        return "PostgreSQL: tested for real"
    return "PostgreSQL: NOT REACHABLE at its local port, so its half of the tests is SKIPPED"


@pytest.fixture(scope="session")
def tables_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite with tables and no rows, to be copied: migrating takes half a second."""
    path = tmp_path_factory.mktemp("empty") / "waymark.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def sqlite_url(tables_alone: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated SQLite database for this test run."""
    path = tmp_path_factory.mktemp("db") / "waymark.db"
    shutil.copy(tables_alone, path)
    return f"sqlite:///{path}"


@pytest.fixture
def migrated_home(tables_alone: Path, tmp_path: Path) -> Path:
    """A folder for WAYMARK_HOME, the same as `tmp_path`, with a migrated database in it."""
    shutil.copy(tables_alone, tmp_path / "waymark.db")
    return tmp_path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A migrated PostgreSQL database of its own, dropped at the end."""
    if not HAS_POSTGRES:
        pytest.skip("PostgreSQL is not reachable (set WAYMARK_TEST_POSTGRES)")
    name = f"waymark_test_{secrets.token_hex(4)}"
    server = create_engine(parse_url(POSTGRES), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        # no test cuts the server's power, so none waits for its disk
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    url = parse_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    migrate.upgrade(make_engine(url))
    yield url
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of each engine in turn."""
    return str(request.getfixturevalue(f"{request.param}_url"))


def _empty(engine: Engine) -> None:
    """Delete every row: on nearly empty tables far quicker than TRUNCATE."""
    names = [table.name for table in reversed(Base.metadata.sorted_tables)]
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("; ".join((*_ANEW, *(f"DELETE FROM {n}" for n in names))))
            connection.exec_driver_sql(
                "SELECT setval(oid::regclass, 1, false) FROM pg_class "
                "WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
            )
            return
        for name in names:
            connection.exec_driver_sql(f"DELETE FROM {name}")


_ANEW = ("RESET ALL", "SELECT pg_advisory_unlock_all()")
"""What makes a connection that served a test before as good as new."""


@cache
def _kept(url: str) -> Engine:
    """An engine for all tests of this run: it keeps a connection, and statements compiled."""
    return make_engine(url)


def _lent(url: str) -> Iterator[Engine]:
    """The kept engine on its database, emptied; what listens to it listens for one test alone."""
    kept = _kept(url)
    _empty(kept)
    lent = kept.execution_options()
    yield lent
    close_all(lent)
    pool = kept.pool
    assert isinstance(pool, QueuePool)
    if pool.checkedin() > 1 or pool.checkedout():  # who knows how those were left
        kept.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on an empty, migrated database; runs on SQLite and on PostgreSQL."""
    yield from _lent(database_url)


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    """An engine on SQLite alone, for what does not depend on the engine."""
    yield from _lent(sqlite_url)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on each engine in turn."""
    with Session(engine, expire_on_commit=False) as made:
        yield made


@pytest.fixture
def sqlite_session(sqlite_engine: Engine) -> Iterator[Session]:
    """A session on SQLite alone."""
    with Session(sqlite_engine, expire_on_commit=False) as made:
        yield made


@pytest.fixture
def now() -> datetime:
    """The time it is in a test."""
    return NOW


MakeWorkspace = Callable[..., Workspace]


@pytest.fixture
def make_workspace() -> MakeWorkspace:
    """Make a workspace in a session: make_workspace(session, name="shop", **columns)."""

    def make(session: Session, name: str = "shop", **columns: Any) -> Workspace:
        row = Workspace(
            name=name,
            company=columns.pop("company", name.title()),
            sender=columns.pop("sender", "+447700900000"),
            created_at=NOW,
            **columns,
        )
        session.add(row)
        session.commit()
        return row

    return make


@pytest.fixture
def workspace(session: Session, make_workspace: MakeWorkspace) -> Workspace:
    """The workspace `shop` in the session of each engine."""
    return make_workspace(session)


@pytest.fixture
def repository_root() -> Path:
    """The folder of the checkout."""
    return Path(__file__).parents[1]
