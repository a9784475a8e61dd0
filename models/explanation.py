"""Why a model found what it found in a comment: the words, once somebody asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, workspace_fk

_OWED = text("done_at IS NULL")


class Explanation(Base):
    """The words that carried a comment's reading, as the worker weighed them.

    Asked for by the comment's page, NULL `done_at` until it is there. It holds for the words of
    `text_hash` and until the comment is read again; `words` is what feedback.explaining writes.
    """

    __tablename__ = "explanations"
    __table_args__ = (
        CheckConstraint(
            "done_at IS NULL OR (model IS NOT NULL AND words IS NOT NULL)", name="done_whole"
        ),
        Index("ix_explanations_owed", "asked_at", postgresql_where=_OWED, sqlite_where=_OWED),
    )

    comment_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True
    )
    workspace_id: Mapped[workspace_fk]
    text_hash: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    model: Mapped[str | None] = mapped_column(String(60))
    words: Mapped[dict[str, Any] | None]
