"""The consent ledger: append-only; only the customer takes a withdrawal back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, or_, select
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


_LEDGER = tables.Consent
_LATEST = (
    select(_LEDGER.state)
    .where(
        _LEDGER.workspace_id == bindparam("workspace"),
        _LEDGER.channel == bindparam("channel"),
        _LEDGER.address == bindparam("address"),
        or_(_LEDGER.sender.is_(None), _LEDGER.sender == bindparam("sender")),
    )
    .order_by(_LEDGER.occurred_at.desc(), _LEDGER.id.desc())
    .limit(1)
)
_LATEST_WEIGHTY = _LATEST.where(
    or_(_LEDGER.state == Consent.WITHDRAWN.value, _LEDGER.source.in_(OWN_WORD))
)


def state_of(
    session: Session, workspace_id: int, address: str, sender: str, channel: str = SMS
) -> Consent:
    """What holds for an address and a sender now.

    The latest withdrawal or word of the customer decides; a permission that comes from
    elsewhere (an import, the API) counts only where the customer never withdrew.
    """
    about = {
        "workspace": workspace_id,
        "channel": channel,
        "address": address,
        "sender": sender,
    }
    found = session.scalar(_LATEST_WEIGHTY, about) or session.scalar(_LATEST, about)
    return Consent(found) if found else Consent.NONE
