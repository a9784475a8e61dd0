"""Experiments: ways of asking that are tried beside each other on one trigger."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk, workspace_fk
from models.survey import CHANNELS

EXPERIMENT_STATES = ("draft", "running", "stopped")
_RUNNING = text("state = 'running'")


class Experiment(Base):
    """Customers are divided among its variants by a stable hash of `salt` and their id.

    One at a time runs on a trigger. `applied` is the key of the variant that somebody made
    the rule afterwards.
    """

    __tablename__ = "experiments"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        one_of("state", EXPERIMENT_STATES),
        Index(
            "uq_experiments_one_running",
            "trigger_id",
            unique=True,
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
    )

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    trigger_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("triggers.id", ondelete="CASCADE"), index=True
    )
    key: Mapped[str] = mapped_column(String(63))
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    salt: Mapped[str] = mapped_column(String(32))
    applied: Mapped[str | None] = mapped_column(String(63))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class Variant(Base):
    """One way of asking: what it has in place of the trigger's own; NULL: as the trigger has it.

    The first by `place` is the control. `weight` is its share of customers against the other
    weights. `hour` is the hour of the customer's own day. Other words, or an incentive, are another
    survey.
    """

    __tablename__ = "variants"
    __table_args__ = (
        UniqueConstraint("experiment_id", "key"),
        CheckConstraint("weight > 0", name="weight_positive"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour_of_a_day"),
        CheckConstraint("delay_seconds >= 0", name="delay_not_negative"),
        one_of("channel", CHANNELS),
    )

    id: Mapped[pk]
    experiment_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("experiments.id", ondelete="CASCADE")
    )
    key: Mapped[str] = mapped_column(String(63))
    name: Mapped[str] = mapped_column(String(120))
    place: Mapped[int] = mapped_column(Integer)
    weight: Mapped[int] = mapped_column(Integer, default=1)
    survey_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("surveys.id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[str | None] = mapped_column(String(20))
    delay_seconds: Mapped[int | None] = mapped_column(Integer)
    hour: Mapped[int | None] = mapped_column(Integer)
