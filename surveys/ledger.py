"""The consent ledger read back: what held for a number at any time, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.customer import Consent as Row
from models.message import Message
from surveys import consent
from surveys.channels.addresses import channel_of
from surveys.eligibility_facts import Consent


@dataclass(frozen=True)
class Held:
    """What held for one sender (None: where no sender has an entry of its own), and the entry."""

    sender: str | None
    state: Consent
    because: Row | None


def entries(session: Session, workspace_id: int, address: str) -> list[Row]:
    """All that was ever written down of an address for its channel, the oldest first."""
    mine = select(Row).where(
        Row.workspace_id == workspace_id,
        Row.channel == channel_of(address),
        Row.address == address,
    )
    return list(session.scalars(mine.order_by(Row.occurred_at, Row.id)))


def held_at(ledger: Sequence[Row], sender: str | None, at: datetime) -> Held:
    """What held for a sender at a time: the rule of `surveys.consent.state_of`, looking back.

    The latest withdrawal or word of the customer decides; any other permission counts only
    where the customer never withdrew.
    """
    known = [one for one in ledger if one.occurred_at <= at and one.sender in (None, sender)]
    weighty = [one for one in known if _weighs(one)]
    because = next(reversed(weighty or known), None)
    return Held(sender, Consent(because.state) if because else Consent.NONE, because)


def _weighs(one: Row) -> bool:
    return one.state == Consent.WITHDRAWN.value or one.source in consent.OWN_WORD


def senders_at(ledger: Sequence[Row], own: str, at: datetime) -> list[Held]:
    """What held for each sender that was ever spoken of, the workspace's own first."""
    others = sorted({one.sender for one in ledger if one.sender is not None} - {own})
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
    return max((one.id for one in ledger), default=0)
