"""What a team wants of a journey's scores, what others reach, and what a point is worth."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk
from models.response import METRICS


class ScoreGoal(Base):
    """One metric of one journey: a target, a benchmark, and the worth of a point.

    `target` and `benchmark` are on the metric's own scale; `benchmark_name` says whose it is.
    `point_value` is what one point more of this score is worth to the company in a month, in
    `currency` (three letters). Each may be missing.
    """

    __tablename__ = "score_goals"
    __table_args__ = (
        UniqueConstraint("journey_id", "metric"),
        one_of("metric", METRICS),
        CheckConstraint("(point_value IS NULL) = (currency IS NULL)", name="worth_whole"),
        CheckConstraint("point_value > 0", name="worth_positive"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE"), index=True
    )
    journey_id: Mapped[int] = mapped_column(BigId, ForeignKey("journeys.id", ondelete="CASCADE"))
    metric: Mapped[str] = mapped_column(String(10))
    target: Mapped[float | None]
    benchmark: Mapped[float | None]
    benchmark_name: Mapped[str | None] = mapped_column(String(80))
    point_value: Mapped[float | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    updated_at: Mapped[datetime]
