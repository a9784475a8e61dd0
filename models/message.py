"""Messages: every SMS and e-mail out or in, with what the provider said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk

SERVICE_KINDS = ("stop", "start", "help", "unprompted")
SPOKEN = ("question", "again", "thanks", "reply", "reminder", "person")
KINDS = ("invitation", *SPOKEN, *SERVICE_KINDS)
_PENDING = text("status = 'pending'")
_BORROWED = text("via IS NOT NULL")
_FOLLOWED = text("follow_at IS NOT NULL")


class Message(Base):
    """One SMS or e-mail. Outbound rows exist before any provider hears of them.

    `step` names what is said once and only once within `dedupe_scope` (an invitation's or
    an inbound message's id), so that (dedupe_scope, step) is the guard against texting twice.
    An unknown provider status is kept in `provider_status` as it came.
    `priority`: 0 replies, 5 invitations, 7 those of campaigns. `kind` is `person` where somebody
    of the team wrote it, or where a customer wrote to them. `content_sid` is the provider's
    template that it was made from, `content_variables` what is filled in, as JSON; `body` is then
    what the two come to. `letter` is what an e-mail is written from; it has no segments.
    `via` is the sender that a message really leaves by or came in at where a fall-back stood in
    for `sender`; `account` the provider's account that it was handed to. At `follow_at` the
    provider is asked what became of it, as no receipt came; `asked` counts how often that was.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("workspace_id", "provider", "provider_id"),
        UniqueConstraint("workspace_id", "dedupe_scope", "step"),
        one_of("direction", ("in", "out")),
        one_of("kind", KINDS),
        CheckConstraint("segments >= 0", name="segments_not_negative"),
        Index("ix_messages_outbox", "status", "provider", "sender", "priority", "id"),
        Index(
            "ix_messages_turns",
            "workspace_id",
            "priority",
            "id",
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
        Index(
            "ix_messages_via",
            "status",
            "provider",
            "via",
            "priority",
            "id",
            sqlite_where=_BORROWED,
            postgresql_where=_BORROWED,
        ),
        Index(
            "ix_messages_follow_at",
            "follow_at",
            sqlite_where=_FOLLOWED,
            postgresql_where=_FOLLOWED,
        ),
        Index("ix_messages_workspace_id_address", "workspace_id", "address", "id"),
        Index("ix_messages_workspace_id_id", "workspace_id", "id"),
        Index("ix_messages_provider_id", "provider_id"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    customer_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    invitation_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("invitations.id", ondelete="CASCADE"), index=True
    )
    conversation_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    direction: Mapped[str] = mapped_column(String(3))
    kind: Mapped[str] = mapped_column(String(20))
    dedupe_scope: Mapped[str | None] = mapped_column(String(80))
    step: Mapped[str | None] = mapped_column(String(80))
    sender: Mapped[str] = mapped_column(String(34))
    via: Mapped[str | None] = mapped_column(String(34))
    address: Mapped[str] = mapped_column(String(254))
    body: Mapped[str] = mapped_column(Text)
    letter: Mapped[dict[str, Any] | None]
    content_sid: Mapped[str | None] = mapped_column(String(34))
    content_variables: Mapped[str | None] = mapped_column(Text)
    segments: Mapped[int] = mapped_column(Integer, default=1)
    status: Mapped[str] = mapped_column(String(30))
    provider: Mapped[str] = mapped_column(String(20))
    provider_id: Mapped[str | None] = mapped_column(String(64))
    provider_status: Mapped[str | None] = mapped_column(String(40))
    account: Mapped[str | None] = mapped_column(String(34))
    error_code: Mapped[str | None] = mapped_column(String(20))
    priority: Mapped[int] = mapped_column(Integer, default=5)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    claimed_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    created_at: Mapped[datetime]
    attempted_at: Mapped[datetime | None]
    status_at: Mapped[datetime]
    follow_at: Mapped[datetime | None]
    asked: Mapped[int] = mapped_column(Integer, server_default="0")
