"""The comments behind a pain point and the others of its touchpoint, evenly drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, select
from sqlalchemy.orm import Session

from feedback.causes.draw import evenly, newest
from feedback.reporting.scope import Scope
from feedback.reporting.segments import one_of_ids
from feedback.reporting.sources import comment_filter
from models.reading import Comment, Mention

MOST = 300
"""Comments of either kind whose words are looked at."""
DRAWN = 3_000
"""Comments that are asked what they speak of."""
LATEST = 20


@dataclass(frozen=True, slots=True)
class Told:
    """A comment and the stretch of it that speaks of the theme most unhappily."""

    id: int
    text: str
    text_hash: str
    at: datetime
    start: int
    end: int
    score: float
    response_id: int | None


@dataclass(frozen=True, slots=True)
class Comments:
    """Those that speak badly of the theme, the latest of them, and the texts of others.

    `whole`: there are no more that speak badly of it than `told`.
    """

    told: Sequence[Told]
    whole: bool
    latest: Sequence[Told]
    others: Sequence[str]


def comments(session: Session, scope: Scope, touchpoint_id: int, theme: str) -> Comments:
    """Draw them; bounded however many there are."""
    here = and_(comment_filter(session, scope), Comment.touchpoint_id == touchpoint_id)
    here, n, more = newest(session, Comment, here)
    speaks = exists().where(
        Mention.comment_id == Comment.id,
        Mention.theme.in_(scope.themes.parts(theme)),
        Mention.sentiment == "negative",
    )
    drawn = here & evenly(Comment.id, min(1.0, DRAWN / max(1, n)))
    rows = session.execute(select(Comment.id, speaks).where(drawn).order_by(Comment.id)).all()
    mine = [id_ for id_, unhappy in rows if unhappy]
    told = _told(session, scope, theme, thinned(mine))
    others = thinned([id_ for id_, unhappy in rows if not unhappy])
    return Comments(
        told,
        n <= DRAWN and not more and len(told) == len(mine),
        _told(session, scope, theme, _last(session, here & speaks)),
        list(session.scalars(select(Comment.text).where(one_of_ids(session, Comment.id, others)))),
    )


def thinned(ids: Sequence[int]) -> list[int]:
    """At most MOST of these, evenly."""
    share = min(1.0, MOST / max(1, len(ids)))
    return [ids[int(place / share)] for place in range(int(len(ids) * share))]


def _last(session: Session, which: ColumnElement[bool]) -> list[int]:
    order = (Comment.occurred_at.desc(), Comment.id.desc())
    return list(session.scalars(select(Comment.id).where(which).order_by(*order).limit(LATEST)))


def _told(session: Session, scope: Scope, theme: str, ids: Sequence[int]) -> list[Told]:
    query = (
        select(
            Comment.id,
            Comment.text,
            Comment.text_hash,
            Comment.occurred_at,
            Mention.start,
            Mention.end,
            Mention.sentiment_score,
            Comment.response_id,
        )
        .join(Mention, Mention.comment_id == Comment.id)
        .where(one_of_ids(session, Comment.id, ids))
        .where(Mention.theme.in_(scope.themes.parts(theme)))
        .where(Mention.sentiment == "negative")
        .order_by(Comment.occurred_at.desc(), Comment.id.desc(), Mention.sentiment_score)
    )
    return _worst(session.execute(query))


def _worst(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[Told]:
    """One stretch a comment, its unhappiest, newest comment first."""
    found: dict[int, Told] = {}
    for row in rows:
        found.setdefault(row.id, Told(*row))
    return list(found.values())
