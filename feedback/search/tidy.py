"""Words of erased comments leave the index for good: on SQLite, by merging it step by step.

FTS5 strikes a word out at once and drops it when segments are merged; a full merge would hold
the database for seconds, so it is done in steps (FTS5's `merge` command) by the worker.
PostgreSQL needs nothing: its index holds what its rows hold, and is vacuumed with them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from feedback.search.words import on_postgres

WAIT = timedelta(minutes=10)
"""So long erasures gather before the index is merged."""
PAGES = 400
"""Pages of the index that one step writes, about."""

_OWED = text("SELECT min(since) FROM comment_words_erased")
_CHANGES = text("SELECT total_changes()")


def owed(session: Session, now: datetime) -> datetime | None:
    """Since when erased words wait to be merged away, once they have waited long enough."""
    if on_postgres(session):
        return None
    written = session.scalar(_OWED)
    since = datetime.fromisoformat(written).replace(tzinfo=UTC) if written else None
    return since if since is not None and since <= now - WAIT else None


def tidy(session: Session, now: datetime) -> int:
    """One step of merging; 0 when nothing is left. Killed at any point, it goes on from there."""
    if owed(session, now) is None:
        return 0
    begun = session.scalar(text("SELECT max(begun) FROM comment_words_erased"))
    if not begun:
        # what is erased from here on waits for the next round
        session.execute(text("UPDATE comment_words_erased SET begun = 1"))
    if _merged(session, PAGES if begun else -PAGES) and begun:
        session.execute(text("DELETE FROM comment_words_erased WHERE begun = 1"))
    session.commit()
    return 1


def _merged(session: Session, pages: int) -> bool:
    """Merge some pages, all segments into one where `pages` is below 0; whether that was all."""
    before = session.scalar(_CHANGES) or 0
    merge = text("INSERT INTO comment_words(comment_words, rank) VALUES ('merge', :pages)")
    session.execute(merge, {"pages": pages})
    return (session.scalar(_CHANGES) or 0) - before < 2
