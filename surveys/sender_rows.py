"""Senders' standings as rows, and which of them have something to send."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.message import Message
from models.sending import SenderState
from models.status import MessageStatus
from surveys.pacing import Standing, reported
from surveys.upsert import insert_into
from surveys.wires import own

log = logging.getLogger(__name__)
_FIELDS = tuple(field.name for field in fields(Standing))
_OTHERS = ("per_second", "next_at")
TRIES = 5


class Wire(NamedTuple):
    """A sender with messages to hand over: its own, or those that it carries for others."""

    sender: str
    borrowed: bool = False

    @property
    def mine(self) -> ColumnElement[bool]:
        """Its messages."""
        return Message.via == self.sender if self.borrowed else own(self.sender)


def waiting(session: Session, provider: str, now: datetime) -> list[Wire]:
    """The senders with messages that may be handed over now.

    However many messages wait, an index gives each sender's first: nothing is gone through.
    """
    pending = (
        Message.status == MessageStatus.PENDING.value,
        Message.provider == provider,
        Message.direction == "out",
    )
    own_ones = _wires(session, Message.sender, pending, (Message.via.is_(None), ready(now)))
    lent = _wires(session, Message.via, (*pending, Message.via.is_not(None)), (ready(now),))
    return sorted([*(Wire(one) for one in own_ones), *(Wire(one, True) for one in lent)])


Conditions = tuple[ColumnElement[bool], ...]


def _wires(
    session: Session,
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    waits: Conditions,
    too: Conditions,
) -> Sequence[str]:
    """The values of a column among rows that wait, where one of theirs meets `too` as well."""
    first = select(column).where(*waits).order_by(column).limit(1).scalar_subquery()
    found = select(first.label("wire")).cte("found", recursive=True)
    after = select(column).where(*waits, column > found.c.wire).order_by(column).limit(1)
    found = found.union_all(
        select(after.correlate(found).scalar_subquery()).where(found.c.wire.is_not(None))
    )
    # neither EXISTS nor any order: PostgreSQL might answer by going through all that wait
    one = select(Message.id).where(*waits, column == found.c.wire, *too)
    next_one = one.order_by(Message.priority, Message.id).limit(1)
    some = next_one.correlate(found).scalar_subquery()
    return session.scalars(
        select(found.c.wire).where(found.c.wire.is_not(None), some.is_not(None))
    ).all()


def ready(now: datetime) -> ColumnElement[bool]:
    """Messages that need not wait any longer."""
    return or_(Message.not_before.is_(None), Message.not_before <= now)


def standings(session: Session, provider: str) -> dict[str, Standing]:
    """What there is to say of a provider's senders."""
    columns = [getattr(SenderState, name) for name in _FIELDS]
    rows = session.execute(
        select(SenderState.sender, *columns).where(SenderState.provider == provider)
    )
    return {sender: Standing(*values) for sender, *values in rows}


def keep(
    session: Session, provider: str, sender: str, before: Standing, standing: Standing
) -> bool:
    """Write down what a sender's messages came to; the caller commits.

    False, and nothing is written, where it stands otherwise than `before` by now: what a receipt
    told meanwhile is not to be overwritten by who did not know it.
    """
    as_before = (
        getattr(SenderState, name).is_not_distinct_from(value)
        for name, value in _noted(before).items()
    )
    values = _noted(standing)
    insert = insert_into(session, SenderState).values(provider=provider, sender=sender, **values)
    kept = insert.on_conflict_do_update(
        index_elements=["provider", "sender"], set_=values, where=and_(*as_before)
    )
    return session.scalar(kept.returning(SenderState.id)) is not None


def note(
    session: Session, provider: str, sender: str, before: Standing, standing: Standing
) -> Standing:
    """`keep` where anything changed, and how the sender is doing after that. Commits."""
    if _noted(before) == _noted(standing):
        return standing
    if not keep(session, provider, sender, before, standing):
        standing = standings(session, provider).get(sender, Standing())
    session.commit()
    return standing


def _noted(standing: Standing) -> dict[str, Any]:
    """What messages come to, without the pace, which is written elsewhere."""
    return {name: value for name, value in asdict(standing).items() if name not in _OTHERS}


def told(session: Session, provider: str, sender: str, code: str, now: datetime) -> None:
    """A receipt says this of a sender's message; the caller commits."""
    for _ in range(TRIES):
        before = standings(session, provider).get(sender, Standing())
        then = reported(before, code, now)
        if then == before or keep(session, provider, sender, before, then):
            if then.alarm_code != before.alarm_code:
                log.error("a sender is stopped, as receipts tell of error %s", code)
            return


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
