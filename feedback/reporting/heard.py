"""The comments of some of the panel's voices: what a report's quotes are chosen from.

Each is looked up by whose it is, where and when: a few hundred look-ups by an index, however
long the history is and however narrow the filters are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Select,
    String,
    cast,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from feedback.panel.voices import Voice
from feedback.reporting.scope import Scope
from feedback.reporting.segments import id_array, on_postgresql
from feedback.reporting.sources import comment_clauses
from models.reading import Comment

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_Whose = InstrumentedAttribute[int | None]


def heard(session: Session, scope: Scope, voices: Sequence[Voice]) -> dict[int, int]:
    """The comments of these voices that a scope counts: the touchpoint's id by the comment's."""
    known = [one for one in voices if one.who > 0]
    nobodys = [one._replace(who=-one.who) for one in voices if one.who < 0]
    look = _on_postgresql if on_postgresql(session) else _on_sqlite
    found: dict[int, int] = {}
    for whose, some in ((Comment.customer_id, known), (Comment.response_id, nobodys)):
        if some:
            found |= dict(session.connection().execute(look(session, scope, whose, some)).all())
    return found


def _on_postgresql(
    session: Session, scope: Scope, whose: _Whose, voices: Sequence[Voice]
) -> Select[*tuple[Any, ...]]:
    """Voice by voice (OFFSET keeps it so): it would read all comments of a touchpoint."""
    who, places, moments = (list(column) for column in zip(*voices, strict=True))
    times = f"{{{','.join(_time(at).isoformat() for at in moments)}}}"
    at = cast(literal(times, String), ARRAY(DateTime(timezone=True)))
    given = func.unnest(id_array(who), id_array(places), at)
    one = given.table_valued("who", "place", "at").render_derived()
    mine = select(Comment.id, Comment.touchpoint_id).where(
        Comment.touchpoint_id == one.c.place,
        Comment.occurred_at == one.c.at,
        whose == one.c.who,
        *_counted(session, scope),
    )
    here = mine.offset(0).lateral("here")
    return select(here).select_from(one.join(here, true()))


def _on_sqlite(
    session: Session, scope: Scope, whose: _Whose, voices: Sequence[Voice]
) -> Select[*tuple[Any, ...]]:
    """The same; times as SQLite keeps them, in letters."""
    rows = [(who, place, _letters(_time(at))) for who, place, at in voices]
    given = func.json_each(json.dumps(rows)).table_valued("value")
    who, place, at = (func.json_extract(given.c.value, f"$[{n}]") for n in range(3))
    query = select(Comment.id, Comment.touchpoint_id).select_from(given)
    return query.join(
        Comment,
        (Comment.touchpoint_id == cast(place, Integer))
        & (Comment.occurred_at == cast(at, String))
        & (whose == cast(who, Integer)),
    ).where(*_counted(session, scope))


def _counted(session: Session, scope: Scope) -> list[ColumnElement[bool]]:
    """What else is asked: the voices are of the scope's places and time already."""
    return [Comment.workspace_id == scope.workspace_id, *comment_clauses(session, scope)]


def _time(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)


def _letters(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")
