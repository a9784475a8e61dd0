"""Runs of emerging topics, the topics each found, and the comments that speak of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, JSONDocument, one_of, pk, workspace_fk
from models.topic_status import TopicRunStatus

TRENDS = ("new", "growing", "fading", "steady", "unsure")
ORIGINS = ("page", "command", "clock")
_UNFINISHED = text("status IN ('queued', 'running')")


class TopicRun(Base):
    """One look at what comments of a period speak of beside the themes.

    [`starts_at`, `ends_at`) is the period, [`before_at`, `starts_at`) the one it is compared with.
    `settings` are what the answer depends on beside the comments, the seed among them; `model` is
    the encoder's. The counts are of comments that were read: `comments` of the period, `uncovered`
    those no theme covers, and the same of the period before; `unread` wait to be read, and
    `drawn` is how many of a period were looked at where there were more. `attempts` rises with
    each claim, so that who lost its claim can't write. Unfinished runs of one period are one.
    """

    __tablename__ = "topic_runs"
    __table_args__ = (
        one_of("status", TopicRunStatus),
        one_of("origin", ORIGINS),
        CheckConstraint("before_at < starts_at AND starts_at < ends_at", name="period_ordered"),
        CheckConstraint("status <> 'failed' OR error IS NOT NULL", name="failed_why"),
        CheckConstraint(
            "status <> 'done' OR (finished_at IS NOT NULL AND model IS NOT NULL)", name="done_whole"
        ),
        Index(
            "uq_topic_runs_one_unfinished",
            "workspace_id",
            "starts_at",
            "ends_at",
            unique=True,
            sqlite_where=_UNFINISHED,
            postgresql_where=_UNFINISHED,
        ),
        Index("ix_topic_runs_period", "workspace_id", "starts_at", "ends_at", "id"),
        Index(
            "ix_topic_runs_owed",
            "created_at",
            sqlite_where=_UNFINISHED,
            postgresql_where=_UNFINISHED,
        ),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    user_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    origin: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10), default=TopicRunStatus.QUEUED.value)
    before_at: Mapped[datetime]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    settings: Mapped[dict[str, Any]]
    model: Mapped[str | None] = mapped_column(String(60))
    comments: Mapped[int] = mapped_column(Integer, default=0)
    uncovered: Mapped[int] = mapped_column(Integer, default=0)
    comments_before: Mapped[int] = mapped_column(Integer, default=0)
    uncovered_before: Mapped[int] = mapped_column(Integer, default=0)
    unread: Mapped[int] = mapped_column(Integer, default=0)
    drawn: Mapped[int] = mapped_column(Integer, default=0)
    drawn_before: Mapped[int] = mapped_column(Integer, default=0)
    done_rows: Mapped[int] = mapped_column(Integer, default=0)
    total_rows: Mapped[int] = mapped_column(Integer, default=0)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    claimed_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)


class Topic(Base):
    """One topic of a run: its telling words, and how many comments of each period speak of it.

    Counts are of the comments that were looked at (`drawn`, `drawn_before` of the run); `low`
    and `high` bound the difference of its shares (95%). `negative`, `neutral` and `positive`
    count those of the period by how they feel.
    """

    __tablename__ = "topics"
    __table_args__ = (
        one_of("trend", TRENDS),
        Index("ix_topics_run_id", "run_id", "position", unique=True),
    )

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    run_id: Mapped[int] = mapped_column(BigId, ForeignKey("topic_runs.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    words: Mapped[list[str]] = mapped_column(JSONDocument)
    now: Mapped[int] = mapped_column(Integer)
    before: Mapped[int] = mapped_column(Integer)
    trend: Mapped[str] = mapped_column(String(10))
    low: Mapped[float]
    high: Mapped[float]
    negative: Mapped[int] = mapped_column(Integer)
    neutral: Mapped[int] = mapped_column(Integer)
    positive: Mapped[int] = mapped_column(Integer)


class TopicComment(Base):
    """A comment that speaks of a topic; it goes when the comment goes.

    `place` says how near it is to the topic's middle, 0 the nearest; `quote` its place among the
    quotes, NULL where it is none.
    """

    __tablename__ = "topic_comments"

    topic_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True
    )
    comment_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    workspace_id: Mapped[workspace_fk]
    place: Mapped[int] = mapped_column(Integer)
    quote: Mapped[int | None] = mapped_column(Integer)
