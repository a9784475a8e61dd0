"""What was not taken in: kept for the team to see, the newest of each workspace."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from feedback.api.schemas import EventResult, FieldError
from models.intake import IntakeRefusal

KEEP = 1000
"""Refusals kept a workspace; the oldest go first."""
_PLACE = re.compile(r"^\w+\[\d+\]\.?")


@dataclass(frozen=True)
class Refused:
    """An event's id, where one could be read, and what is wrong with it."""

    external_id: str | None
    error: FieldError


def of_results(results: Sequence[EventResult]) -> list[Refused]:
    """The refusals among the results of an intake."""
    return [Refused(one.id, one.error) for one in results if one.error is not None]


def keep(
    session: Session, workspace_id: int, source: str, refused: Sequence[Refused], now: datetime
) -> None:
    """Add these, and forget the oldest past KEEP; in the caller's transaction.

    What an event said is not kept: its id, the field's name, the fault and the mend are enough to
    find it where it came from.
    """
    if not refused:
        return
    rows = [_row(workspace_id, source, one, now) for one in refused[-KEEP:]]
    session.execute(insert(IntakeRefusal), rows)
    mine = select(IntakeRefusal.id).where(IntakeRefusal.workspace_id == workspace_id)
    last = session.scalar(mine.order_by(IntakeRefusal.id.desc()).offset(KEEP).limit(1))
    if last is not None:
        old = (IntakeRefusal.workspace_id == workspace_id) & (IntakeRefusal.id <= last)
        session.execute(delete(IntakeRefusal).where(old))


def latest(session: Session, workspace_id: int, limit: int = KEEP) -> list[IntakeRefusal]:
    """The newest first."""
    mine = select(IntakeRefusal).where(IntakeRefusal.workspace_id == workspace_id)
    return list(session.scalars(mine.order_by(IntakeRefusal.id.desc()).limit(limit)))


def _row(workspace_id: int, source: str, one: Refused, now: datetime) -> dict[str, object]:
    error = one.error
    return {
        "workspace_id": workspace_id,
        "source": source,
        "external_id": _kept(one.external_id, 200),
        "field": _kept(_PLACE.sub("", error.field or ""), 200) or None,
        "message": _kept(error.message, 300) or "",
        "mend": _kept(error.mend, 300),
        "refused_at": now,
    }


def _kept(text: str | None, length: int) -> str | None:
    """As PostgreSQL can hold it."""
    return None if text is None else text.replace("\0", "")[:length]
