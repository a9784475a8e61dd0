"""Take-overs: who of the team talks with a customer in the survey's place, and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk, workspace_fk
from models.takeover_status import TakeoverStatus

_HELD = text("status = 'held'")


class Takeover(Base):
    """One person holds what an address writes to a sender; a partial unique index holds it.

    `conversation_id` is the survey's exchange that waits meanwhile, NULL where there is none.
    `until` is when it is handed back by itself, unless somebody writes before. `ended_by` is
    NULL where nobody ended it but time.
    """

    __tablename__ = "takeovers"
    __table_args__ = (
        one_of("status", TakeoverStatus),
        Index(
            "uq_takeovers_one_held",
            "workspace_id",
            "sender",
            "address",
            unique=True,
            sqlite_where=_HELD,
            postgresql_where=_HELD,
        ),
        Index("ix_takeovers_status_until", "status", "until"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    customer_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    conversation_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    sender: Mapped[str] = mapped_column(String(34))
    address: Mapped[str] = mapped_column(String(34))
    status: Mapped[str] = mapped_column(String(12), default=TakeoverStatus.HELD.value)
    taken_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
