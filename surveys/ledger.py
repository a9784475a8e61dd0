"""The consent ledger read back: what held for a number at any time, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.customer import Consent as Row
from models.customer import StopEverywhere
from models.message import Message
from surveys import consent
from surveys.channels.addresses import channel_of
from surveys.eligibility_facts import Consent

EVERYWHERE, ELSEWHERE = "*", "elsewhere"


@dataclass(frozen=True)
class Held:
    """What held for one sender (None: where no sender has an entry of its own), and the entry."""

    sender: str | None
    state: Consent
    because: Row | None


def entries(session: Session, workspace_id: int, address: str) -> list[Row]:
    """All that was ever written down of an address for its channel, the oldest first.

    One that was meant for everywhere has EVERYWHERE for its sender. Of what was said to another
    workspace only that it was said is told here, with an id below 0.
    """
    mine = select(Row).where(
        Row.workspace_id == workspace_id,
        Row.channel == channel_of(address),
        Row.address == address,
    )
    heard = select(StopEverywhere).where(
        StopEverywhere.channel == channel_of(address), StopEverywhere.address == address
    )
    rows, stops = list(session.scalars(mine)), list(session.scalars(heard))
    ours = {one.occurred_at for one in stops if one.said_in == workspace_id}
    own = [_meant(one) if _is_twin(one, ours) else one for one in rows]
    others = [_heard(one, workspace_id) for one in stops if one.occurred_at not in ours]
    return sorted([*own, *others], key=lambda one: (one.occurred_at, one.id < 0, abs(one.id)))


def _is_twin(one: Row, stops: Collection[datetime]) -> bool:
    """Whether an entry is the workspace's own of a STOP for everywhere."""
    withdrawn = one.state == Consent.WITHDRAWN.value
    return withdrawn and one.sender is None and one.occurred_at in stops


def _meant(one: Row) -> Row:
    """An entry as it was meant; never stored so."""
    values = {column.name: getattr(one, column.name) for column in Row.__table__.columns}
    return Row(**{**values, "sender": EVERYWHERE})


def _heard(one: StopEverywhere, workspace_id: int) -> Row:
    """What was said to another workspace, as an entry of this one's ledger; never stored so."""
    return Row(
        id=-one.id,
        workspace_id=workspace_id,
        channel=one.channel,
        address=one.address,
        sender=EVERYWHERE,
        state=Consent.WITHDRAWN.value,
        source=ELSEWHERE,
        occurred_at=one.occurred_at,
    )


def held_at(ledger: Sequence[Row], sender: str | None, at: datetime) -> Held:
    """What held for a sender at a time: the rule of `surveys.consent.state_of`, looking back.

    The latest withdrawal or word of the customer decides; any other permission counts only
    where the customer never withdrew.
    """
    known = [
        one for one in ledger if one.occurred_at <= at and one.sender in (None, sender, EVERYWHERE)
    ]
    weighty = [one for one in known if _weighs(one)]
    because = next(reversed(weighty or known), None)
    return Held(sender, Consent(because.state) if because else Consent.NONE, because)


def _weighs(one: Row) -> bool:
    return one.state == Consent.WITHDRAWN.value or one.source in consent.OWN_WORD


def senders_at(ledger: Sequence[Row], own: str, at: datetime) -> list[Held]:
    """What held for each sender that was ever spoken of, the workspace's own first."""
    others = sorted({one.sender for one in ledger if one.sender is not None} - {own, EVERYWHERE})
    return [held_at(ledger, sender, at) for sender in (own, *others)]


def led_to(session: Session, one: Row) -> Message | None:
    """The message of the customer that an entry was made of; None where it was no message."""
    if one.source not in consent.BY_MESSAGE:
        return None
    wanted = select(Message).where(
        Message.workspace_id == one.workspace_id,
        Message.address == one.address,
        Message.direction == "in",
        Message.created_at == one.occurred_at,
        Message.kind.in_(("stop", "start")),
    )
    return session.scalars(wanted.order_by(Message.id.desc()).limit(1)).one_or_none()


def newest(ledger: Sequence[Row]) -> int:
    """The id of the entry that was written last; 0 where there is none."""
    return max((one.id for one in ledger if one.id > 0), default=0)
