"""Standing in: what waits for a sender that is down leaves by the fall-back, and only that.

Only messages that wait are moved: no provider has them, nor may have. One in a worker's hand, or
of unknown fate, stays with the account that was asked. Who is written to keeps the exchange: it
stays the sender's, and goes on by whichever of the two the customer was last written from.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, null, or_, select, update
from sqlalchemy.orm import Session, aliased

from models.message import Message
from models.status import MessageStatus
from surveys.channels.gateway import Gateway
from surveys.in_line import KIND, first_in_line
from surveys.pacing import Standing, allowed, down
from surveys.pauses import workspaces_at_rest
from surveys.sender_rows import ready
from surveys.wires import own

log = logging.getLogger(__name__)
MOST = 200
_WELL = Standing()


def stand_in(
    session: Session, gateway: Gateway, standings: Mapping[str, Standing], now: datetime
) -> int:
    """Move what waits to a sender that is not down; how many messages were moved. Commits.

    The fall-back takes no more than its pace allows, so that what it leaves waits for the first
    to recover. What waits for the fall-back goes back while it is down, or is one no more.
    """
    fallback = gateway.fallback
    back = _give_back(session, gateway, standings, now)
    lame = [one for one, standing in standings.items() if down(standing, now)]
    lame = [one for one in lame if fallback and may_stand_in(fallback, one)]
    taken = 0
    if fallback is not None and lame:
        room = _room(session, gateway, fallback, standings.get(fallback, _WELL), now)
        for one in sorted(lame):
            taken += _take(session, gateway, fallback, one, room - taken, now)
        if taken:
            log.warning("%d messages leave by the fall-back: %d senders are down", taken, len(lame))
    session.commit()
    return back + taken


def may_stand_in(fallback: str, sender: str) -> bool:
    """Whether the fall-back may carry a sender's texts; never those of another channel."""
    return sender != fallback and ":" not in sender


def _room(
    session: Session, gateway: Gateway, fallback: str, standing: Standing, now: datetime
) -> int:
    """How many more the fall-back may take: its pace, less what waits for it already."""
    most = allowed(standing, now, MOST)
    if not most:
        return 0
    there_now = and_(*_pending(gateway), Message.via == fallback, ready(now))
    some = select(Message.id).where(there_now, *_awake(session))
    there = session.scalar(select(func.count()).select_from(some.limit(most).subquery()))
    return most - (there or 0)


def _take(
    session: Session, gateway: Gateway, fallback: str, sender: str, most: int, now: datetime
) -> int:
    """Move a sender's next messages to the fall-back.

    Also those that wait because the provider failed: it is the sender that they waited for.
    """
    if most <= 0:
        return 0
    mine = and_(*_pending(gateway), own(sender), ~_stopped(fallback))
    first = first_in_line(session, mine, now, most)
    failed = and_(mine, Message.attempts > 0, Message.error_code.is_not(None), ~ready(now))
    rest = select(Message.id).where(failed).order_by(Message.priority, Message.id)
    return _move(session, Message.id.in_(first), fallback) + _move_some(
        session, rest.limit(most - len(first)), fallback
    )


def _give_back(
    session: Session, gateway: Gateway, standings: Mapping[str, Standing], now: datetime
) -> int:
    """Let messages that wait for the fall-back leave by their own sender, where that is better."""
    borrowed = select(Message.via, Message.sender).where(
        *_pending(gateway), Message.via.is_not(None)
    )
    better = [
        and_(Message.via == via, Message.sender == sender)
        for via, sender in session.execute(borrowed.distinct()).all()
        if _gone(via, gateway.fallback, standings, now)
        and not down(standings.get(sender, _WELL), now)
    ]
    if not better:
        return 0
    some = select(Message.id).where(*_pending(gateway), or_(*better)).limit(MOST)
    return _move_some(session, some, None)


def _gone(
    via: str | None, fallback: str | None, standings: Mapping[str, Standing], now: datetime
) -> bool:
    return via is None or via != fallback or down(standings.get(via, _WELL), now)


def _awake(session: Session) -> list[ColumnElement[bool]]:
    """Messages of workspaces that don't rest."""
    resting = workspaces_at_rest(session, KIND)
    return [Message.workspace_id.not_in(resting)] if resting else []


def _pending(gateway: Gateway) -> Iterable[ColumnElement[bool]]:
    waits = Message.status == MessageStatus.PENDING.value
    return waits, Message.provider == gateway.name, Message.direction == "out"


def _stopped(fallback: str) -> ColumnElement[bool]:
    """Numbers whose last such word to the fall-back was STOP: the provider would refuse them.

    They may have said START to their own sender since, which is good for that one.
    """
    said = aliased(Message)
    last = (
        select(said.kind)
        .where(
            said.workspace_id == Message.workspace_id,
            said.address == Message.address,
            said.via == fallback,
            said.direction == "in",
            said.kind.in_(("stop", "start")),
        )
        .order_by(said.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return and_(last.is_not(None), last == "stop")


def _move_some(session: Session, which: Select[int], via: str | None) -> int:
    some = which.with_for_update(skip_locked=True).cte("some")
    return _move(session, Message.id.in_(select(some.c.id)), via)


def _move(session: Session, which: ColumnElement[bool], via: str | None) -> int:
    """Let them leave by another sender, at once where they only waited for one that failed."""
    waits = case((Message.attempts > 0, null()), else_=Message.not_before)
    moved = session.scalars(
        update(Message)
        .where(which, Message.status == MessageStatus.PENDING.value)
        .values(via=via, not_before=waits)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return len(moved.all())
