"""The additive statistics: sums by touchpoint, day and slice, and what must be counted again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, pk

EVERYBODY = 0
"""The segment of all customers, and of nobody known."""

TOTAL = "*"
"""The channel and the language of a row that holds all of them together (survey 0)."""


class StatisticCell(Base):
    """The sums of one slice of one stretch of days, of up to 32 touchpoints (a shelf of ids).

    A stretch is 4**`level` days long: days `node` * 4**`level` and on, as Python's ordinals, in
    the workspace's own zone. `reach` and `rest` are packed sums (feedback.cells.packed).
    """

    __tablename__ = "statistic_cells"

    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    segment_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    node: Mapped[int] = mapped_column(Integer, primary_key=True)
    shelf: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    survey_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    reach: Mapped[bytes] = mapped_column(LargeBinary)
    rest: Mapped[bytes] = mapped_column(LargeBinary)


class StatisticMark(Base):
    """Something changed: at a touchpoint in an hour (UTC), in a customer, or in the definitions.

    Database triggers write the marks (models.marking), in the transaction of the change; without
    foreign keys, since what they speak of may be gone. All three NULL: the definitions changed.
    """

    __tablename__ = "statistic_marks"
    __table_args__ = (
        Index("ix_statistic_marks_place", "workspace_id", "touchpoint_id", "hour"),
        Index("ix_statistic_marks_customer", "workspace_id", "customer_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(BigId)
    touchpoint_id: Mapped[int | None] = mapped_column(BigId)
    hour: Mapped[str | None] = mapped_column(String(13))
    customer_id: Mapped[int | None] = mapped_column(BigId)


class StatisticState(Base):
    """How far a workspace's statistics are.

    `base` names the definitions that all cells are of ('' while they are counted anew) and
    `segments` the filters, by segment id, that the segments' cells are of. `building` is what a
    rebuild under way builds, `customer_cursor` and `day_cursor` how far it is, `last_day` its
    end. `version` rises with each write, so that of two workers one gives way. `taken` is the
    newest mark that a worker has looked at. `panel_share` says which customers are in the panel
    (feedback.panel.draw).
    """

    __tablename__ = "statistic_states"

    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    base: Mapped[str] = mapped_column(String(64), default="")
    segments: Mapped[dict[str, Any]]
    building: Mapped[dict[str, Any] | None]
    customer_cursor: Mapped[int | None] = mapped_column(BigId)
    first_day: Mapped[int | None] = mapped_column(Integer)
    day_cursor: Mapped[int | None] = mapped_column(Integer)
    last_day: Mapped[int | None] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer, default=0)
    taken: Mapped[int] = mapped_column(BigId, default=0)
    built_at: Mapped[datetime | None]
    panel_share: Mapped[int] = mapped_column(Integer, default=0)


class StatisticPanel(Base):
    """What the customers of the panel answered on one day, in the workspace's own zone.

    `day` is Python's ordinal, `answers` how many there are, `pack` holds them
    (feedback.panel.answers).
    """

    __tablename__ = "statistic_panels"

    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[int] = mapped_column(Integer, primary_key=True)
    answers: Mapped[int] = mapped_column(Integer)
    pack: Mapped[bytes] = mapped_column(LargeBinary)


class SegmentMember(Base):
    """A customer whom a segment's filter matches, as last looked at."""

    __tablename__ = "segment_members"

    customer_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True
    )
    segment_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("segments.id", ondelete="CASCADE"), primary_key=True, index=True
    )
