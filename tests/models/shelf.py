"""Databases at a revision, to begin a test of migrations with: made once, copied for each test."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from old_database import Add, rows_in
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL

from models import migrate
from models.engine import make_engine

Fill = Callable[[Add], None]


class Copies(Protocol):
    """Where databases are made, copied and thrown away; they go by their URLs."""

    def make(self, template: str | None = None) -> str:
        """A new one: without a table, or a copy of one that nobody is connected to."""

    def drop(self, url: str) -> None:
        """Away with it."""


@dataclass(frozen=True)
class Files:
    """Databases of SQLite in a folder."""

    folder: Path

    def make(self, template: str | None = None) -> str:
        url = f"sqlite:///{self.folder / secrets.token_hex(4)}.db"
        if template is not None:
            shutil.copy(_file(template), _file(url))
        return url

    def drop(self, url: str) -> None:
        _file(url).unlink(missing_ok=True)


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


@dataclass(frozen=True)
class OnServer:
    """Databases of a server of PostgreSQL."""

    server: URL

    def make(self, template: str | None = None) -> str:
        name = f"waymark_test_{secrets.token_hex(4)}"
        like = f"TEMPLATE {template.rpartition('/')[2]}" if template else ""
        self._do(f"CREATE DATABASE {name} {like}")
        self._do(f"ALTER DATABASE {name} SET synchronous_commit = off")
        return self.server.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self._do(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def _do(self, statement: str) -> None:
        engine = create_engine(self.server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@dataclass
class Shelf:
    """What the tests of one module begin with, on one engine.

    `moved` are databases that rows moved on in, by their revision and by who filled them: moving
    on is what takes long, and does the same each time.
    """

    copies: Copies
    ladder: Ladder
    moved: dict[tuple[str, Fill], str] = field(default_factory=dict)

    @contextmanager
    def lent(self, template: str | None = None) -> Iterator[Engine]:
        """An engine on a copy for one test."""
        url = self.copies.make(template)
        engine = make_engine(url)
        try:
            yield engine
        finally:
            engine.dispose()
            self.copies.drop(url)

    def moved_on(self, revision: str, fill: Fill) -> str:
        """A database that was at a revision with these rows, and moved on to the newest tables."""
        if (revision, fill) not in self.moved:
            url = self.copies.make(self.ladder.at(revision))
            engine = make_engine(url)
            with rows_in(engine) as add:
                fill(add)
            migrate.upgrade(engine)
            engine.dispose()
            self.moved[revision, fill] = url
        return self.moved[revision, fill]

    def clear(self) -> None:
        """Throw away what was kept for the module."""
        for url in self.moved.values():
            self.copies.drop(url)


@dataclass
class Ladder:
    """One database without rows that climbs from revision to revision, as the modules ask."""

    copies: Copies
    url: str | None = None
    reached: str = ""

    def at(self, revision: str) -> str:
        """The database at a revision; the same one, so to be copied before the next is asked."""
        if self.url is None or self.reached > revision:
            self.clear()
            self.url = self.copies.make()
        if self.reached != revision:
            engine = make_engine(self.url)
            migrate.upgrade(engine, revision)
            engine.dispose()
            self.reached = revision
        return self.url

    def clear(self) -> None:
        """Throw it away."""
        if self.url is not None:
            self.copies.drop(self.url)
        self.url, self.reached = None, ""


@dataclass(frozen=True)
class Begin:
    """Lends databases to one test, each a copy of its own unless it says otherwise."""

    shelf: Shelf
    lend: Callable[[str], Engine]
    share: Callable[[str], Engine]

    def at(self, revision: str, fill: Fill | None = None) -> Engine:
        """A database at a revision, with rows in it as the program of that time wrote them."""
        engine = self.lend(self.shelf.ladder.at(revision))
        if fill is not None:
            with rows_in(engine) as add:
                fill(add)
        return engine

    def moved(self, revision: str, fill: Fill) -> Engine:
        """A database with rows in it that moved on from a revision to the newest tables."""
        return self.lend(self.shelf.moved_on(revision, fill))

    def untouched(self, revision: str, fill: Fill) -> Engine:
        """The same, but no copy: for tests that leave nothing in it."""
        return self.share(self.shelf.moved_on(revision, fill))
