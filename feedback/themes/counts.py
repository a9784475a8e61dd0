"""How often each theme was found, and how far the learning of the own ones is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, case, func, select
from sqlalchemy.orm import Session

from models.reading import Comment, Mention
from models.theme import OwnTheme


@dataclass(frozen=True, slots=True)
class Count:
    """Mentions, and how many of them are negative."""

    mentions: int = 0
    negative: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.mentions + other.mentions, self.negative + other.negative)


def counts(session: Session, workspace_id: int) -> Mapping[str, Count]:
    """The mentions of a workspace by the theme they were found with."""
    negative = func.sum(case((Mention.sentiment == "negative", 1), else_=0))
    query = (
        select(Mention.theme, func.count().label("n"), negative.label("bad"))
        .where(Mention.workspace_id == workspace_id)
        .group_by(Mention.theme)
    )
    return {row.theme: Count(row.n, int(row.bad)) for row in session.execute(query)}


def counted(found: Mapping[str, Count], themes: Iterable[str]) -> Count:
    """The mentions of these themes together."""
    return sum((found.get(theme, Count()) for theme in themes), Count())


def states(session: Session, workspace_id: int) -> Mapping[str, Row[Any]]:
    """State, times and error of the own themes by key."""
    columns = (OwnTheme.key, OwnTheme.state, OwnTheme.changed_at, OwnTheme.fitted_at)
    mine = OwnTheme.workspace_id == workspace_id
    rows: Iterable[Row[Any]] = session.execute(select(*columns, OwnTheme.error).where(mine))
    return {row.key: row for row in rows}


def to_read(session: Session, workspace_id: int) -> int:
    """How many comments of the history still wait to be read again."""
    mine = (Comment.workspace_id == workspace_id) & Comment.reread_at.is_not(None)
    return session.scalar(select(func.count(Comment.id)).where(mine)) or 0


def comments(workspace_id: int, themes: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """The comments that speak of any of these themes."""
    speaks = select(Mention.comment_id).where(
        Mention.workspace_id == workspace_id, Mention.theme.in_(list(themes))
    )
    columns = (Comment.id, Comment.text, Comment.text_hash, Comment.occurred_at)
    mine = (Comment.workspace_id == workspace_id) & Comment.id.in_(speaks)
    return select(*columns, Comment.response_id).where(mine)
