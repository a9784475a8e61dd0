"""What people say against an answer that was misread: an append-only ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk, workspace_fk

KINDS = ("corrected", "undone")


class AnswerCorrection(Base):
    """One answer put right, or that taken back (`undone`, of the row `undoes_id`).

    Rows are added, never changed. `was` and `said` are the answer before and after: its `value`
    and its `comment`, or nothing where the question had no answer. `told_by` names whoever did
    it by the API, in the words of the program that called.
    """

    __tablename__ = "answer_corrections"
    __table_args__ = (
        UniqueConstraint("undoes_id"),
        one_of("kind", KINDS),
        CheckConstraint("(kind = 'undone') = (undoes_id IS NOT NULL)", name="whole"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    response_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("responses.id", ondelete="CASCADE"), index=True
    )
    question: Mapped[str] = mapped_column(String(63))
    kind: Mapped[str] = mapped_column(String(10))
    user_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    told_by: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(300))
    was: Mapped[dict[str, Any]]
    said: Mapped[dict[str, Any]]
    undoes_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("answer_corrections.id", ondelete="CASCADE")
    )
