"""What commands share: settings, the database, the workspace they are for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from feedback import settings as settings_module
from feedback.settings import Settings
from models import migrate, tables
from models.engine import make_engine
from models.errors import NotFound
from models.workspace import Workspace

# a command that needs one table still needs the tables its foreign keys point to
assert tables.ALL


def load_settings() -> Settings:
    """Settings of this process's environment."""
    return settings_module.load(os.environ)


def open_engine(settings: Settings) -> Engine:
    """The database the settings name; the embedded one is migrated on the way."""
    settings.waymark_home.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    if settings.embedded:
        migrate.upgrade(engine)
        return engine
    with engine.connect() as connection:
        if why := migrate.unfit(connection):
            raise why
    return engine


@contextmanager
def open_session() -> Iterator[Session]:
    """A session on the configured database, for the length of a command."""
    engine = open_engine(load_settings())
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


def find_workspace(session: Session, name: str) -> Workspace:
    """The workspace of this name."""
    workspace = session.scalar(select(Workspace).where(Workspace.name == name))
    if workspace is None:
        known = ", ".join(session.scalars(select(Workspace.name).order_by(Workspace.name)))
        raise NotFound(
            f"there is no workspace {name!r}",
            field="--workspace",
            mend=f"Known: {known}" if known else "Run `waymark workspace create NAME`",
        )
    return workspace
