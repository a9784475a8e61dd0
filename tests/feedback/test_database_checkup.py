"""The doctor's look at the database itself."""

from __future__ import annotations

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from feedback.database_checkup import database, looked_after


def test_a_database_that_leaves_its_tables_alone_is_named(engine: Engine, session: Session) -> None:
    """No session may turn it on or off, so that this sees what the server is set to."""
    off = 0
    if engine.dialect.name == "postgresql":
        names = "('autovacuum', 'track_counts')"
        counted = f"SELECT count(*) FROM pg_settings WHERE name IN {names} AND setting = 'off'"
        off = session.scalar(text(counted)) or 0
    told = {one.subject: one for one in database(engine)}
    assert told["database"].fine
    assert ("database upkeep" in told) == (off > 0)
    if off:
        assert "autovacuum = on" in told["database upkeep"].words


def test_without_counts_autovacuum_does_nothing(engine: Engine, session: Session) -> None:
    if engine.dialect.name == "postgresql":
        session.execute(text("SET track_counts = off"))
    assert looked_after(session.connection()) == (engine.dialect.name == "sqlite")
    session.rollback()
