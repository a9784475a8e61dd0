"""The inbox: inbound SMS are rows, each provider id once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.message import Message
from models.status import MessageStatus
from surveys.arrivals import Behind, Came, Inbound, Received
from surveys.channels.addresses import channel_of, is_whatsapp, plain
from surveys.channels.segments import count
from surveys.inbox_sql import BEHIND, NAMED, STOOD_IN_FOR, STORE
from surveys.locking import lock
from surveys.services import Services

KIND = "reply"
LONGEST = 3_200  # twice what Twilio lets through


@dataclass(frozen=True)
class Whose:
    """The workspaces behind the number that a message came to, oldest first.

    `via` is that number where it is the fall-back's, which belongs to others' exchanges.
    """

    sharing: Sequence[Behind] = ()
    via: str | None = None

    @property
    def wire(self) -> str | None:
        """The sender that it came to; None where nobody has it."""
        return self.via or next((one.sender for one in self.sharing), None)


def whose(
    session: Session, services: Services, inbound: Inbound, workspace_id: int | None
) -> Whose:
    """Who is behind the number, by its service first; for the fall-back, whom it stood in for."""
    channel, fallback = channel_of(inbound.address_from), services.gateway.fallback
    own = own_sender(services, inbound)
    about = {"provider": inbound.provider, "provider_id": inbound.provider_id}
    about |= {"address": inbound.address_from, "phone": plain(inbound.address_from)}
    if workspace_id is not None:
        (found,) = NAMED[channel].all_in(session, {**about, "workspace": workspace_id})
        return Whose([behind_of(found, found[3] or own)])
    behind = BEHIND[channel]
    for sender in senders_of(inbound):
        if sender == fallback:
            rows = STOOD_IN_FOR.all_in(session, {**about, "sender": sender})
            rows = rows or behind.all_in(session, {**about, "sender": own, "shared": True})
            return Whose([behind_of(one, one[3] or own) for one in rows], sender)
        rows = behind.all_in(session, {**about, "sender": sender, "shared": sender == own})
        if rows:
            return Whose([behind_of(one, sender) for one in rows])
    return Whose()


def own_sender(services: Services, inbound: Inbound) -> str:
    """The program's own sender on a message's channel; empty where it has none for WhatsApp."""
    if is_whatsapp(inbound.address_from):
        return services.whatsapp_sender or ""
    return services.gateway.sender


def senders_of(inbound: Inbound) -> list[str]:
    """What may be our sender: the service, whichever its number; by WhatsApp the number alone."""
    pool = None if is_whatsapp(inbound.address_from) else inbound.service
    return [one for one in (pool, inbound.sender_to) if one]


def behind_of(found: Sequence[Any], sender: str) -> Behind:
    """A workspace behind a sender, from the columns of `inbox_sql.behind`."""
    identity, company, default_locale, _, customer, locale, barred, first, kind = found
    known = None if first is None else Received(kind, first, replay=True)
    return Behind(
        identity, sender, company, default_locale, customer, locale, barred is not None, known
    )


def earlier(sharing: Sequence[Behind]) -> Received | None:
    """What the same message was taken for when it came before; None when it is new."""
    return next((one.first for one in sharing if one.first is not None), None)


def store(session: Session, came: Came, now: datetime) -> int | None:
    """The id of the message's row; None when the same one came in at the same moment.

    The row is written before anything is read that it may change: on SQLite that takes the
    write lock, and on PostgreSQL a twin waits here for the first to finish.
    """
    workspace = came.workspace
    about = row(came.inbound, workspace.id, workspace.sender, came.via, now)
    values = {**about, "customer_id": workspace.customer_id}
    made = STORE.first_in(session, values)
    return None if made is None else int(made[0])


def row(
    inbound: Inbound, workspace_id: int, sender: str, via: str | None, now: datetime
) -> dict[str, Any]:
    """What a message's row says of it, whoever it is from."""
    body = storable(inbound.body)
    return {
        "workspace_id": workspace_id,
        "direction": "in",
        "kind": KIND,
        "sender": sender,
        "via": via,
        "address": inbound.address_from,
        "body": body,
        "segments": 1 if is_whatsapp(inbound.address_from) else count(body).segments,
        "status": MessageStatus.RECEIVED.value,
        "provider": inbound.provider,
        "provider_id": inbound.provider_id,
        "priority": 5,
        "attempts": 0,
        "created_at": now,
        "status_at": now,
    }


def row_of(session: Session, message_id: int) -> Message:
    """The row of a message that was just stored."""
    message = lock(session, Message, message_id)
    assert message is not None
    return message


def storable(body: str) -> str:
    """The body without what no database keeps: NULs, and halves of letters outside plane 0."""
    return body.replace("\x00", "").encode("utf-8", "replace").decode()[:LONGEST]
