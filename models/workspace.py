"""Workspaces (tenants), the people who sign in to them, and their API keys."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk, workspace_fk


class OptOutLevel(StrEnum):
    """How far a customer's STOP reaches; the value is stored."""

    SENDER = "sender"  # the number it was said to
    WORKSPACE = "workspace"  # every number of the workspace
    EVERYWHERE = "everywhere"  # every workspace of this installation


class Workspace(Base):
    """A tenant: every other row belongs to one.

    With `smart_encoding` typographic signs of SMS are replaced where that brings them to GSM-7.
    `quarantine_days` is how long nobody is asked anything after an invitation; what else is
    kept of customers' peace is in `contact_rules` (see surveys.contact_rules).
    `whatsapp_sender` is written `whatsapp:+…`, as `sender` is a plain number or a name.
    `optout` says how far a STOP reaches that is said to it: all of the installation unless told
    otherwise, as workspaces of one company are one caller.
    """

    __tablename__ = "workspaces"
    __table_args__ = (one_of("optout", OptOutLevel),)

    id: Mapped[pk]
    name: Mapped[str] = mapped_column(String(63), unique=True)
    company: Mapped[str] = mapped_column(String(80))
    default_region: Mapped[str] = mapped_column(String(2), default="GB")
    default_locale: Mapped[str] = mapped_column(String(35), default="en")
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    accent: Mapped[str] = mapped_column(String(7), default="#1f4e79")
    quarantine_days: Mapped[float] = mapped_column(default=30.0)
    sender: Mapped[str | None] = mapped_column(String(34), index=True)
    whatsapp_sender: Mapped[str | None] = mapped_column(String(34), index=True)
    optout: Mapped[str] = mapped_column(
        String(10),
        default=OptOutLevel.EVERYWHERE.value,
        server_default=OptOutLevel.EVERYWHERE.value,
    )
    smart_encoding: Mapped[bool] = mapped_column(default=False, server_default=false())
    contact_rules: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]


class User(Base):
    """Somebody of the team who signs in.

    An `operator` looks after the program itself: sees and pauses the work of all workspaces.
    """

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("email"),)

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    email: Mapped[str] = mapped_column(String(254))
    password_hash: Mapped[str] = mapped_column(String(255))
    operator: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]


class ApiKey(Base):
    """A key for machines; only its SHA-256 is stored."""

    __tablename__ = "api_keys"
    __table_args__ = (UniqueConstraint("key_hash"), UniqueConstraint("workspace_id", "name"))

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(80))
    key_hash: Mapped[str] = mapped_column(String(64))
    hint: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
