"""The ledger of answers that people put right, read."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.answer_correction import AnswerCorrection

CORRECTED, UNDONE = "corrected", "undone"


def corrections_of(session: Session, response_id: int) -> Sequence[AnswerCorrection]:
    """All that was ever put right or taken back of a response, the oldest first."""
    mine = select(AnswerCorrection).where(AnswerCorrection.response_id == response_id)
    return session.scalars(mine.order_by(AnswerCorrection.id)).all()


def standing(rows: Sequence[AnswerCorrection], question: str) -> list[AnswerCorrection]:
    """The corrections of a question that nobody took back, the oldest first."""
    undone = {row.undoes_id for row in rows}
    mine = (row for row in rows if row.question == question and row.kind == CORRECTED)
    return [row for row in mine if row.id not in undone]
