"""Which rows are worked on next: the oldest, but workspaces take turns where not all fit.

A workspace with a million rows waiting gets its share of a batch and no more. What a look costs
does not depend on how many rows wait: each workspace's first ones are found by an index.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, String, literal_column, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.workspace import Workspace
from surveys.pauses import workspaces_at_rest


@dataclass(frozen=True)
class Queue:
    """Rows that wait for a kind of work, by their columns, in order; `since` is when they began.

    `waits` names statuses as literals (see `word`): only so their partial indexes are found.
    """

    kind: str
    row_id: InstrumentedAttribute[int]
    workspace_id: InstrumentedAttribute[int]
    since: InstrumentedAttribute[datetime]
    order: Sequence[InstrumentedAttribute[int] | InstrumentedAttribute[datetime]]
    waits: Callable[[datetime], ColumnElement[bool]]


def word(known: str) -> ColumnElement[str]:
    """One of our own words, written into the statement."""
    return literal_column(f"'{known}'", String())


def take(
    session: Session,
    queue: Queue,
    now: datetime,
    limit: int,
    without: frozenset[int] = frozenset(),
) -> list[int]:
    """The rows to work on next, at most so many; on PostgreSQL they are locked.

    Rows of a workspace that rests, or that is to be left out, are left alone.
    """
    resting = workspaces_at_rest(session, queue.kind) | without
    if not resting:
        first = list(session.scalars(_first(queue, now, limit)))
        if len(first) < limit:
            return first
    turns = in_turn(session, queue, now, resting)
    if not resting and len(turns) < 2:
        return first
    if len(turns) > limit:
        turns = random.sample(turns, limit)
    return _of_each(session, queue, now, turns, max(1, limit // max(len(turns), 1)))


def in_turn(
    session: Session, queue: Queue, now: datetime, resting: Collection[int] = ()
) -> list[int]:
    """The workspaces with rows that wait, by id."""
    return [row[0] for row in since_when(session, queue, now, resting)]


def since_when(
    session: Session, queue: Queue, now: datetime, resting: Collection[int] = ()
) -> list[tuple[int, datetime]]:
    """Each workspace with rows that wait, and since when its first one does."""
    first = (
        select(queue.since)
        .where(_theirs(queue), queue.waits(now))
        .order_by(queue.workspace_id, *queue.order)
        .limit(1)
        .correlate(Workspace)
        .scalar_subquery()
        .label("first")
    )
    each = select(Workspace.id, first).where(Workspace.id.not_in(resting)).subquery()
    found = select(each.c.id, each.c.first).where(each.c.first.is_not(None)).order_by(each.c.id)
    return [(row[0], row[1]) for row in session.execute(found)]


def oldest(session: Session, queue: Queue, now: datetime) -> datetime | None:
    """Since when work waits that does not rest; None where none does."""
    resting = workspaces_at_rest(session, queue.kind)
    if resting:
        return min((at for _, at in since_when(session, queue, now, resting)), default=None)
    return session.scalar(
        select(queue.since).where(queue.waits(now)).order_by(*queue.order).limit(1)
    )


def _first(queue: Queue, now: datetime, limit: int) -> Select[int]:
    """The first rows of all."""
    waiting = select(queue.row_id).where(queue.waits(now)).order_by(*queue.order).limit(limit)
    return waiting.with_for_update(skip_locked=True)


def _of_each(
    session: Session, queue: Queue, now: datetime, turns: Sequence[int], share: int
) -> list[int]:
    """The first rows of each workspace, as many as its share."""
    if session.get_bind().dialect.name != "postgresql":
        return [
            row_id
            for workspace_id in turns
            for row_id in session.scalars(
                _first(queue, now, share).where(queue.workspace_id == workspace_id)
            )
        ]
    waiting = select(queue.row_id).where(_theirs(queue), queue.waits(now))
    theirs = (
        waiting.order_by(queue.workspace_id, *queue.order)
        .limit(share)
        .with_for_update(skip_locked=True)
        .correlate(Workspace)
        .lateral()
    )
    every = select(theirs.c[0]).select_from(Workspace).join(theirs, true())
    return list(session.scalars(every.where(Workspace.id.in_(turns))))


def _theirs(queue: Queue) -> ColumnElement[bool]:
    """A workspace's rows, to be ordered by their workspace first.

    Said as a range: of an equality PostgreSQL drops that order, and walks the index of everybody's
    rows, a million of them to find the one of a small workspace.
    """
    return queue.workspace_id.between(Workspace.id, Workspace.id)
