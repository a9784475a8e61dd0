"""Quotas: how many answers or invitations are wanted of some customers in a period."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk, workspace_fk

COUNTED = ("answers", "invitations")
PERIODS = ("day", "week", "month", "quarter", "year", "ever")


class Quota(Base):
    """At most so many answers, or invitations, of a survey (None: of any) from a segment
    (None: from anybody) in each period; then asking stops until the next begins."""

    __tablename__ = "quotas"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        one_of("counted", COUNTED),
        one_of("period", PERIODS),
    )

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    key: Mapped[str] = mapped_column(String(63))
    survey_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("surveys.id", ondelete="CASCADE"), index=True
    )
    segment_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("segments.id", ondelete="CASCADE"), index=True
    )
    counted: Mapped[str] = mapped_column(String(12))
    period: Mapped[str] = mapped_column(String(8))
    most: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]


class QuotaUse(Base):
    """An invitation that was asked and counts in a quota's period; `began` is its first day."""

    __tablename__ = "quota_uses"
    __table_args__ = (Index("ix_quota_uses_quota_id_began", "quota_id", "began"),)

    invitation_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("invitations.id", ondelete="CASCADE"), primary_key=True
    )
    quota_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("quotas.id", ondelete="CASCADE"), primary_key=True
    )
    began: Mapped[date] = mapped_column(Date)
