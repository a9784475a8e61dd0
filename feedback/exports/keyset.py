"""Rows of a table page by page along its primary key, each page a short read of its own.

No cursor and no transaction stays open between two pages, so that an export of any size keeps
nobody from writing, and no more than a page is ever in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from feedback.exports.columns import Page
from feedback.exports.wanted import OpenSession, Wanted
from models.reading import Comment
from models.response import Response, Score

PAGE = 1000
WINDOW = 20_000
Rows = Select[*tuple[Any, ...]]
Read = Row[*tuple[Any, ...]]
Make = Callable[[Session, Sequence[Read]], Page]


def paged(
    open_session: OpenSession,
    statement: Rows,
    key: InstrumentedAttribute[int],
    make: Make,
    size: int = PAGE,
    window: int = WINDOW,
) -> Iterator[Page]:
    """All rows of a statement in order of `key`, `size` at a time, made into an export's rows.

    The statement must select `key` as `id`. What is added meanwhile is left out. Each read looks
    at `window` keys at most, so that its cost is the same wherever it stands, whatever the
    planner thinks of the filters.
    """
    after, last = _ends(open_session, key)
    while after < last:
        until = min(after + window, last)
        within = statement.where(key > after, key <= until).order_by(key).limit(size)
        with open_session() as session:
            rows = session.execute(within).all()
            page = make(session, rows) if rows else []
        if page:
            yield page
        after = rows[-1].id if len(rows) == size else until


def _ends(open_session: OpenSession, key: InstrumentedAttribute[int]) -> tuple[int, int]:
    """Just before the first key, and the last."""
    with open_session() as session:
        first, last = session.execute(select(func.min(key), func.max(key))).one()
    return (first or 1) - 1, last or 0


def unindexed(column: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """A column for comparing that leaves its index alone, which would cost a sort a page."""
    return column + 0


def mine(table: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The wanted rows of the workspace, by touchpoint and time."""
    return [unindexed(table.workspace_id) == wanted.workspace_id]


def happened(
    table: type[Response] | type[Comment] | type[Score], wanted: Wanted
) -> list[ColumnElement[bool]]:
    """Those of the journey and the period that are asked for."""
    clauses: list[ColumnElement[bool]] = []
    if wanted.touchpoints is not None:
        clauses.append(table.touchpoint_id.in_(wanted.touchpoints))
    if wanted.start is not None:
        clauses.append(table.occurred_at >= wanted.start)
    if wanted.end is not None:
        clauses.append(table.occurred_at < wanted.end)
    return clauses


SAID_IN: ColumnElement[str | None] = case(
    (Comment.response_id.is_(None), Comment.language), else_=Response.language
)
"""The language a comment counts in: that of its response, or else its own."""


def asked_by(
    wanted: Wanted, language: ColumnElement[str | None] = Response.language.expression
) -> list[ColumnElement[bool]]:
    """Those of the survey, the channel and the language that are asked for.

    What is no response has neither survey nor channel.
    """
    clauses: list[ColumnElement[bool]] = []
    if wanted.survey_id is not None:
        clauses.append(unindexed(Response.survey_id) == wanted.survey_id)
    if wanted.channel is not None:
        clauses.append(Response.channel == wanted.channel)
    if wanted.language is not None:
        clauses.append(language == wanted.language)
    return clauses
