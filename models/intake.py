"""What intake keeps: sources and files of events, what was refused or waits, merged customers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk, workspace_fk

SOURCE_KINDS = ("shopify", "woocommerce", "stripe", "zendesk", "json", "folder")
FILE_STATES = ("taken", "done", "failed")


class CustomerAlias(Base):
    """Another external id of a customer: events with it find the customer."""

    __tablename__ = "customer_aliases"
    __table_args__ = (UniqueConstraint("workspace_id", "external_id"),)

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    external_id: Mapped[str] = mapped_column(String(200))
    customer_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]


class IntakeSource(Base):
    """Where events come from by themselves: a shop's webhook, or a watched folder.

    `token` is the last part of a webhook's address. `secret` is what its calls are signed with,
    encrypted (feedback.secret_box); NULL until it is known: nothing is taken before. `mapping`
    NULL means the kind's own. `refused` counts calls whose signature didn't hold.
    """

    __tablename__ = "intake_sources"
    __table_args__ = (
        UniqueConstraint("token"),
        UniqueConstraint("workspace_id", "name"),
        one_of("kind", SOURCE_KINDS),
    )

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(40))
    token: Mapped[str] = mapped_column(String(40))
    secret: Mapped[str | None] = mapped_column(Text)
    mapping: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    refused: Mapped[int] = mapped_column(Integer, default=0)
    refused_at: Mapped[datetime | None]
    refused_why: Mapped[str | None] = mapped_column(String(200))


class IntakeFile(Base):
    """A file of events being read: how far it is, so that it goes on after a stop.

    `rows` counts those committed (below the header); `rejects_size` is the size in bytes that
    the report of bad rows had by then; `waiting` the rows that came before what they speak of.
    """

    __tablename__ = "intake_files"
    __table_args__ = (
        one_of("state", FILE_STATES),
        Index("ix_intake_files_workspace_id_state", "workspace_id", "state"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    source: Mapped[str] = mapped_column(String(40))
    path: Mapped[str] = mapped_column(String(500))
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="taken")
    rows: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    duplicates: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    rejects_size: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(500))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class IntakeRefusal(Base):
    """An event that was not taken: which, why, and the mend; never what it said of a person."""

    __tablename__ = "intake_refusals"
    __table_args__ = (Index("ix_intake_refusals_workspace_id_id", "workspace_id", "id"),)

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    source: Mapped[str] = mapped_column(String(40))
    external_id: Mapped[str | None] = mapped_column(String(200))
    field: Mapped[str | None] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(String(300))
    mend: Mapped[str | None] = mapped_column(String(300))
    refused_at: Mapped[datetime]


class IntakeWaiting(Base):
    """An event whose customer only another event names, which has not come yet: `waits_for` it.

    `item` is the event as the mapping read it. It is taken in with the other, or given up.
    """

    __tablename__ = "intake_waiting"
    __table_args__ = (
        UniqueConstraint("workspace_id", "source", "external_id"),
        Index(
            "ix_intake_waiting_workspace_id_source_waits_for",
            "workspace_id",
            "source",
            "waits_for",
        ),
        Index("ix_intake_waiting_came_at", "came_at"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    source: Mapped[str] = mapped_column(String(40))
    external_id: Mapped[str] = mapped_column(String(200))
    waits_for: Mapped[str] = mapped_column(String(200))
    item: Mapped[dict[str, Any]]
    came_at: Mapped[datetime]
