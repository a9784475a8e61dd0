"""Comments found: a page of them after a certain one, how many there are, or all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from feedback.search.filters import conditions
from feedback.search.wanted import Wanted
from feedback.search.words import capped
from feedback.themes.catalogue import Catalogue
from models.customer import Customer
from models.errors import InvalidInput
from models.journey import Touchpoint
from models.reading import Comment

COUNTED = 1_000
"""Comments that are counted; of more it is said that there are more."""
_DIGITS = 18
_ORDER: Mapping[str, tuple[ColumnElement[Any], bool]] = {
    "newest": (Comment.occurred_at.expression, True),
    "oldest": (Comment.occurred_at.expression, False),
    "unhappiest": (Comment.sentiment_score.expression, False),
    "happiest": (Comment.sentiment_score.expression, True),
}


@dataclass(frozen=True, slots=True)
class Alike:
    """How a search by meaning went: the cosine of each comment by its id, `compared` with how many.

    `whole`: with all that were read; `waiting`: no worker has taken up the question yet.
    """

    nearness: Mapping[int, float] = field(default_factory=dict)
    compared: int = 0
    whole: bool = True
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A page of comments; `after` leads to the next one.

    `n` counts all of them up to a limit, and then `more` says that there are more. `capped`:
    the words are in more comments than were looked at (the last to come in). Of a search by
    meaning, `alike` says how near each comes.
    """

    rows: Sequence[Row[Any]]
    after: str | None
    n: int
    more: bool
    capped: bool
    alike: Alike | None = None


def find(
    session: Session,
    workspace_id: int,
    wanted: Wanted,
    themes: Catalogue,
    size: int,
    after: str | None = None,
    counted: int = COUNTED,
) -> Found:
    """The comments wanted that come after a certain one, and how many there are in all."""
    which = conditions(session, workspace_id, wanted, themes)
    statement = _rows(which, wanted.sort)
    if after:
        statement = statement.where(_beyond(wanted.sort, after))
    rows = session.execute(statement.limit(size + 1)).all()
    following = _mark(rows[size - 1], wanted.sort) if len(rows) > size else None
    if after is None and following is None:
        n, more = len(rows), False
    else:
        some = select(Comment.id).where(*which).limit(counted + 1).subquery()
        n = session.scalar(select(func.count()).select_from(some)) or 0
        n, more = min(n, counted), n > counted
    limited = bool(wanted.query) and capped(session, workspace_id, wanted.query)
    return Found(rows[:size], following, n, more, limited)


def everything(
    session: Session, workspace_id: int, wanted: Wanted, themes: Catalogue
) -> Select[*tuple[Any, ...]]:
    """All comments wanted, in order, for a file."""
    return _rows(conditions(session, workspace_id, wanted, themes, most=None), wanted.sort)


def _rows(which: Sequence[ColumnElement[bool]], sort: str) -> Select[*tuple[Any, ...]]:
    column, down = _ORDER[sort]
    first = (column.desc(), Comment.id.desc()) if down else (column.asc(), Comment.id.asc())
    return shown_rows(which).order_by(*first)


def shown_rows(which: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """What is shown of the comments that meet some conditions, in no order."""
    return (
        select(
            Comment.id,
            Comment.text,
            Comment.occurred_at,
            Comment.language,
            Comment.sentiment,
            Comment.sentiment_score,
            Comment.read_state,
            Comment.urgent,
            Comment.wants_contact,
            Comment.response_id,
            Customer.external_id.label("customer"),
            Touchpoint.key.label("touchpoint"),
            Touchpoint.name.label("place"),
        )
        .outerjoin(Customer, Customer.id == Comment.customer_id)
        .outerjoin(Touchpoint, Touchpoint.id == Comment.touchpoint_id)
        .where(*which)
    )


def _mark(row: Row[Any], sort: str) -> str:
    """Where a page ends, to be handed in as `after`."""
    by_time = sort in ("newest", "oldest")
    value = row.occurred_at.isoformat() if by_time else repr(float(row.sentiment_score))
    return f"{value}~{row.id}"


def _beyond(sort: str, after: str) -> ColumnElement[bool]:
    """What comes after such a mark."""
    column, down = _ORDER[sort]
    written, _, number = after.rpartition("~")
    try:
        value = _value(sort, written)
        id_ = int(number[:_DIGITS])
    except (ValueError, OverflowError):
        mend = "Hand in `next` as it was given, with the same `sort`."
        raise InvalidInput("is no place in this list", field="after", mend=mend) from None
    if down:
        return or_(column < value, and_(column == value, Comment.id < id_))
    return or_(column > value, and_(column == value, Comment.id > id_))


def _value(sort: str, written: str) -> datetime | float:
    if sort not in ("newest", "oldest"):
        return float(written)
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC)
