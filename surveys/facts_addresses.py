"""What is known of addresses for many at once: consent, whether they are reached, what is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.sending import Suppression
from models.status import ConversationStatus
from models.takeover import Takeover
from models.takeover_status import TakeoverStatus
from surveys import consent
from surveys.channels.addresses import EMAIL, MAIL_SENDER, TALKS, WHATSAPP, address_on, plain_mail
from surveys.consent import About
from surveys.eligibility_facts import Consent
from surveys.facts_rows import Found
from surveys.outbox_sql import word
from surveys.suppressions import LAPSES


def address_of(row: Found) -> str | None:
    """Where an invitation goes by its channel; None where the customer has no such address."""
    if row.channel == EMAIL:
        return plain_mail(row.email) if row.email else None
    return address_on(row.channel, row.phone) if row.phone else None


@dataclass(frozen=True)
class Addresses:
    """What holds for addresses; numbers are asked about as (workspace, sender, number)."""

    consents: Mapping[tuple[str, About], Consent] = field(default_factory=dict)
    unreachable: Mapping[tuple[int, str], str] = field(default_factory=dict)
    exchanges: Mapping[tuple[int, str, str], tuple[int, datetime]] = field(default_factory=dict)
    held: Mapping[tuple[int, str, str], datetime] = field(default_factory=dict)

    def open_until(self, about: About, but: int) -> datetime | None:
        """When what is open on a number lapses, other than an invitation's own exchange."""
        whom = (about.workspace_id, about.sender, about.address)
        if whom in self.held:
            return self.held[whom]
        invitation, until = self.exchanges.get(whom, (but, None))
        return until if invitation != but else None


def addresses(
    session: Session, rows: Sequence[Found], senders: Senders, now: datetime
) -> Addresses:
    """All that matters of the addresses of these invitations, in four statements at most."""
    about = {(row.channel, one) for row in rows if (one := about_of(row, senders)) is not None}
    texted = [one for channel, one in about if channel in TALKS]
    consents = {
        (channel, one): state
        for channel in {channel for channel, _ in about}
        for one, state in consent.states_of(
            session, [one for known, one in about if known == channel], channel
        ).items()
    }
    written = [one for _, one in about]
    dead = _unreachable(session, written, now) if written else {}
    if not texted:
        return Addresses(consents, dead)
    held, exchanges = _held(session, texted), _open(session, texted)
    return Addresses(consents, dead, exchanges, held)


@dataclass(frozen=True)
class Senders:
    """Who texts, and who writes by WhatsApp, where a workspace has nobody of its own."""

    sms: str = ""
    whatsapp: str = ""

    def of(self, row: Found) -> str:
        """From where an invitation would be asked; empty where WhatsApp has no sender."""
        if row.channel == EMAIL:
            return MAIL_SENDER
        if row.channel == WHATSAPP:
            return str(row.whatsapp_sender or self.whatsapp)
        return str(row.sender or self.sms)


def about_of(row: Found, senders: Senders) -> About | None:
    """Whom an invitation would write to, from where; None for a link or without an address."""
    address = address_of(row)
    if address is None or row.channel == "web":
        return None
    return About(row.workspace_id, address, senders.of(row))


def _unreachable(
    session: Session, written: Sequence[About], now: datetime
) -> Mapping[tuple[int, str], str]:
    rows = session.execute(
        select(Suppression.workspace_id, Suppression.address, Suppression.code).where(
            Suppression.workspace_id.in_({one.workspace_id for one in written}),
            Suppression.address.in_({one.address for one in written}),
            Suppression.occurred_at > now - LAPSES,
        )
    )
    return {(workspace, address): code for workspace, address, code in rows}


def _held(session: Session, texted: Sequence[About]) -> Mapping[tuple[int, str, str], datetime]:
    rows = session.execute(
        select(Takeover.workspace_id, Takeover.sender, Takeover.address, Takeover.until).where(
            *_among(Takeover, texted), Takeover.status == word(TakeoverStatus.HELD.value)
        )
    )
    return {(workspace, sender, address): until for workspace, sender, address, until in rows}


def _open(
    session: Session, texted: Sequence[About]
) -> Mapping[tuple[int, str, str], tuple[int, datetime]]:
    wanted = select(
        Conversation.workspace_id,
        Conversation.sender,
        Conversation.address,
        Conversation.invitation_id,
        Conversation.expires_at,
    ).where(
        *_among(Conversation, texted), Conversation.status == word(ConversationStatus.OPEN.value)
    )
    rows = session.execute(wanted)
    return {(row[0], row[1], row[2]): (row.invitation_id, row.expires_at) for row in rows}


def _among(
    table: type[Conversation] | type[Takeover], texted: Sequence[About]
) -> Iterator[ColumnElement[bool]]:
    """Those of the numbers, and of other pairs of them, which nobody looks up.

    PostgreSQL plans a list of triples as so many conditions, which takes longer than the answer;
    each column's list by itself is one walk of the index that all three share.
    """
    yield table.workspace_id.in_({one.workspace_id for one in texted})
    yield table.sender.in_({one.sender for one in texted})
    yield table.address.in_({one.address for one in texted})
