"""The consent ledger: append-only; only the customer takes a withdrawal back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import customer as tables
from surveys.channels import addresses
from surveys.consent_entries import Entry, entries_of
from surveys.eligibility_facts import Consent

SMS = addresses.SMS
CUSTOMER_SMS, CUSTOMER_WEB, PROVIDER = "customer_sms", "customer_web", "provider"
CUSTOMER_WHATSAPP = "customer_whatsapp"
BY_MESSAGE = (CUSTOMER_SMS, CUSTOMER_WHATSAPP)
OWN_WORD = (*BY_MESSAGE, CUSTOMER_WEB)


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
    channel: str | None = None,
    detail: str | None = None,
) -> None:
    """Append one entry; `sender` None speaks of every sender of the workspace.

    The channel is the address's own unless another is named.
    `source` says whose word it is; only OWN_WORD sources take a withdrawal back.
    """
    session.add(
        tables.Consent(
            workspace_id=workspace_id,
            customer_id=customer_id,
            channel=channel or addresses.channel_of(address),
            address=address,
            sender=sender,
            state=state.value,
            source=source,
            detail=detail,
            occurred_at=now,
        )
    )
    session.flush()


def record_everywhere(
    session: Session,
    workspace_id: int,
    address: str,
    source: str,
    now: datetime,
    *,
    sender: str | None = None,
    detail: str | None = None,
) -> None:
    """Append a withdrawal from every workspace of this installation, and those to come."""
    session.add(
        tables.StopEverywhere(
            channel=addresses.channel_of(address),
            address=address,
            said_in=workspace_id,
            sender=sender,
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
    session: Session, about: Sequence[About], channel: str | None = None
) -> Mapping[About, Consent]:
    """What holds for each of these now, by one query; each by its address's channel.

    `channel` names another for all of them.
    """
    known = entries_of(
        session, {one.workspace_id for one in about}, {one.address for one in about}, channel
    )
    return {one: ruling(known(one.workspace_id, one.address), one.sender) for one in about}


def said_here(session: Session, workspace_id: int, address: str, sender: str) -> Consent:
    """What was said of a sender to this workspace itself, whatever was said elsewhere."""
    ledger = tables.Consent
    rows = session.execute(
        select(ledger.state, ledger.source, ledger.sender)
        .where(
            ledger.workspace_id == workspace_id,
            ledger.channel == addresses.channel_of(address),
            ledger.address == address,
        )
        .order_by(ledger.occurred_at.desc(), ledger.id.desc())
    )
    return ruling([Entry(*row) for row in rows], sender)


def state_of(
    session: Session, workspace_id: int, address: str, sender: str, channel: str | None = None
) -> Consent:
    """What holds for an address and a sender now (see `ruling`)."""
    about = About(workspace_id, address, sender)
    return states_of(session, [about], channel)[about]


def own_word(address: str) -> str:
    """The source of what a customer says themselves from an address."""
    return CUSTOMER_WHATSAPP if addresses.is_whatsapp(address) else CUSTOMER_SMS
