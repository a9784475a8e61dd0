"""Customers, the consent ledger, and segments of customers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk, workspace_fk


class Customer(Base):
    """A person who may be asked. `phone` is E.164; `timezone` an IANA name.

    `stated_at` is the time of the latest event that said something of them: what an older one
    says, heard of later, only fills in what is not known.
    """

    __tablename__ = "customers"
    __table_args__ = (
        UniqueConstraint("workspace_id", "external_id"),
        Index("ix_customers_workspace_id_phone", "workspace_id", "phone"),
        Index("ix_customers_workspace_id_updated_at", "workspace_id", "updated_at", "id"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    external_id: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(254))
    locale: Mapped[str | None] = mapped_column(String(35))
    timezone: Mapped[str | None] = mapped_column(String(64))
    attributes: Mapped[dict[str, Any]]
    is_test: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    stated_at: Mapped[datetime | None]


class Consent(Base):
    """Append-only ledger of what an address allowed or withdrew; the latest row rules.

    `sender` NULL speaks of every sender of the workspace. `customer_id` is NULL when a
    number wrote that no customer has.
    """

    __tablename__ = "consents"
    __table_args__ = (
        one_of("state", ("granted", "withdrawn")),
        Index("ix_consents_address", "workspace_id", "channel", "address", "occurred_at"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    customer_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(254))
    sender: Mapped[str | None] = mapped_column(String(34))
    state: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str | None] = mapped_column(String(200))
    occurred_at: Mapped[datetime]


class StopEverywhere(Base):
    """Append-only: addresses that want no message of any workspace of this installation.

    Each stands beside the ledgers of all workspaces as a withdrawal for every sender. The
    workspace in which it was said, and the words, are told to nobody else; the entry outlives both.
    """

    __tablename__ = "stops_everywhere"
    __table_args__ = (Index("ix_stops_everywhere_address", "channel", "address", "occurred_at"),)

    id: Mapped[pk]
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(254))
    said_in: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="SET NULL"), index=True
    )
    sender: Mapped[str | None] = mapped_column(String(34))
    source: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str | None] = mapped_column(String(200))
    occurred_at: Mapped[datetime]


class Segment(Base):
    """A named group of customers: a filter over their attributes (see surveys.conditions)."""

    __tablename__ = "segments"
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    key: Mapped[str] = mapped_column(String(63))
    name: Mapped[str] = mapped_column(String(120))
    filter: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
