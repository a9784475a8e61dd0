"""Comments that hold certain words: one question, asked of each engine in its own way.

PostgreSQL stems each comment in its own language (a GIN index over `waymark_words`); SQLite
stems all as English (FTS5's Porter tokenizer), which the embedded default is meant for.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, literal, or_, select, text
from sqlalchemy.orm import Session

from feedback.search.query import Phrase, Query, fts5
from models.reading import Comment

MOST = 20_000
"""Comments with the words that SQLite looks at, the latest that came in first."""
STEMMED = (
    *("ar", "da", "de", "el", "en", "es", "fi", "fr", "hu", "id", "it", "nl", "no", "pt"),
    *("ro", "ru", "sv", "tr"),
)
"""Languages that PostgreSQL stems; words of others are compared as they stand."""


def on_postgres(session: Session) -> bool:
    """Whether the session speaks to PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


def holding(
    session: Session, workspace_id: int, query: Query, most: int | None = MOST
) -> ColumnElement[bool]:
    """The comments of a workspace that hold what a query asks for.

    Where more than `most` comments hold it, SQLite looks at those that came in last (`capped`).
    """
    if on_postgres(session):
        return or_(*(_spoken(one, query) for one in languages(session, workspace_id)))
    found = text(_FOUND if most else _FOUND.replace(" LIMIT :most", ""))
    given: dict[str, Any] = {"words": fts5(query)} | ({"most": most} if most else {})
    rows = found.bindparams(**given).columns(Comment.id)
    return Comment.id.in_(select(rows.subquery("found").c.id))


def capped(session: Session, query: Query) -> bool:
    """Whether more comments hold the words than are looked at."""
    if on_postgres(session):
        return False
    asked = {"words": fts5(query), "most": MOST + 1}
    n = session.scalar(text(f"SELECT count(*) FROM ({_FOUND})"), asked)  # noqa: S608 - constant
    return (n or 0) > MOST


_FOUND = (
    "SELECT rowid AS id FROM comment_words WHERE comment_words MATCH :words "
    "ORDER BY rowid DESC LIMIT :most"
)


def languages(session: Session, workspace_id: int) -> list[str | None]:
    """The languages of a workspace's comments, found by leaps in their index; None: not known."""
    first = select(func.min(Comment.language).label("one")).where(
        Comment.workspace_id == workspace_id
    )
    known = first.cte("known", recursive=True)
    following = (
        select(func.min(Comment.language))
        .where(Comment.workspace_id == workspace_id, Comment.language > known.c.one)
        .scalar_subquery()
    )
    known = known.union_all(select(following).where(known.c.one.is_not(None)))
    found = session.scalars(select(known.c.one).where(known.c.one.is_not(None)))
    return [*found, None]


def _spoken(language: str | None, query: Query) -> ColumnElement[bool]:
    """The comments in one language that hold the query's words, as that language bends them."""
    mine = Comment.language == language if language else Comment.language.is_(None)
    words = func.waymark_words(cast(Comment.language, Text), Comment.text)
    return and_(mine, words.bool_op("@@")(_tsquery(language, query)))


def _tsquery(language: str | None, query: Query) -> ColumnElement[Any]:
    chosen = func.waymark_language(literal(language or "", Text))

    def one(phrase: Phrase) -> ColumnElement[Any]:
        return func.phraseto_tsquery(chosen, " ".join(phrase))

    parts = [*map(one, query.every), *(func.tsquery_not(one(phrase)) for phrase in query.none)]
    return reduce(lambda both, part: both.op("&&")(part), parts)
