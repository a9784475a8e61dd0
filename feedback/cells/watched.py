"""What is summed where it happened: the tables it is in, and the marks that say it changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from models.invitation import Invitation
from models.rates import RateMark
from models.reading import Comment
from models.response import Response
from models.statistics import StatisticMark


@dataclass(frozen=True, slots=True)
class Happened:
    """A table whose rows are at a touchpoint at a `moment`, and which of them count."""

    table: type[Response] | type[Comment] | type[Invitation]
    moment: InstrumentedAttribute[datetime]
    counts: tuple[ColumnElement[bool], ...] = ()

    def placed(self, workspace_id: int) -> list[ColumnElement[bool]]:
        """The rows of a workspace that count and are at a touchpoint."""
        placed = self.table.touchpoint_id.is_not(None)
        return [self.table.workspace_id == workspace_id, placed, *self.counts]


@dataclass(frozen=True, slots=True)
class Watched:
    """Tables that are summed together, and the marks of what changed in them."""

    tables: tuple[Happened, ...]
    marks: Any

    def __iter__(self) -> Iterator[Happened]:
        return iter(self.tables)


SAID = Watched(
    (Happened(Response, Response.occurred_at), Happened(Comment, Comment.occurred_at)),
    StatisticMark,
)
"""What customers said."""

ASKED = Watched(
    (Happened(Invitation, Invitation.created_at, (Invitation.sent_at.is_not(None),)),), RateMark
)
"""Who was asked: an invitation is where and when it was made, once it was sent."""
