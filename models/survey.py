"""Surveys, their immutable versions, and the triggers that ask them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk, workspace_fk

CHANNELS = ("sms", "web", "email", "whatsapp")
TRIGGER_KINDS = ("event", "date", "recurring", "campaign")
CAMPAIGN_STATES = ("draft", "running", "paused", "cancelled", "done")


class Survey(Base):
    """A survey; what is asked lies in its published versions.

    `worth`, 1 to 100: of several that wait for one customer the worthiest is asked first.
    `kind` is a word of the team's own, such as relationship; `contact_rules` stand over the
    workspace's (see surveys.contact_rules). `remind_after_seconds`: how long a silent customer
    is waited for, None: never reminded. `whatsapp` holds its templates (see
    surveys.whatsapp_templates), None: it has none.
    """

    __tablename__ = "surveys"
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    key: Mapped[str] = mapped_column(String(63))
    name: Mapped[str] = mapped_column(String(120))
    enabled: Mapped[bool] = mapped_column(Boolean, default=True)
    quarantine_days: Mapped[float] = mapped_column(default=90.0)
    worth: Mapped[int] = mapped_column(Integer, default=50, server_default="50")
    kind: Mapped[str | None] = mapped_column(String(40))
    contact_rules: Mapped[dict[str, Any] | None]
    remind_after_seconds: Mapped[int | None] = mapped_column(Integer)
    whatsapp: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]


class SurveyVersion(Base):
    """One published, immutable definition (see surveys.definition); responses point here."""

    __tablename__ = "survey_versions"
    __table_args__ = (UniqueConstraint("survey_id", "number"),)

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    survey_id: Mapped[int] = mapped_column(BigId, ForeignKey("surveys.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    definition: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]


class Trigger(Base):
    """What sets a survey off, for whom, when, and by which channels.

    `kind` event: on `event_name`, `delay_seconds` after it or after a date in it (below zero:
    before that date). The other kinds have an empty `event_name` and a row of `Appointment` for
    each customer: at a date that is an attribute of theirs, again and again, or once as a campaign.
    `timing` holds what a kind needs (see surveys.timing), `unless` what calls an invitation off,
    `window` the hours in which it may be sent, `other_channels` those tried after `channel`,
    divided by commas. Of the customers a share of `sample`, above 0 to 1, is asked: those whose
    lot for `sample_salt` (or the survey's key) lies below it. A campaign has a `state`; others
    only `enabled`. `seen_at` and `seen_id`: up to where customers have been looked through for
    appointments, `seen_all` when all have been.
    """

    __tablename__ = "triggers"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        one_of("channel", CHANNELS),
        Index("ix_triggers_workspace_id_event_name", "workspace_id", "event_name"),
        Index("ix_triggers_kind", "kind"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    key: Mapped[str] = mapped_column(String(63))
    kind: Mapped[str] = mapped_column(String(10), default="event", server_default="event")
    event_name: Mapped[str] = mapped_column(String(120))
    survey_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("surveys.id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[str] = mapped_column(String(20))
    other_channels: Mapped[str | None] = mapped_column(String(60))
    delay_seconds: Mapped[int] = mapped_column(Integer, default=0)
    expires_seconds: Mapped[int] = mapped_column(Integer, default=7 * 86400)
    filter: Mapped[dict[str, Any] | None]
    timing: Mapped[dict[str, Any] | None]
    unless: Mapped[list[Any] | None]
    window: Mapped[dict[str, Any] | None]
    sample: Mapped[float] = mapped_column(default=1.0, server_default="1")
    sample_salt: Mapped[str | None] = mapped_column(String(63))
    enabled: Mapped[bool] = mapped_column(Boolean, default=True)
    state: Mapped[str | None] = mapped_column(String(10))
    seen_at: Mapped[datetime | None]
    seen_id: Mapped[int] = mapped_column(BigId, default=0, server_default="0")
    seen_all: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    created_at: Mapped[datetime]


class Appointment(Base):
    """When a customer is next asked by a trigger that no event sets off.

    `due_at` NULL: asked, and not to be asked again. Found by (trigger, due time), so that a look
    at what is due costs the same however many customers there are.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        UniqueConstraint("trigger_id", "customer_id"),
        Index("ix_appointments_trigger_id_due_at", "trigger_id", "due_at"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE"), index=True
    )
    trigger_id: Mapped[int] = mapped_column(BigId, ForeignKey("triggers.id", ondelete="CASCADE"))
    customer_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    due_at: Mapped[datetime | None]
