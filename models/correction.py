"""What people say against a reading: an append-only ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk
from models.reading import SENTIMENTS

CORRECTIONS = (
    *("sentiment", "added", "removed", "changed", "undone"),
    *("urgent", "not_urgent", "confirmed"),
)

_WHOLE = (
    "(kind = 'undone') = (undoes_id IS NOT NULL) "
    "AND (kind = 'confirmed') = (reading IS NOT NULL) "
    "AND (kind IN ('removed', 'undone', 'urgent', 'not_urgent', 'confirmed') "
    "OR sentiment IS NOT NULL) "
    "AND (kind NOT IN ('added', 'removed', 'changed') OR theme IS NOT NULL "
    'AND "start" IS NOT NULL AND "end" IS NOT NULL '
    'AND "start" >= 0 AND "end" > "start") '
    "AND (kind <> 'changed' OR new_theme IS NOT NULL)"
)


class Correction(Base):
    """One thing a person says of a comment's reading; rows are added, never changed.

    The newest on one thing wins, and `undone` takes back the row `undoes_id`. `start`, `end` and
    `theme` name a mention: the new one (`added`), or the one as it was shown (`removed`,
    `changed`, then `new_theme` is its theme from now on). `was` is the sentiment it had.
    `confirmed` says that all of a reading is right, and `reading` keeps what was seen of it.
    A correction counts while the comment's words are those of `text_hash`.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        UniqueConstraint("undoes_id"),
        one_of("kind", CORRECTIONS),
        one_of("sentiment", SENTIMENTS),
        CheckConstraint(_WHOLE, name="whole"),
        Index("ix_corrections_workspace_id_created_at", "workspace_id", "created_at"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    comment_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]
    text_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(10))
    start: Mapped[int | None] = mapped_column(Integer)
    end: Mapped[int | None] = mapped_column(Integer)
    theme: Mapped[str | None] = mapped_column(String(63))
    new_theme: Mapped[str | None] = mapped_column(String(63))
    sentiment: Mapped[str | None] = mapped_column(String(10))
    was: Mapped[str | None] = mapped_column(String(10))
    undoes_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("corrections.id", ondelete="CASCADE")
    )
    reading: Mapped[dict[str, Any] | None]
