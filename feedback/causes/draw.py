"""The responses that causes are looked for in: all, or an even draw of a touchpoint's many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, exists, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from feedback.reporting.scope import Scope
from feedback.reporting.segments import one_of_ids
from feedback.reporting.sources import comment_filter, response_filter, spoken
from models.reading import Comment, Mention
from models.response import Response

MOST = 2_000
"""Voices that are looked at."""
LATEST = 40_000
"""Of more than these, only the latest are drawn from: what is looked at has a limit."""
_TURN, _WHOLE = 2_654_435_761, 2**32


Timed = type[Response] | type[Comment]


@dataclass(frozen=True, slots=True)
class Unit:
    """One voice at the touchpoint: a response, or a comment that belongs to none.

    `said`: it speaks badly of the theme. `language` is that of its comment, where it was read:
    what nobody reads complains of nothing, and would make a language seem content.
    """

    at: datetime
    customer_id: int | None
    said: bool
    channel: str | None = None
    survey_id: int | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Draw:
    """The units that are looked at, oldest first, of `of` in all.

    `latest`: there were more than LATEST, and only those that happened last count in `of`.
    """

    units: Sequence[Unit]
    of: int
    latest: bool = False

    @property
    def whole(self) -> bool:
        """Whether all were looked at."""
        return len(self.units) >= self.of and not self.latest


def draw(
    session: Session,
    scope: Scope,
    touchpoint_id: int,
    theme: str,
    most: int = MOST,
    latest: int = LATEST,
) -> Draw:
    """The responses and lone comments of a touchpoint, evenly drawn where they are many."""
    responses = and_(response_filter(session, scope), Response.touchpoint_id == touchpoint_id)
    alone = and_(
        comment_filter(session, scope),
        Comment.touchpoint_id == touchpoint_id,
        Comment.response_id.is_(None),
    )
    responses, n, many = newest(session, Response, responses, latest)
    lone = session.scalar(select(Comment.id).where(alone).limit(1)) is not None
    alone, more, too = newest(session, Comment, alone, latest) if lone else (alone, 0, False)
    share = min(1.0, most / max(1, n + more))
    units = [
        *_responses(session, scope, theme, and_(responses, evenly(Response.id, share))),
        *(_alone(session, scope, theme, and_(alone, evenly(Comment.id, share))) if lone else ()),
    ]
    units.sort(key=lambda unit: unit.at)
    return Draw(units, n + more if share < 1.0 else len(units), many or too)


def newest(
    session: Session, table: Timed, which: ColumnElement[bool], most: int = LATEST
) -> tuple[ColumnElement[bool], int, bool]:
    """The condition narrowed to the latest rows that meet it, how many, and whether more do."""
    some = select(table.id).where(which).limit(most + 1).subquery()
    n = session.scalar(select(func.count()).select_from(some)) or 0
    if n <= most:
        return which, n, False
    latest = select(table.occurred_at).where(which).order_by(table.occurred_at.desc())
    beyond = session.scalar(latest.offset(most).limit(1))
    return which & (table.occurred_at > beyond), most, True


def evenly(id_: InstrumentedAttribute[int], share: float) -> ColumnElement[bool]:
    """An even draw of rows by their ids, the same every time.

    Multiples of the golden ratio lie evenly on a circle (Weyl), whatever rhythm the ids have.
    """
    if share >= 1.0:
        return id_ > 0
    return (id_ * literal(_TURN, BigInteger)) % literal(_WHOLE, BigInteger) < int(share * _WHOLE)


def _responses(
    session: Session, scope: Scope, theme: str, which: ColumnElement[bool]
) -> Iterable[Unit]:
    columns = (Response.id, Response.occurred_at, Response.customer_id, Response.channel)
    query = select(*columns, Response.survey_id).where(which, spoken())
    rows = session.execute(query).all()
    said, read = _heard(session, scope, theme, Comment.response_id, [row[0] for row in rows])
    for id_, at, customer_id, channel, survey_id in rows:
        yield Unit(at, customer_id, id_ in said, channel, survey_id, read.get(id_))


def _alone(
    session: Session, scope: Scope, theme: str, which: ColumnElement[bool]
) -> Iterable[Unit]:
    columns = (Comment.id, Comment.occurred_at, Comment.customer_id)
    rows = session.execute(select(*columns).where(which)).all()
    said, read = _heard(session, scope, theme, Comment.id, [row[0] for row in rows])
    for id_, at, customer_id in rows:
        yield Unit(at, customer_id, id_ in said, language=read.get(id_))


def _heard(
    session: Session,
    scope: Scope,
    theme: str,
    of: InstrumentedAttribute[Any],
    ids: Sequence[int],
) -> tuple[set[int], dict[int, str]]:
    """Which of these speak badly of the theme, and the languages of comments that were read."""
    speaks = exists().where(
        Mention.comment_id == Comment.id,
        Mention.theme.in_(scope.themes.parts(theme)),
        Mention.sentiment == "negative",
    )
    spoken_in = case((Comment.read_state == "read", Comment.language))
    query = select(of, spoken_in, speaks).where(one_of_ids(session, of, ids))
    said: set[int] = set()
    read: dict[int, str] = {}
    for id_, language, unhappy in session.execute(query):
        if unhappy:
            said.add(id_)
        if language:
            read[id_] = language
    return said, read
