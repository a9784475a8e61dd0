"""Which periods of a workspace have comments enough for a run, and which one is looked at first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from feedback.spoken import READ_IN_ENGLISH
from feedback.topics.periods import (
    Span,
    added,
    key_of,
    month,
    month_key,
    months_back,
    quarter,
    quarter_key,
    read_key,
)
from models.reading import Comment
from models.topic import TopicRun
from models.workspace import Workspace
from surveys.schedule import zone_of

LEAST = 50
"""Comments that were read in a period that can be chosen."""
ENOUGH = 500
"""Comments from which a month speaks for itself; with fewer, its quarter says more."""
MONTHS = 24
MOST_RUNS = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """A whole month or quarter that has comments enough."""

    key: str
    span: Span
    comments: int


def choices(session: Session, workspace: Workspace, now: datetime) -> list[Choice]:
    """The whole months and quarters of the last two years with comments, the newest first.

    The two years end now, or with the quarter of the last comment. A period that still goes on
    is left out: its answer would change every day.
    """
    zone = zone_of(workspace.timezone)
    last = session.scalar(
        select(func.max(Comment.occurred_at)).where(
            Comment.workspace_id == workspace.id, READ_IN_ENGLISH
        )
    )
    if last is None:
        return []
    spoken = last.astimezone(zone).date().replace(day=1)
    quarter_end = added(spoken, 3 - (spoken.month - 1) % 3)
    until = min(now, month(quarter_end, zone).start)
    firsts = list(months_back(until, zone, MONTHS))
    counts = _by_month(session, workspace, firsts)
    found = [Choice(month_key(one), month(one, zone), counts[one]) for one in firsts]
    for first in firsts:
        parts = [added(first, place) for place in range(3)]
        if first.month % 3 == 1 and parts[-1] in counts:
            many = sum(counts[part] for part in parts)
            found.append(Choice(quarter_key(first), quarter(first, zone), many))
    enough = [one for one in found if one.comments >= LEAST]
    return sorted(enough, key=lambda one: (one.span.end, one.span.start), reverse=True)


def others(session: Session, workspace: Workspace, known: Sequence[Choice]) -> list[Choice]:
    """The other periods that somebody had a run of, the latest first."""
    zone = zone_of(workspace.timezone)
    mine = select(TopicRun).where(TopicRun.workspace_id == workspace.id)
    found: dict[str, Choice] = {}
    for run in session.scalars(mine.order_by(TopicRun.id.desc()).limit(MOST_RUNS)):
        span = Span(run.before_at, run.starts_at, run.ends_at)
        key = key_of(span, zone)
        if read_key(key, zone) == span and key not in {one.key for one in known}:
            found.setdefault(key, Choice(key, span, run.comments))
    return list(found.values())


def first_choice(found: Sequence[Choice]) -> Choice | None:
    """The last whole month that has comments enough, or the last such quarter, else the last of
    all; None where there is none.
    """
    plenty = [one for one in found if one.comments >= ENOUGH]
    quarters = [one for one in found if "Q" in one.key]
    return next(iter((*plenty, *quarters, *found)), None)


def _by_month(session: Session, workspace: Workspace, firsts: Sequence[date]) -> dict[date, int]:
    """Comments that were read, by month, in one query."""
    zone = zone_of(workspace.timezone)
    spans = [month(first, zone) for first in firsts]
    counted = [
        func.count(case(((Comment.occurred_at >= s.start) & (Comment.occurred_at < s.end), 1)))
        for s in spans
    ]
    ends = (Comment.occurred_at >= spans[-1].start, Comment.occurred_at < spans[0].end)
    query = select(*counted).where(Comment.workspace_id == workspace.id, READ_IN_ENGLISH, *ends)
    return dict(zip(firsts, session.execute(query).one(), strict=True))
