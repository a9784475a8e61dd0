"""Why a message that waits must not leave after all, asked of many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.customer import Consent as Ledger
from models.customer import StopEverywhere
from models.invitation import Invitation
from models.status import InvitationStatus
from surveys import consent, whatsapp_session
from surveys.channels.addresses import channel_of
from surveys.eligibility_facts import Consent, Rule
from surveys.whatsapp_session import OUTSIDE

# The law wants these answered even to somebody who opted out: they ask for nothing.
ALWAYS = ("stop", "help")
ASKING = ("invitation", "question", "again", "reminder")
CANCELLED = InvitationStatus.CANCELLED.value
CALLED_OFF = (CANCELLED, InvitationStatus.SUPPRESSED.value)
WAITED_TOO_LONG = "waited_too_long"
REPLY_WINDOW = timedelta(hours=12)
CONFIRM_WITHIN = timedelta(minutes=5)  # 47 CFR 64.1200(a)(12)


@dataclass(frozen=True)
class Waiting:
    """A message that is about to leave, as far as objections need to know it."""

    id: int
    workspace_id: int
    kind: str
    sender: str
    address: str
    invitation_id: int | None
    conversation_id: int | None
    created_at: datetime
    from_template: bool = False


@dataclass(frozen=True)
class _Asked:
    status: str
    rule: str | None
    expires_at: datetime


def objections(session: Session, waiting: Sequence[Waiting], now: datetime) -> dict[int, str]:
    """The rule that holds a message back, by the message's id; few queries whatever their number.

    Withdrawn consent, an answer given meanwhile, an invitation called off or expired, a reply
    that waited so long that nobody expects it any more, or so long that WhatsApp takes it no more;
    a confirmation of STOP that comes late is one more text to somebody who wants none.
    """
    asking = [one for one in waiting if one.kind not in ALWAYS]
    states = consent.states_of(session, [_about(one) for one in asking])
    asked = _invitations(session, asking)
    found = (
        (one, _objection(one, states[_about(one)], asked.get(one.invitation_id or 0), now))
        for one in asking
    )
    outside = dict.fromkeys(whatsapp_session.outside(session, asking, now), OUTSIDE)
    late = {
        one.id: WAITED_TOO_LONG
        for one in waiting
        if one.kind == "stop" and one.created_at + CONFIRM_WITHIN <= now
    }
    return outside | late | {one.id: rule for one, rule in found if rule}


def _about(one: Waiting) -> consent.About:
    return consent.About(one.workspace_id, one.address, one.sender)


def _objection(one: Waiting, state: Consent, asked: _Asked | None, now: datetime) -> str | None:
    if state is Consent.WITHDRAWN:
        return Rule.WITHDREW_CONSENT.value
    if one.kind != "invitation" and one.created_at + REPLY_WINDOW <= now:
        return WAITED_TOO_LONG
    if one.kind not in ASKING or asked is None:
        return None
    if asked.status == InvitationStatus.COMPLETED.value:
        return Rule.ALREADY_ANSWERED.value
    if asked.status in CALLED_OFF:
        return asked.rule or CANCELLED
    if one.kind == "invitation" and asked.expires_at <= now:
        return Rule.EXPIRED.value
    return None


def _invitations(session: Session, waiting: Iterable[Waiting]) -> Mapping[int, _Asked]:
    ids = sorted({one.invitation_id for one in waiting if one.invitation_id and one.kind in ASKING})
    if not ids:
        return {}
    rows = session.execute(
        select(Invitation.id, Invitation.status, Invitation.rule, Invitation.expires_at).where(
            Invitation.id.in_(ids)
        )
    )
    return {row.id: _Asked(row.status, row.rule, row.expires_at) for row in rows}


def withdrew(session: Session, waiting: Collection[Waiting]) -> frozenset[str]:
    """The addresses among these that ever withdrew: to be asked about again, at once."""
    addresses = {one.address for one in waiting}
    rows = session.scalars(
        select(Ledger.address)
        .where(
            Ledger.workspace_id.in_({one.workspace_id for one in waiting}),
            Ledger.channel.in_({channel_of(one) for one in addresses}),
            Ledger.address.in_(addresses),
            Ledger.state == Consent.WITHDRAWN.value,
        )
        .union_all(select(StopEverywhere.address).where(StopEverywhere.address.in_(addresses)))
    )
    return frozenset(rows)
