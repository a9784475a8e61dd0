"""Numbers that no SMS reaches: noted when the provider says so, forgotten when they write."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.sending import Suppression
from surveys.upsert import insert_into

LAPSES = timedelta(days=180)  # numbers are given out anew


def suppress(session: Session, workspace_id: int, address: str, code: str, now: datetime) -> None:
    """Note that a number can't be reached, and by which code of the provider."""
    values = {"code": code[:20], "occurred_at": now}
    insert = insert_into(session, Suppression).values(
        workspace_id=workspace_id, address=address, **values
    )
    session.execute(
        insert.on_conflict_do_update(index_elements=["workspace_id", "address"], set_=values)
    )


def code_of(session: Session, workspace_id: int, address: str, now: datetime) -> str | None:
    """The code by which a number is suppressed now; None where it isn't."""
    return session.scalar(
        select(Suppression.code).where(
            Suppression.workspace_id == workspace_id,
            Suppression.address == address,
            Suppression.occurred_at > now - LAPSES,
        )
    )


def lift(session: Session, workspace_id: int, address: str) -> bool:
    """Text the number again: somebody wrote from it, or the team says so; False if it was free."""
    gone = session.scalar(
        delete(Suppression)
        .where(Suppression.workspace_id == workspace_id, Suppression.address == address)
        .returning(Suppression.id)
        .execution_options(synchronize_session=False)
    )
    return gone is not None
