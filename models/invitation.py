"""Invitations and the decisions taken about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk
from models.status import InvitationStatus
from models.survey import CHANNELS

_BY_APPOINTMENT = text("period IS NOT NULL")
_WAITS = text("status = 'scheduled'")
_HELD = text("status = 'sending' AND claimed_until IS NOT NULL")
_OPEN = text("status IN ('sent', 'delivered')")
_NOT_ASKED = text("status IN ('suppressed', 'expired') AND rule IS NOT NULL")
_IN_EXPERIMENT = text("variant_id IS NOT NULL")


class Invitation(Base):
    """One survey offered to one customer because of one event (or by hand: both NULL).

    `token` makes the short link; `due_at` is when it may be asked; past `expires_at` it
    is not asked any more. `claimed_until` is a worker's lease while status is `sending`.
    `channel` is the one it is asked by now, `other_channels` those left to try after it, divided
    by commas. `period` says which of a customer's appointments it is, as the day's number.
    `variant_id` is the way of asking that an experiment gave it; no foreign key, since that would
    build the table anew on SQLite, and variants are never taken away.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("trigger_id", "event_id"),
        UniqueConstraint("token"),
        one_of("status", InvitationStatus),
        one_of("channel", CHANNELS),
        Index("ix_invitations_due", "due_at", postgresql_where=_WAITS, sqlite_where=_WAITS),
        Index("ix_invitations_held", "claimed_until", postgresql_where=_HELD, sqlite_where=_HELD),
        Index(
            "ix_invitations_good_until", "expires_at", postgresql_where=_OPEN, sqlite_where=_OPEN
        ),
        Index(
            "ix_invitations_not_asked",
            *("workspace_id", "status_at", "rule", "survey_id", "channel"),
            postgresql_where=_NOT_ASKED,
            sqlite_where=_NOT_ASKED,
        ),
        Index(
            "ix_invitations_turns",
            "workspace_id",
            "due_at",
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
        Index("ix_invitations_customer_id_sent_at", "customer_id", "sent_at"),
        Index("ix_invitations_workspace_id_created_at", "workspace_id", "created_at"),
        Index(
            "ix_invitations_variant_id",
            "variant_id",
            "customer_id",
            "id",
            sqlite_where=_IN_EXPERIMENT,
            postgresql_where=_IN_EXPERIMENT,
        ),
        Index(
            "uq_invitations_appointment",
            "trigger_id",
            "customer_id",
            "period",
            unique=True,
            sqlite_where=_BY_APPOINTMENT,
            postgresql_where=_BY_APPOINTMENT,
        ),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    trigger_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("triggers.id", ondelete="SET NULL")
    )
    event_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("events.id", ondelete="CASCADE"), index=True
    )
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customers.id", ondelete="CASCADE"))
    survey_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("surveys.id", ondelete="CASCADE"), index=True
    )
    version_id: Mapped[int] = mapped_column(BigId, ForeignKey("survey_versions.id"))
    touchpoint_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("touchpoints.id", ondelete="SET NULL")
    )
    variant_id: Mapped[int | None] = mapped_column(BigId)
    channel: Mapped[str] = mapped_column(String(20))
    other_channels: Mapped[str | None] = mapped_column(String(60))
    period: Mapped[int | None] = mapped_column(Integer)
    token: Mapped[str] = mapped_column(String(22))
    status: Mapped[str] = mapped_column(String(20), default=InvitationStatus.SCHEDULED.value)
    rule: Mapped[str | None] = mapped_column(String(60))
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    status_at: Mapped[datetime]
    created_at: Mapped[datetime]


class Decision(Base):
    """One eligibility check: `ask`, `wait` (until when) or `refuse`, the rule and its facts."""

    __tablename__ = "decisions"
    __table_args__ = (one_of("outcome", ("ask", "wait", "refuse")),)

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    invitation_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("invitations.id", ondelete="CASCADE"), index=True
    )
    outcome: Mapped[str] = mapped_column(String(10))
    rule: Mapped[str | None] = mapped_column(String(60))
    detail: Mapped[str] = mapped_column(String(300), default="")
    until: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]]
    decided_at: Mapped[datetime]
