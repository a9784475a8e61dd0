"""How long a workspace keeps what grows with every customer, and how far the forgetting is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId

FEWEST_DAYS = 30
MOST_DAYS = 36_500


def _days(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} BETWEEN {FEWEST_DAYS} AND {MOST_DAYS}", name=f"{column}_sane")


class Retention(Base):
    """Days after which decisions, events and the words of messages go; NULL keeps them.

    A cursor is the newest id that was looked at, `looked_at` when all of it was done last.
    """

    __tablename__ = "retentions"
    __table_args__ = tuple(map(_days, ("decision_days", "event_days", "message_days")))

    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    decision_days: Mapped[int | None] = mapped_column(Integer)
    event_days: Mapped[int | None] = mapped_column(Integer)
    message_days: Mapped[int | None] = mapped_column(Integer)
    decision_cursor: Mapped[int] = mapped_column(BigId, default=0)
    event_cursor: Mapped[int] = mapped_column(BigId, default=0)
    message_cursor: Mapped[int] = mapped_column(BigId, default=0)
    looked_at: Mapped[datetime | None]
