"""The consent ledger: append-only; only the customer takes a withdrawal back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import customer as tables
from surveys.eligibility_facts import Consent

SMS = "sms"
CUSTOMER_SMS, CUSTOMER_WEB, PROVIDER = "customer_sms", "customer_web", "provider"
OWN_WORD = (CUSTOMER_SMS, CUSTOMER_WEB)


def record(
    session: Session,
    workspace_id: int,
    address: str,
    state: Consent,
    source: str,
    now: datetime,
    *,
    sender: str | None = None,
    customer_id: int | None = None,
    channel: str = SMS,
    detail: str | None = None,
) -> None:
    """Append one entry; `sender` None speaks of every sender of the workspace.

    `source` says whose word it is; only OWN_WORD sources take a withdrawal back.
    """
    session.add(
        tables.Consent(
            workspace_id=workspace_id,
            customer_id=customer_id,
            channel=channel,
            address=address,
            sender=sender,
            state=state.value,
            source=source,
            detail=detail,
            occurred_at=now,
        )
    )
    session.flush()


class About(NamedTuple):
    """Whom and what a permission is about: an address, and the sender that would write to it."""

    workspace_id: int
    address: str
    sender: str


class Entry(NamedTuple):
    """A line of the ledger, as far as it decides; `sender` None speaks of every sender."""

    state: str
    source: str
    sender: str | None


def ruling(entries: Iterable[Entry], sender: str) -> Consent:
    """What holds for a sender by the entries of an address, the latest first.

    The latest withdrawal or word of the customer decides; a permission that comes from
    elsewhere (an import, the API) counts only where the customer never withdrew.
    """
    about = [one for one in entries if one.sender in (None, sender)]
    weighty = (
        one for one in about if one.state == Consent.WITHDRAWN.value or one.source in OWN_WORD
    )
    decides = next(weighty, None) or next(iter(about), None)
    return Consent(decides.state) if decides else Consent.NONE


def states_of(
    session: Session, about: Sequence[About], channel: str = SMS
) -> Mapping[About, Consent]:
    """What holds for each of these now, by one query."""
    ledger = tables.Consent
    entries: dict[tuple[int, str], list[Entry]] = defaultdict(list)
    if about:
        rows = session.execute(
            select(ledger.workspace_id, ledger.address, ledger.state, ledger.source, ledger.sender)
            .where(
                ledger.workspace_id.in_({one.workspace_id for one in about}),
                ledger.channel == channel,
                ledger.address.in_({one.address for one in about}),
            )
            .order_by(ledger.occurred_at.desc(), ledger.id.desc())
        )
        for workspace_id, address, state, source, sender in rows:
            entries[workspace_id, address].append(Entry(state, source, sender))
    return {one: ruling(entries[one.workspace_id, one.address], one.sender) for one in about}


def state_of(
    session: Session, workspace_id: int, address: str, sender: str, channel: str = SMS
) -> Consent:
    """What holds for an address and a sender now (see `ruling`)."""
    about = About(workspace_id, address, sender)
    return states_of(session, [about], channel)[about]
