"""Comments, what is understood of them, and the mentions inside them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk

SENTIMENTS = ("negative", "neutral", "positive")
READ_STATES = ("waiting", "read", "not_read")
SOURCES = ("model", "person")
UNREAD: dict[str, Any] = {
    "read_state": "waiting",
    "claimed_until": None,
    "read_at": None,
    "model": None,
    "language": None,
    "sentiment": None,
    "sentiment_score": None,
    "probabilities": None,
    "emotions": None,
    "themes": None,
    "urgency": None,
    "risks": None,
    "urgent": False,
    "wants_contact": False,
    "model_reading": None,
    "reread_at": None,
}
"""A reading's columns while nobody has read the words, or has read others."""


class Comment(Base):
    """A piece of free text to understand, and the reading of it once there is one.

    The reading's columns are NULL until `read_state` leaves `waiting`; `text_hash` lets a
    reading be dropped when the text changed meanwhile. `attached_by` says why the comment
    belongs to its touchpoint (`event`, `import`, `latest_event`) or why to none.

    The columns hold what counts. Where a person corrected it, `model_reading` keeps what the
    model itself says (feedback.corrections.reading); else it is NULL. `reread_at` is when
    somebody asked for another reading; the old one counts until that is written.

    `urgency` is the probability that somebody is needed today, `urgent` whether that is enough
    to say so, and `risks` why (nlp.labels.RISKS with their probabilities). `wants_contact` says
    that the words ask to be contacted (surveys.contact_wishes).
    """

    __tablename__ = "comments"
    __table_args__ = (
        UniqueConstraint("workspace_id", "source", "external_id"),
        one_of("read_state", READ_STATES),
        one_of("sentiment", SENTIMENTS),
        CheckConstraint(
            "(read_state <> 'read') OR (sentiment IS NOT NULL AND sentiment_score IS NOT NULL "
            "AND model IS NOT NULL AND read_at IS NOT NULL)",
            name="reading_whole",
        ),
        Index("ix_comments_read_state", "read_state", "id"),
        Index(
            "ix_comments_turns",
            "workspace_id",
            "id",
            postgresql_where=text("read_state = 'waiting'"),
            sqlite_where=text("read_state = 'waiting'"),
        ),
        Index("ix_comments_report", "workspace_id", "touchpoint_id", "occurred_at"),
        Index("ix_comments_when", "workspace_id", "occurred_at"),
        Index("ix_comments_language", "workspace_id", "language"),
        Index("ix_comments_feeling", "workspace_id", "sentiment_score"),
        Index(
            "ix_comments_reread",
            "id",
            postgresql_where=text("reread_at IS NOT NULL"),
            sqlite_where=text("reread_at IS NOT NULL"),
        ),
        Index(
            "ix_comments_urgent",
            "workspace_id",
            "occurred_at",
            postgresql_where=text("urgent"),
            sqlite_where=text("urgent = 1"),
        ),
        Index(
            "ix_comments_needed",
            "workspace_id",
            "occurred_at",
            postgresql_where=text("urgent OR wants_contact"),
            sqlite_where=text("urgent = 1 OR wants_contact = 1"),
        ),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    response_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("responses.id", ondelete="CASCADE"), index=True
    )
    answer_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("answers.id", ondelete="CASCADE"), index=True
    )
    customer_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    touchpoint_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("touchpoints.id", ondelete="SET NULL")
    )
    attached_by: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(40))
    external_id: Mapped[str] = mapped_column(String(200))
    question: Mapped[str | None] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(64))
    occurred_at: Mapped[datetime]
    created_at: Mapped[datetime]
    read_state: Mapped[str] = mapped_column(String(10), default="waiting")
    claimed_until: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    model: Mapped[str | None] = mapped_column(String(60))
    language: Mapped[str | None] = mapped_column(String(8))
    sentiment: Mapped[str | None] = mapped_column(String(10))
    sentiment_score: Mapped[float | None]
    probabilities: Mapped[dict[str, Any] | None]
    emotions: Mapped[dict[str, Any] | None]
    themes: Mapped[dict[str, Any] | None]
    urgency: Mapped[float | None]
    risks: Mapped[dict[str, Any] | None]
    urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    wants_contact: Mapped[bool] = mapped_column(default=False, server_default=false())
    model_reading: Mapped[dict[str, Any] | None]
    reread_at: Mapped[datetime | None]


class Mention(Base):
    """A stretch [start, end) of a comment that speaks of one theme with one sentiment.

    `source` says whose word it is: the model's or a person's.
    """

    __tablename__ = "mentions"
    __table_args__ = (
        one_of("sentiment", SENTIMENTS),
        one_of("source", SOURCES),
        CheckConstraint('"start" >= 0 AND "end" >= "start"', name="span_ordered"),
        Index("ix_mentions_report", "workspace_id", "theme", "sentiment", "comment_id"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    comment_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    response_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("responses.id", ondelete="CASCADE"), index=True
    )
    start: Mapped[int] = mapped_column(Integer)
    end: Mapped[int] = mapped_column(Integer)
    theme: Mapped[str] = mapped_column(String(63))
    sentiment: Mapped[str] = mapped_column(String(10))
    sentiment_score: Mapped[float]
    source: Mapped[str] = mapped_column(String(10), default="model", server_default="model")
