"""The quotes behind a pain point: the worst two and the middling one, always the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Subquery, case, func, or_, select
from sqlalchemy.orm import Session

from feedback.reporting.scope import Scope
from feedback.reporting.sources import comment_filter, mention_filter, theme_of
from feedback.statistics.sums import Cell
from models.reading import Comment, Mention
from nlp.redaction import redactions, without

QUOTES = 3
SPARE = 8
LONGEST = 280
READABLE = (20, 400)


@dataclass(frozen=True, slots=True)
class Quote:
    """A comment, or the stretch of it that speaks of the theme; `sentiment_score` is its.

    Without personal data: reports are passed on, and a stretch could cut a number in two.
    """

    comment_id: int
    text: str
    sentiment_score: float


def _placed(session: Session, scope: Scope) -> Subquery:
    """Negative mentions with their place in their cell from worst to mildest, and its size."""
    theme = theme_of(scope)
    cell = (Comment.touchpoint_id, theme)
    unhandy = case((func.length(Comment.text).between(*READABLE), 0), else_=1)
    worst = (unhandy, Mention.sentiment_score, Comment.id, Mention.id)
    return (
        select(
            Comment.touchpoint_id,
            theme.label("theme"),
            Mention.id,
            Mention.comment_id,
            Mention.start,
            Mention.end,
            Mention.sentiment_score,
            func.row_number().over(partition_by=cell, order_by=worst).label("place"),
            func.count().over(partition_by=cell).label("size"),
        )
        .join(Comment, Comment.id == Mention.comment_id)
        .where(comment_filter(session, scope), mention_filter(scope))
        .where(Mention.sentiment == "negative")
        .subquery()
    )


def _shortened(row: Row[Any]) -> str:
    """The whole comment where it is short, else the stretch that speaks of the theme."""
    found = redactions(row.text)
    text = without(row.text, found).strip()
    if len(text) <= LONGEST:
        return text
    part = without(row.text, found, row.start, row.end).strip() or text
    cut = part if len(part) <= LONGEST else part[: LONGEST - 1].rstrip() + "…"
    before = "" if text.startswith(part) else "… "
    after = "" if cut.endswith("…") or text.endswith(part) else " …"
    return f"{before}{cut}{after}"


def _chosen(rows: Iterable[Row[Any]]) -> tuple[Quote, ...]:
    """The two worst and the one in the middle; what was said twice counts once."""
    by_text: dict[str, Row[Any]] = {}
    for row in sorted(rows, key=lambda row: row.place):
        by_text.setdefault(row.text_hash, row)
    worst = list(by_text.values())
    middle = [row for row in worst[QUOTES - 1 :] if row.place > row.size // 2]
    chosen = worst[: QUOTES - 1] + (middle[:1] or worst[QUOTES - 1 : QUOTES])
    return tuple(Quote(row.comment_id, _shortened(row), row.sentiment_score) for row in chosen)


def quotes(session: Session, scope: Scope) -> Mapping[Cell, tuple[Quote, ...]]:
    """Up to three quotes for every cell with a negative mention, in one query."""
    placed = _placed(session, scope)
    middle = placed.c.size / 2
    query = (
        select(placed, Comment.text, Comment.text_hash)
        .join(Comment, Comment.id == placed.c.comment_id)
        .where(or_(placed.c.place <= SPARE, placed.c.place.between(middle, middle + SPARE)))
    )
    found: dict[Cell, list[Row[Any]]] = {}
    for row in session.execute(query):
        cell = Cell(scope.touchpoints[row.touchpoint_id], row.theme)
        found.setdefault(cell, []).append(row)
    return {cell: _chosen(rows) for cell, rows in found.items()}
