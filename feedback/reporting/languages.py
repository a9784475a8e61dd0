"""The languages that customers were asked in: which there are, and what may be asked for."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.cells.days import TOP
from models.errors import InvalidInput
from models.statistics import EVERYBODY, TOTAL, StatisticCell

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def known_language(asked: str | None, field: str = "language") -> str | None:
    """The language that is asked for, if any is; one that nobody speaks is no mistake."""
    if asked is not None and not _TAG.fullmatch(asked):
        mend = "Use a language code such as en or pt-BR"
        raise InvalidInput(f"no language {asked!r}", field=field, mend=mend)
    return asked


def languages_heard(session: Session, workspace_id: int) -> list[str]:
    """The languages of what is counted so far, by their codes; what is in none known has none."""
    query = select(StatisticCell.language).where(
        StatisticCell.workspace_id == workspace_id,
        StatisticCell.segment_id == EVERYBODY,
        StatisticCell.level == TOP,
        StatisticCell.language.not_in((TOTAL, "")),
    )
    return sorted(session.scalars(query.distinct()))
