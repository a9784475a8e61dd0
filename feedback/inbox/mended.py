"""Answers that people put right, with who and when; and what the customer wrote behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.answer_correction import AnswerCorrection
from models.workspace import User
from surveys.correction_rows import CORRECTED, corrections_of, standing
from surveys.put_right import Said

GONE = "somebody who left"


@dataclass(frozen=True)
class Mended:
    """One correction: by whom, what was before, and who took it back and when.

    `newest` says that it is the one that stands over the answer, and can be taken back.
    """

    row: AnswerCorrection
    by: str
    newest: bool = False
    undone_at: datetime | None = None
    undone_by: str | None = None

    @property
    def was(self) -> Said | None:
        """The answer before; None where there was none."""
        return Said.from_json(self.row.was)

    @property
    def said(self) -> Said | None:
        """The answer as it was put right; None where nothing is left of it."""
        return Said.from_json(self.row.said)


def mended_of(session: Session, response_id: int) -> list[Mended]:
    """Every correction of a response's answers, the oldest first."""
    rows = corrections_of(session, response_id)
    people = {row.user_id for row in rows if row.user_id is not None}
    found = session.execute(select(User.id, User.email).where(User.id.in_(people)))
    names = {row.id: row.email for row in found}
    backs = {row.undoes_id: row for row in rows if row.undoes_id is not None}
    newest = {
        listed[-1].id for key in {r.question for r in rows} if (listed := standing(rows, key))
    }
    return [
        Mended(
            row=row,
            by=_who(row, names),
            newest=row.id in newest,
            undone_at=backs[row.id].created_at if row.id in backs else None,
            undone_by=_who(backs[row.id], names) if row.id in backs else None,
        )
        for row in rows
        if row.kind == CORRECTED
    ]


def first_read(mended: Sequence[Mended], question: str) -> Mended | None:
    """The oldest correction that stands: before it is what was read; None where none stands."""
    mine = (one for one in mended if one.row.question == question and one.undone_at is None)
    return next(mine, None)


def _who(row: AnswerCorrection, names: dict[int, str]) -> str:
    return names.get(row.user_id or 0) or row.told_by or GONE
