"""How rows are grouped: all together, or by day, channel, survey, language and perhaps segment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, Select, case, func, literal, literal_column
from sqlalchemy.orm import Session

from feedback.cells.items import Slice
from models.base import UTCDateTime
from models.reading import Comment
from models.response import Response, Score
from models.statistics import EVERYBODY, SegmentMember

Rows = Iterator[Row[Any]]
Query = Select[*tuple[Any, ...]]
Columns = tuple[ColumnElement[Any], ...]
Part = tuple[int, Slice]
"""A day, and a slice of it."""

WHOLE: Part = (0, Slice(EVERYBODY, "", 0, ""))
_NAMES = ("day", "channel", "survey", "language")
# written out: bound twice, PostgreSQL would take them for two expressions
_NOTHING: ColumnElement[str] = literal_column("''")
_NONE: ColumnElement[int] = literal_column("0")


@dataclass(frozen=True, slots=True)
class By:
    """The grouping: none, or by day and slice, or by day, slice and each segment of a customer.

    `days` are days with their first moments, in order; what happened is on the last that began.
    """

    days: Sequence[tuple[int, datetime]] = ()
    segments: bool = False

    @property
    def sliced(self) -> bool:
        """Whether anything is told apart."""
        return bool(self.days)

    @property
    def names(self) -> tuple[str, ...]:
        """The labels of the columns."""
        if not self.sliced:
            return ()
        return (*_NAMES, "segment") if self.segments else _NAMES

    def responses(self, query: Query, table: Any = Response) -> tuple[Query, Columns]:
        """A query on responses, and the columns it is to be grouped by."""
        if not self.sliced:
            return query, ()
        columns = (
            self._day(table.occurred_at),
            Response.channel,
            Response.survey_id,
            func.coalesce(Response.language, _NOTHING),
        )
        return self._joined(query, Response.customer_id), self._labelled(columns)

    def scores(self, query: Query) -> tuple[Query, Columns]:
        """A query on scores, and the columns it is to be grouped by."""
        if not self.sliced:
            return query, ()
        return self.responses(query.join(Response, Response.id == Score.response_id), Score)

    def comments(self, query: Query) -> tuple[Query, Columns]:
        """A query on comments, those of no response too, and the columns to group by."""
        if not self.sliced:
            return query, ()
        query = query.outerjoin(Response, Response.id == Comment.response_id)
        spoken = case((Comment.response_id.is_(None), Comment.language), else_=Response.language)
        columns = (
            self._day(Comment.occurred_at),
            func.coalesce(Response.channel, _NOTHING),
            func.coalesce(Response.survey_id, _NONE),
            func.coalesce(spoken, _NOTHING),
        )
        return self._joined(query, Comment.customer_id), self._labelled(columns)

    def of(self, part: CTE) -> Columns:
        """The same columns of a part that has them."""
        return tuple(part.c[name] for name in self.names)

    def part(self, row: Row[Any]) -> Part:
        """Whose sums a row holds."""
        if not self.sliced:
            return WHOLE
        segment = int(row.segment) if self.segments else EVERYBODY
        return row.day, Slice(segment, row.channel, int(row.survey), row.language)

    def _day(self, moment: Any) -> ColumnElement[int]:
        """The day of a moment, by which of the days had begun."""
        begun: list[tuple[ColumnElement[bool], ColumnElement[int]]] = [
            (moment >= literal(start, UTCDateTime, literal_execute=True), literal_column(str(day)))
            for day, start in reversed(self.days)
        ]
        return case(*begun, else_=literal_column(str(self.days[0][0])))

    def _joined(self, query: Query, customer: Any) -> Query:
        if not self.segments:
            return query
        return query.join(SegmentMember, SegmentMember.customer_id == customer)

    def _labelled(self, columns: tuple[Any, ...]) -> Columns:
        every = (*columns, SegmentMember.segment_id) if self.segments else columns
        return tuple(column.label(name) for column, name in zip(every, self.names, strict=True))


TOGETHER = By()


def rows(session: Session, query: Query) -> Rows:
    """The rows of a query."""
    yield from session.execute(query)
