"""Senders' standings as rows, and which of them have something to send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.message import Message
from models.sending import SenderState
from models.status import MessageStatus
from surveys.pacing import Standing
from surveys.upsert import insert_into

_FIELDS = tuple(field.name for field in fields(Standing))
_OTHERS = ("per_second", "next_at")


def waiting_senders(session: Session, provider: str, now: datetime) -> Mapping[str, Standing]:
    """The senders with messages that may be handed over now, each with its standing."""
    ready = or_(Message.not_before.is_(None), Message.not_before <= now)
    senders = session.scalars(
        select(Message.sender)
        .where(
            Message.status == MessageStatus.PENDING.value,
            Message.provider == provider,
            Message.direction == "out",
            ready,
        )
        .distinct()
    ).all()
    known = standings(session, provider) if senders else {}
    return {sender: known.get(sender, Standing()) for sender in sorted(senders)}


def standings(session: Session, provider: str) -> dict[str, Standing]:
    """What there is to say of a provider's senders."""
    columns = [getattr(SenderState, name) for name in _FIELDS]
    rows = session.execute(
        select(SenderState.sender, *columns).where(SenderState.provider == provider)
    )
    return {sender: Standing(*values) for sender, *values in rows}


def keep(session: Session, provider: str, sender: str, standing: Standing) -> None:
    """Write down what a sender's messages came to; the caller commits.

    The last to write wins: two processes that saw trouble at once saw the same trouble.
    """
    values = {name: value for name, value in asdict(standing).items() if name not in _OTHERS}
    insert = insert_into(session, SenderState).values(provider=provider, sender=sender, **values)
    session.execute(
        insert.on_conflict_do_update(index_elements=["provider", "sender"], set_=values)
    )


def reserve(session: Session, provider: str, sender: str, before: Standing, then: Standing) -> bool:
    """Use a part of the allowance up; False where another process was faster. Commits."""
    if before.next_at == then.next_at:
        return True
    taken = session.scalar(
        update(SenderState)
        .where(
            SenderState.provider == provider,
            SenderState.sender == sender,
            SenderState.next_at.is_not_distinct_from(before.next_at),
        )
        .values(next_at=then.next_at)
        .returning(SenderState.id)
        .execution_options(synchronize_session=False)
    )
    session.commit()
    return taken is not None


def limit(session: Session, provider: str, sender: str, per_second: float | None) -> None:
    """Set how many messages a second a sender may send, None: no limit; the caller commits."""
    insert = insert_into(session, SenderState).values(
        provider=provider, sender=sender, per_second=per_second, failures=0
    )
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["provider", "sender"], set_={"per_second": per_second}
        )
    )
