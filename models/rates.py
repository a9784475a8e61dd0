"""Who was asked and who answered, counted by touchpoint, day and slice, and what changed since."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, pk


class RateCell(Base):
    """The invitations that were made in one stretch of days, of one slice, and their fate.

    A stretch is 4**`level` days long: days `node` * 4**`level` and on, as Python's ordinals, in
    the workspace's own zone. `segment_id` is 0 for everybody. `asked` are those that were sent,
    `delivered` those not known to be lost, `answered` those of which anything was said,
    `completed` those answered to the end, `waiting` those that wait for the customer.
    """

    __tablename__ = "rate_cells"

    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    segment_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    node: Mapped[int] = mapped_column(Integer, primary_key=True)
    touchpoint_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    survey_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    asked: Mapped[int] = mapped_column(Integer)
    delivered: Mapped[int] = mapped_column(Integer)
    answered: Mapped[int] = mapped_column(Integer)
    completed: Mapped[int] = mapped_column(Integer)
    waiting: Mapped[int] = mapped_column(Integer)


class RateMark(Base):
    """The fate of an invitation made at a touchpoint in an hour (UTC) changed.

    Database triggers write the marks (models.marking), in the transaction of the change; without
    foreign keys, since what they speak of may be gone.
    """

    __tablename__ = "rate_marks"
    __table_args__ = (
        Index("ix_rate_marks_place", "workspace_id", "touchpoint_id", "hour"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(BigId)
    touchpoint_id: Mapped[int] = mapped_column(BigId)
    hour: Mapped[str] = mapped_column(String(13))
