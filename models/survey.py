"""Surveys, their immutable versions, and the triggers that ask them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk, workspace_fk

CHANNELS = ("sms", "web", "email", "whatsapp")


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
    """On this event, with this filter, after this delay, ask this survey by this channel.

    Of the customers a share of `sample`, above 0 to 1, is asked: those whose lot for
    `sample_salt` (or the survey's key) lies below it.
    """

    __tablename__ = "triggers"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        one_of("channel", CHANNELS),
        Index("ix_triggers_workspace_id_event_name", "workspace_id", "event_name"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    key: Mapped[str] = mapped_column(String(63))
    event_name: Mapped[str] = mapped_column(String(120))
    survey_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("surveys.id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[str] = mapped_column(String(20))
    delay_seconds: Mapped[int] = mapped_column(Integer, default=0)
    expires_seconds: Mapped[int] = mapped_column(Integer, default=7 * 86400)
    filter: Mapped[dict[str, Any] | None]
    sample: Mapped[float] = mapped_column(default=1.0, server_default="1")
    sample_salt: Mapped[str | None] = mapped_column(String(63))
    enabled: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime]
