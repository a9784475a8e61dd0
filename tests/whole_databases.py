"""What tests of whole databases share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import text

from models.engine import make_engine

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
NewUrl = Callable[[str], str]


def executed(url: str, statement: str) -> None:
    """Run a statement and commit."""
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def scalar(url: str, statement: str) -> int:
    """The number that a query gives."""
    engine = make_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(text(statement))
    engine.dispose()
    return int(found or 0)
