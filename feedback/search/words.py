"""Comments that hold certain words: one question, asked of each engine in its own way.

PostgreSQL stems each comment in its own language (a GIN index over `waymark_words`). SQLite
stems all as English (FTS5's Porter tokenizer); in comments of another language a word is also
found by whatever begins with its stem there (Snowball's, for each language of the workspace),
which finds a little more than its forms.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Subquery,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    text,
    union,
)
from sqlalchemy.orm import Session

from feedback.search.query import Phrase, Query, fts5
from feedback.search.stems import stem_of
from models.reading import Comment

MOST = 20_000
"""Comments with the words that SQLite looks at, the latest that came in first."""


def on_postgres(session: Session) -> bool:
    """Whether the session speaks to PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


def holding(
    session: Session, workspace_id: int, query: Query, most: int | None = MOST
) -> ColumnElement[bool]:
    """The comments of a workspace that hold what a query asks for.

    Where more than `most` comments hold it, SQLite looks at those that came in last (`capped`).
    """
    spoken = languages(session, workspace_id)
    if on_postgres(session):
        return or_(*(_spoken(one, query) for one in spoken))
    found = [select(_matching(fts5(query), most).c.id)]
    for language in filter(None, spoken):
        if (stem := stem_of(language)) is not None:
            rows = _matching(fts5(query, stem), most)
            mine = select(rows.c.id).join(Comment, Comment.id == rows.c.id)
            found.append(mine.where(Comment.language == language))
    return Comment.id.in_(union(*found) if len(found) > 1 else found[0])


def capped(session: Session, workspace_id: int, query: Query) -> bool:
    """Whether more comments hold the words than are looked at."""
    if on_postgres(session):
        return False
    stems = [stem_of(one) for one in filter(None, languages(session, workspace_id))]
    for asked in {fts5(query), *(fts5(query, stem) for stem in stems if stem)}:
        rows = _matching(asked, MOST + 1)
        if (session.scalar(select(func.count()).select_from(rows)) or 0) > MOST:
            return True
    return False


def _matching(asked: str, most: int | None) -> Subquery:
    """The ids of comments that FTS5 finds, of very many the last."""
    found = text(_FOUND + (" LIMIT :most" if most else ""))
    given: dict[str, Any] = {"words": asked} | ({"most": most} if most else {})
    # each its own parameters: several stand in one statement
    own: list[BindParameter[Any]] = [
        bindparam(name, value, unique=True) for name, value in given.items()
    ]
    return found.bindparams(*own).columns(Comment.id).subquery()


_FOUND = (
    "SELECT rowid AS id FROM comment_words WHERE comment_words MATCH :words ORDER BY rowid DESC"
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
