"""Heads learned from a workspace's corrections: candidates, the one that reads, those before it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk

VERSION_STATES = ("candidate", "current", "retired", "failed")

_CANDIDATE, _CURRENT = text("state = 'candidate'"), text("state = 'current'")
_ASKED = text("reread_asked_at IS NOT NULL")


class ModelVersion(Base):
    """What was learned once from the corrections of a workspace.

    A `candidate` waits for a person, the `current` one reads, a `retired` one did or was passed
    over, and a `failed` one learned nothing (`reason`). `heads` holds the columns that moved
    (nlp.adapting.stored); they fit the encoder of `weights` alone. `learned_to` is the newest
    correction that was learned from, `counts` and `figures` what feedback.adapting writes.
    `replaces_id` read before it. `reread_asked_at`: history waits to be marked for its model.
    """

    __tablename__ = "model_versions"
    __table_args__ = (
        UniqueConstraint("workspace_id", "number"),
        one_of("state", VERSION_STATES),
        CheckConstraint("(state = 'failed') = (heads IS NULL)", name="heads_whole"),
        CheckConstraint("(state = 'failed') = (reason IS NOT NULL)", name="reason_whole"),
        CheckConstraint("state <> 'current' OR promoted_at IS NOT NULL", name="promoted_whole"),
        Index(
            "uq_model_versions_one_candidate",
            "workspace_id",
            unique=True,
            postgresql_where=_CANDIDATE,
            sqlite_where=_CANDIDATE,
        ),
        Index(
            "uq_model_versions_one_current",
            "workspace_id",
            unique=True,
            postgresql_where=_CURRENT,
            sqlite_where=_CURRENT,
        ),
        Index("ix_model_versions_asked", "id", postgresql_where=_ASKED, sqlite_where=_ASKED),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10))
    base: Mapped[str] = mapped_column(String(40))
    weights: Mapped[str] = mapped_column(String(64))
    heads: Mapped[dict[str, Any] | None]
    counts: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]
    reason: Mapped[str | None] = mapped_column(String(300))
    learned_to: Mapped[datetime]
    created_at: Mapped[datetime]
    promoted_at: Mapped[datetime | None]
    promoted_by: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    replaces_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("model_versions.id", ondelete="SET NULL"), index=True
    )
    reread_asked_at: Mapped[datetime | None]

    @property
    def name(self) -> str:
        """What comments it read carry: the shipped model's name and its number."""
        return f"{self.base}+w{self.number}"
