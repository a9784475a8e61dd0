"""Databases of their own for tests of migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from shelf import Begin, Copies, Files, Ladder, OnServer, Shelf
from sqlalchemy import Engine

from models.engine import make_engine, parse_url


@pytest.fixture(scope="session")
def sqlite_ladder(tmp_path_factory: pytest.TempPathFactory) -> Ladder:
    """Databases of SQLite, in a folder of their own."""
    return Ladder(Files(tmp_path_factory.mktemp("ladder")))


@pytest.fixture(scope="session")
def postgres_ladder(postgres_url: str) -> Iterator[Ladder]:
    """Databases of PostgreSQL, on the server that the tests use."""
    made = Ladder(OnServer(parse_url(postgres_url)))
    yield made
    made.clear()


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def shelf(request: pytest.FixtureRequest) -> Iterator[Shelf]:
    """What a module's tests begin with, on SQLite and on PostgreSQL in turn."""
    ladder: Ladder = request.getfixturevalue(f"{request.param}_ladder")
    copies: Copies = ladder.copies
    made = Shelf(copies, ladder)
    yield made
    made.clear()


@pytest.fixture
def begin(shelf: Shelf) -> Iterator[Begin]:
    """Databases to begin with: begin.at("0004", fill), begin.moved("0004", fill)."""
    with ExitStack() as stack:

        def lend(template: str) -> Engine:
            return stack.enter_context(shelf.lent(template))

        def share(url: str) -> Engine:
            engine = make_engine(url)
            stack.callback(engine.dispose)
            return engine

        yield Begin(shelf, lend, share)


@pytest.fixture
def empty(shelf: Shelf) -> Iterator[Engine]:
    """An engine on a database without any table, on SQLite and on PostgreSQL in turn."""
    with shelf.lent() as engine:
        yield engine
