"""Consent of a person who was two customers: the stricter word holds for all their addresses.

The ledger speaks of addresses, so that nothing of it is lost by merging. But who said STOP on one
number has said so, whatever other number is known of them by now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.customer import Consent as Row
from surveys import consent
from surveys.consent_entries import Entry
from surveys.eligibility_facts import Consent

SOURCE = "merge"
_DETAIL = "withdrawn by the same person at another address, before two customers were merged"
MAIL = "email"


@dataclass(frozen=True)
class Ruled:
    """What the ledger says last of an address for a channel and a sender (None: every sender)."""

    channel: str
    address: str
    sender: str | None
    state: Consent


def withdraw_alike(
    session: Session, workspace_id: int, customer_id: int, addresses: Sequence[str], now: datetime
) -> int:
    """Withdraw for each address what was withdrawn for another of them; how many entries."""
    known = _ruled(session, workspace_id, addresses)
    wanted = {
        (one.channel, address, one.sender)
        for one in known
        if one.state is Consent.WITHDRAWN
        for address in addresses
        if address != one.address and _reachable(address, one)
    }
    held = {(one.channel, one.address, one.sender): one.state for one in known}
    added = 0
    for channel, address, sender in sorted(wanted, key=str):
        states = (held.get((channel, address, sender)), held.get((channel, address, None)))
        if Consent.WITHDRAWN in states:
            continue
        consent.record(
            session,
            workspace_id,
            address,
            Consent.WITHDRAWN,
            SOURCE,
            now,
            sender=sender,
            customer_id=customer_id,
            channel=channel,
            detail=_DETAIL,
        )
        added += 1
    return added


def _reachable(address: str, one: Ruled) -> bool:
    """Whether a channel that reaches one address could reach another: numbers, or mailboxes."""
    return ("@" in address) == ("@" in one.address)


def _ruled(session: Session, workspace_id: int, addresses: Iterable[str]) -> list[Ruled]:
    wanted = select(Row.channel, Row.address, Row.state, Row.source, Row.sender).where(
        Row.workspace_id == workspace_id, Row.address.in_(set(addresses))
    )
    entries: dict[tuple[str, str], list[Entry]] = {}
    for channel, address, state, source, sender in session.execute(
        wanted.order_by(Row.occurred_at.desc(), Row.id.desc())
    ):
        entries.setdefault((channel, address), []).append(Entry(state, source, sender))
    return [
        Ruled(channel, address, sender, _ruling(told, sender))
        for (channel, address), told in entries.items()
        for sender in {one.sender for one in told}
    ]


def _ruling(told: list[Entry], sender: str | None) -> Consent:
    if sender is not None:
        return consent.ruling(told, sender)
    # no sender is called '': what is left is what was said of every sender
    return consent.ruling(told, "")
