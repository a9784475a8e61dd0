"""A database as an older program left it: at a revision, with rows in it; and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Protocol

from alembic import command
from sqlalchemy import Engine, MetaData

from models import migrate

AT = datetime(2026, 11, 1, tzinfo=UTC)
_COMPANY = {"name": "shop", "company": "Shop", "default_region": "GB", "default_locale": "en"}
_LOOK = {"timezone": "UTC", "accent": "#000000", "quarantine_days": 30.0}


class Add(Protocol):
    """Adds a row to a table; made at AT unless told otherwise."""

    def __call__(self, table: str, **values: Any) -> None: ...


@contextmanager
def rows_in(engine: Engine) -> Iterator[Add]:
    """Add rows as the program of that time did: by the tables that are there."""
    tables = MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:

        def add(table: str, **values: Any) -> None:
            target = tables.tables[table]
            dated = {"created_at": AT} if "created_at" in target.columns else {}
            row = {name: _as_kept(engine, one) for name, one in {**dated, **values}.items()}
            connection.execute(target.insert().values(**row))

        yield add


def _as_kept(engine: Engine, value: Any) -> Any:
    """SQLite keeps times without their zone."""
    if isinstance(value, datetime) and engine.dialect.name == "sqlite":
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def add_shop(add: Add) -> None:
    """A workspace, and somebody who works there."""
    add("workspaces", **_COMPANY, **_LOOK)
    add("users", workspace_id=1, email="ada@shop.example", password_hash="x")


def add_survey(add: Add) -> None:
    """A shop with a customer, and a survey to ask them."""
    add_shop(add)
    person = {"external_id": "c", "attributes": {}, "is_test": False}
    add("customers", workspace_id=1, **person, updated_at=AT)
    survey = {"key": "s", "name": "S", "enabled": True, "quarantine_days": 1.0}
    add("surveys", workspace_id=1, **survey)
    version = {"number": 1, "definition": {}, "content_hash": "h", "published_at": AT}
    add("survey_versions", workspace_id=1, survey_id=1, **version)


def add_invitation(add: Add, **more: Any) -> None:
    """An invitation of the survey's by SMS."""
    whom = {"workspace_id": 1, "customer_id": 1, "survey_id": 1, "version_id": 1}
    times = {"due_at": AT, "expires_at": AT, "status_at": AT}
    add("invitations", **{**whom, **times, "channel": "sms", "token": "t", **more})


def add_comment(add: Add, **more: Any) -> None:
    """A comment that waits to be read."""
    words = {"external_id": "1", "text": "late", "text_hash": "h", "occurred_at": AT}
    source = {"attached_by": "import", "source": "import", "read_state": "waiting"}
    add("comments", **{"workspace_id": 1, **words, **source, **more})


def add_correction(add: Add, **more: Any) -> None:
    """A correction of the first comment's sentiment."""
    said = {"workspace_id": 1, "user_id": 1, "text_hash": "h", "comment_id": 1}
    add("corrections", **said, **{"kind": "sentiment", "sentiment": "neutral", **more})


def move_back(engine: Engine, revision: str) -> None:
    """Move back to a revision."""
    with engine.connect() as connection:
        command.downgrade(migrate.configuration(connection), revision)
        connection.commit()
