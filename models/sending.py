"""What is known of senders and of numbers: how fast, whether at all, and why not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    Integer,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, pk


class SenderState(Base):
    """How a sender of a provider is doing; one row where there is something to say of it.

    `per_second` is the limit that the team set, None: none. `next_at` is up to when the limit
    is used up. After a throttle `slowed_per_second` holds until `slowed_until`. Nothing is
    handed over before `paused_until`; `failures` counts those in a row, and `reason` is the
    code of the last. `alarm_code` is a trouble that only the team can mend; `unproven`: a
    receipt told of it, so that to be taken by the provider does not show that it is over.
    """

    __tablename__ = "sender_states"
    __table_args__ = (
        UniqueConstraint("provider", "sender"),
        CheckConstraint("per_second > 0", name="per_second_positive"),
    )

    id: Mapped[pk]
    provider: Mapped[str] = mapped_column(String(20))
    sender: Mapped[str] = mapped_column(String(34))
    per_second: Mapped[float | None] = mapped_column(Float)
    next_at: Mapped[datetime | None]
    slowed_per_second: Mapped[float | None] = mapped_column(Float)
    slowed_until: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str | None] = mapped_column(String(20))
    alarm_code: Mapped[str | None] = mapped_column(String(20))
    alarm_at: Mapped[datetime | None]
    unproven: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


class Suppression(Base):
    """A number or e-mail address that can't be reached, the code that says why, since when."""

    __tablename__ = "suppressions"
    __table_args__ = (UniqueConstraint("workspace_id", "address"),)

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    address: Mapped[str] = mapped_column(String(254))
    code: Mapped[str] = mapped_column(String(20))
    occurred_at: Mapped[datetime]
