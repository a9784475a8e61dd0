"""The quotes behind a pain point: the worst two and the middling one, always the same.

They are chosen from the latest comments of each touchpoint, so that a report costs the same
however long its history; a cell nobody spoke of among these has no quote in the list. The page
of a pain point looks for its own (feedback.causes).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Row,
    Subquery,
    case,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from feedback.reporting.scope import Scope
from feedback.reporting.segments import one_of_ids
from feedback.reporting.sources import comment_filter, mention_filter, theme_of
from feedback.statistics.sums import Cell
from models.reading import Comment, Mention
from nlp.redaction import redactions, without

QUOTES = 3
SPARE = 8
LONGEST = 280
READABLE = (20, 400)
LOOKED_AT = 250
"""Comments of a touchpoint that quotes are chosen from, the latest ones."""
FILTERED = 500
"""So many of the latest are asked whether they pass filters: a narrow one costs no more."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A comment, or the stretch of it that speaks of the theme; `sentiment_score` is its.

    Without personal data: reports are passed on, and a stretch could cut a number in two.
    """

    comment_id: int
    text: str
    sentiment_score: float


class Stretch(Protocol):
    """A comment's text and a stretch [start, end) of it; a row is one too."""

    @property
    def text(self) -> str:
        """The whole comment."""

    @property
    def start(self) -> int:
        """First character."""

    @property
    def end(self) -> int:
        """One past the last."""


def latest(session: Session, scope: Scope) -> list[int]:
    """The latest comments of each touchpoint of a scope, by id.

    Under filters, of the latest few of everybody's those that pass. Touchpoints are asked one by
    one: a small statement that is planned once, where one of all of them took a second to plan.
    """
    everybody = scope.unfiltered()
    most = FILTERED if scope.narrowed else LOOKED_AT
    found: list[int] = []
    for place, key in scope.touchpoints.items():
        here = replace(everybody, touchpoints={place: key})
        query = select(Comment.id).where(comment_filter(session, here))
        found += session.scalars(query.order_by(Comment.occurred_at.desc()).limit(most))
    return _passing(session, scope, found) if scope.narrowed else found


def _passing(session: Session, scope: Scope, ids: Sequence[int]) -> list[int]:
    """Those of some comments that pass the filters, the latest of each touchpoint."""
    query = select(Comment.id, Comment.touchpoint_id).where(
        one_of_ids(session, Comment.id, ids), comment_filter(session, scope)
    )
    left = Counter(dict.fromkeys(scope.touchpoints, LOOKED_AT))
    found = []
    for id_, place in session.execute(query.order_by(Comment.occurred_at.desc())):
        if place is not None and left[place] > 0:
            left[place] -= 1
            found.append(id_)
    return found


def _placed(
    session: Session, scope: Scope, comments: Sequence[int], wanted: Collection[Cell] | None
) -> Subquery:
    """Their mentions with their place in their cell, the strongest first, and its size."""
    theme = theme_of(scope)
    strength = Mention.sentiment_score * (-1 if scope.feeling == "positive" else 1)
    cell = (Comment.touchpoint_id, theme)
    unhandy = case((func.length(Comment.text).between(*READABLE), 0), else_=1)
    worst = (unhandy, strength, Comment.id, Mention.id)
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
        .where(one_of_ids(session, Comment.id, comments), mention_filter(scope))
        .where(Mention.sentiment == scope.feeling, *_of_cells(scope, theme, wanted))
        .subquery()
    )


def _of_cells(
    scope: Scope, theme: ColumnElement[str], wanted: Collection[Cell] | None
) -> list[ColumnElement[bool]]:
    if wanted is None:
        return []
    ids = {key: id_ for id_, key in scope.touchpoints.items()}
    cells = sorted((ids[cell.touchpoint], cell.theme) for cell in wanted)
    return [tuple_(Comment.touchpoint_id, theme).in_(cells)]


def shortened(row: Stretch) -> str:
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
    return tuple(Quote(row.comment_id, shortened(row), row.sentiment_score) for row in chosen)


def quotes(
    session: Session,
    scope: Scope,
    comments: Sequence[int],
    wanted: Collection[Cell] | None = None,
) -> Mapping[Cell, tuple[Quote, ...]]:
    """Up to three quotes for every wanted cell with a mention of the scope's feeling.

    They are from these comments, the `latest`. One query finds them all; masking what is
    personal takes a millisecond a quote, so that only the cells asked for are quoted.
    """
    placed = _placed(session, scope, comments, wanted)
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
