"""Conversations: the open SMS exchange with one address on one sender number."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk
from models.status import ConversationStatus

_ONE_OPEN = text("status = 'open'")


class Conversation(Base):
    """At most one is open per (workspace, sender, address): a partial unique index holds it."""

    __tablename__ = "conversations"
    __table_args__ = (
        one_of("status", ConversationStatus),
        Index(
            "uq_conversations_one_open",
            "workspace_id",
            "sender",
            "address",
            unique=True,
            sqlite_where=_ONE_OPEN,
            postgresql_where=_ONE_OPEN,
        ),
        Index("ix_conversations_status_expires_at", "status", "expires_at"),
        Index("ix_conversations_address", "workspace_id", "address", "sender", "opened_at"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    customer_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    invitation_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("invitations.id", ondelete="CASCADE"), index=True
    )
    response_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("responses.id", ondelete="CASCADE"), index=True
    )
    sender: Mapped[str] = mapped_column(String(34))
    address: Mapped[str] = mapped_column(String(34))
    status: Mapped[str] = mapped_column(String(10), default=ConversationStatus.OPEN.value)
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
