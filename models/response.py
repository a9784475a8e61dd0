"""Responses, their answers, and the scores taken from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk
from models.status import ResponseStatus

METRICS = ("nps", "csat", "ces")
SCORE_CLASSES = (
    "promoter",
    "passive",
    "detractor",
    "satisfied",
    "unsatisfied",
    "easy",
    "not_easy",
)


class Response(Base):
    """What a customer said so far to one invitation, or one imported response.

    `state` is the flow engine's state (surveys.flow.State); `occurred_at` is when the thing
    asked about happened (the event's time), the time every report groups by.
    """

    __tablename__ = "responses"
    __table_args__ = (
        UniqueConstraint("invitation_id"),
        UniqueConstraint("workspace_id", "source", "external_id"),
        one_of("status", ResponseStatus),
        Index("ix_responses_report", "workspace_id", "touchpoint_id", "occurred_at"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    invitation_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("invitations.id", ondelete="CASCADE")
    )
    customer_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    survey_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("surveys.id", ondelete="CASCADE"), index=True
    )
    version_id: Mapped[int] = mapped_column(BigId, ForeignKey("survey_versions.id"))
    touchpoint_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("touchpoints.id", ondelete="SET NULL")
    )
    channel: Mapped[str] = mapped_column(String(20))
    language: Mapped[str | None] = mapped_column(String(35))
    source: Mapped[str] = mapped_column(String(40))
    external_id: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(10), default=ResponseStatus.OPEN.value)
    state: Mapped[dict[str, Any]]
    occurred_at: Mapped[datetime]
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]


class Answer(Base):
    """One answer per question of a response; revised in place.

    `value` is {"value": number|text|list|bool|null}; `comment` the free words that came with
    it. `scored_at` and `comment_at` NULL mean: not yet scored, words not yet handed to reading.
    """

    __tablename__ = "answers"
    __table_args__ = (
        UniqueConstraint("response_id", "question"),
        Index(
            "ix_answers_to_score",
            "id",
            postgresql_where=text("scored_at IS NULL"),
            sqlite_where=text("scored_at IS NULL"),
        ),
        Index(
            "ix_answers_turns",
            "workspace_id",
            "id",
            postgresql_where=text("scored_at IS NULL"),
            sqlite_where=text("scored_at IS NULL"),
        ),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    response_id: Mapped[int] = mapped_column(BigId, ForeignKey("responses.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(63))
    type: Mapped[str] = mapped_column(String(20))
    value: Mapped[dict[str, Any]]
    comment: Mapped[str | None] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(String(20))
    answered_at: Mapped[datetime]
    scored_at: Mapped[datetime | None]


class Score(Base):
    """A metric value taken from an answer; `value` is on the metric's own scale."""

    __tablename__ = "scores"
    __table_args__ = (
        UniqueConstraint("answer_id"),
        one_of("metric", METRICS),
        one_of("score_class", SCORE_CLASSES),
        Index("ix_scores_report", "workspace_id", "metric", "touchpoint_id", "occurred_at"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    response_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("responses.id", ondelete="CASCADE"), index=True
    )
    answer_id: Mapped[int] = mapped_column(BigId, ForeignKey("answers.id", ondelete="CASCADE"))
    touchpoint_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("touchpoints.id", ondelete="SET NULL")
    )
    metric: Mapped[str] = mapped_column(String(10))
    value: Mapped[float]
    scale_low: Mapped[float]
    scale_high: Mapped[float]
    score_class: Mapped[str] = mapped_column(String(20))
    occurred_at: Mapped[datetime]
