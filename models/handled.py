"""Urgent comments that somebody dealt with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, workspace_fk


class Handled(Base):
    """Who dealt with an urgent comment, and when; taken back, the row is gone.

    It counts while the comment's words are those of `text_hash`: other words are open again.
    """

    __tablename__ = "handled_comments"

    comment_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True
    )
    workspace_id: Mapped[workspace_fk]
    user_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    handled_at: Mapped[datetime]
    text_hash: Mapped[str] = mapped_column(String(64))
