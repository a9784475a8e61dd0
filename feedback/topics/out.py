"""A run and its topics as people and programs read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.shapes import Shape
from feedback.statistics.intervals import wilson
from feedback.topics.periods import Span, words, words_before
from models.reading import Comment
from models.topic import Topic, TopicComment, TopicRun
from models.workspace import Workspace
from nlp.redaction import redacted
from surveys.schedule import zone_of

QUOTES = 3


class _Out(Shape):
    model_config = ConfigDict(frozen=True, populate_by_name=True)


class Share(_Out):
    """A part of the comments of a period, with its 95% interval."""

    comments: int
    of: int
    share: float
    low: float
    high: float


class Difference(_Out):
    """The share now less the share before, with its 95% interval."""

    value: float
    low: float
    high: float


class Quote(_Out):
    """A comment without its personal data."""

    comment: int
    text: str


class TopicOut(_Out):
    """One topic: `trend` is new, growing, fading, steady or unsure; `sentiment` counts comments
    of the period.
    """

    id: int
    name: str
    words: list[str]
    now: Share
    before: Share
    trend: str
    difference: Difference
    sentiment: dict[str, int]
    quotes: list[Quote]


class PeriodOut(_Out):
    """From a time until just before another, in UTC, and how people call it."""

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    words: str


class RunOut(_Out):
    """A run: its period, what it was compared with, its counts, and its topics, largest first."""

    run: int
    workspace: str
    status: str
    error: str | None
    period: PeriodOut
    before: PeriodOut
    asked_at: datetime
    finished_at: datetime | None
    model: str | None
    comments: int
    uncovered: int
    drawn: int
    comments_before: int
    uncovered_before: int
    drawn_before: int
    unread: int
    done_rows: int
    total_rows: int
    settings: dict[str, object]
    topics: list[TopicOut]


def out(session: Session, workspace: Workspace, run: TopicRun) -> RunOut:
    """The run with its topics; quotes have gone through the redaction door."""
    span, zone = span_of_run(run), zone_of(workspace.timezone)
    names = ("status", "error", "finished_at", "model", "unread", "done_rows", "total_rows")
    counts = ("comments", "uncovered", "drawn")
    kept = (*names, "settings", *counts, *(f"{name}_before" for name in counts))
    return RunOut(
        run=run.id,
        workspace=workspace.name,
        period=PeriodOut(start=span.start, end=span.end, words=words(span, zone)),
        before=PeriodOut(start=span.before, end=span.start, words=words_before(span, zone)),
        asked_at=run.created_at,
        topics=_topics(session, run),
        **{name: getattr(run, name) for name in kept},
    )


def span_of_run(run: TopicRun) -> Span:
    """The period of a run."""
    return Span(run.before_at, run.starts_at, run.ends_at)


def name_of(telling: Sequence[str]) -> str:
    """A topic's name: its telling words, as a heading is written."""
    name = ", ".join(telling)
    return name[:1].upper() + name[1:]


def _topics(session: Session, run: TopicRun) -> list[TopicOut]:
    mine = select(Topic).where(Topic.run_id == run.id).order_by(Topic.position)
    rows = session.scalars(mine).all()
    quoted = _quotes(session, [row.id for row in rows])
    return [_topic(run, row, quoted.get(row.id, [])) for row in rows]


def _topic(run: TopicRun, row: Topic, quotes: list[Quote]) -> TopicOut:
    now, before = share(row.now, run.drawn), share(row.before, run.drawn_before)
    return TopicOut(
        id=row.id,
        name=name_of(row.words),
        words=row.words,
        now=now,
        before=before,
        trend=row.trend,
        difference=Difference(value=now.share - before.share, low=row.low, high=row.high),
        sentiment={name: getattr(row, name) for name in ("negative", "neutral", "positive")},
        quotes=quotes,
    )


def share(count: int, n: int) -> Share:
    """A share with its interval; of nothing, anything is possible."""
    low, high = wilson(count, n) if n else (0.0, 1.0)
    return Share(comments=count, of=n, share=count / n if n else 0.0, low=low, high=high)


def _quotes(session: Session, topics: Sequence[int]) -> Mapping[int, list[Quote]]:
    """Up to three quotes of each topic."""
    query = (
        select(TopicComment.topic_id, Comment.id, Comment.text)
        .join(Comment, Comment.id == TopicComment.comment_id)
        .where(TopicComment.topic_id.in_(topics), TopicComment.quote.is_not(None))
        .order_by(TopicComment.topic_id, TopicComment.quote)
    )
    found: dict[int, list[Quote]] = defaultdict(list)
    for row in session.execute(query):
        if len(found[row.topic_id]) < QUOTES:
            found[row.topic_id].append(Quote(comment=row.id, text=redacted(row.text).strip()))
    return found
