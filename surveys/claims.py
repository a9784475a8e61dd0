"""Claims: which messages are handed over next, and whether they still may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, and_, update
from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.message import Message
from models.status import InvitationStatus, MessageStatus, move, sources
from surveys import invitations
from surveys.channels.gateway import Gateway, Outgoing
from surveys.conversations import abandon, find_open
from surveys.eligibility_facts import Rule
from surveys.in_line import first_in_line
from surveys.objections import Waiting, objections
from surveys.outgoing import outgoing_of
from surveys.sender_rows import Wire
from surveys.whatsapp_session import OUTSIDE

LEASE = timedelta(minutes=2)
# held back for these, the exchange goes on: by another channel, or when the customer writes
_GOES_ON = (Rule.ALREADY_ANSWERED.value, OUTSIDE)


@dataclass(frozen=True)
class Claim:
    """A message in this worker's hands; its attempt tells this try from any other."""

    outgoing: Outgoing
    waiting: Waiting

    @property
    def message_id(self) -> int:
        """The message's row."""
        return self.outgoing.message_id

    @property
    def attempt(self) -> int:
        """Which try this is, from 1."""
        return self.outgoing.attempt


@dataclass(frozen=True)
class Claimed:
    """What a worker took: the messages to hand over, in order, and how many it took in all."""

    claims: Sequence[Claim]
    taken: int


def claim_some(session: Session, gateway: Gateway, wire: Wire, now: datetime, most: int) -> Claimed:
    """Claim a sender's next messages, replies first, and hold back what must not leave. Commits.

    The account that they are handed to is noted, for it alone knows what became of them.
    After the commit they count as handed over, whatever happens to this process.
    """
    rows = _take(session, gateway, wire, now, most)
    if not rows:
        session.rollback()
        return Claimed((), 0)
    claims = [_claim(row) for row in sorted(rows, key=lambda row: (row.priority, row.id))]
    left = _objected(session, claims, now)
    session.commit()
    return Claimed(left, len(claims))


def _claim(row: Row[*tuple[object, ...]]) -> Claim:
    waiting = Waiting(
        row.id,
        row.workspace_id,
        row.kind,
        row.sender,
        row.address,
        row.invitation_id,
        row.conversation_id,
        row.created_at,
        row.content_sid is not None,
    )
    return Claim(outgoing_of(row), waiting)


_SENDING = MessageStatus.SENDING.value
_TAKEN = (
    *(Message.id, Message.workspace_id, Message.kind, Message.sender, Message.address),
    *(Message.invitation_id, Message.conversation_id, Message.created_at),
    *(Message.body, Message.attempts, Message.priority, Message.via, Message.account),
    *(Message.content_sid, Message.content_variables, Message.letter),
)


def _take(
    session: Session, gateway: Gateway, wire: Wire, now: datetime, most: int
) -> Sequence[Row[*tuple[object, ...]]]:
    waits = MessageStatus.PENDING.value
    mine = and_(Message.provider == gateway.name, wire.mine, Message.direction == "out")
    first = first_in_line(session, mine, now, most)
    return session.execute(
        update(Message)
        .where(Message.id.in_(first), Message.status == waits)
        .values(
            status=_SENDING,
            attempts=Message.attempts + 1,
            attempted_at=now,
            status_at=now,
            claimed_until=now + LEASE,
            account=gateway.account_of(wire.sender),
        )
        .returning(*_TAKEN)
        .execution_options(synchronize_session=False)
    ).all()


def _objected(session: Session, claims: Sequence[Claim], now: datetime) -> list[Claim]:
    """The claims that nothing speaks against; the others are held back."""
    against = objections(session, [claim.waiting for claim in claims], now)
    for claim in claims:
        if claim.message_id in against:
            hold_back(session, claim.waiting, against[claim.message_id], now)
    return [claim for claim in claims if claim.message_id not in against]


def still_wanted(session: Session, claims: Sequence[Claim], now: datetime) -> list[Claim]:
    """Of claims in nobody else's hands, those that still may leave; the others end. Commits."""
    wanted = _objected(session, claims, now)
    session.commit()
    return wanted


def hold_back(session: Session, message: Waiting, rule: str, now: datetime) -> None:
    """Cancel a message, keeping why; with its first an invitation and its exchange end too."""
    values = {"status_at": now, "claimed_until": None, "error_code": rule[:20]}
    move(session, Message, message.id, MessageStatus.CANCELED, **values)
    if rule not in _GOES_ON:
        conversation = find_open(session, message.workspace_id, message.sender, message.address)
        if conversation is not None:
            abandon(session, conversation, now)
    if message.kind == "invitation" and message.invitation_id is not None:
        invitations.suppress(session, message.invitation_id, rule, now)


def give_back(session: Session, claims: Sequence[Claim], now: datetime) -> None:
    """Let messages wait again that were claimed and never handed over. Commits."""
    session.execute(
        update(Message)
        .where(
            Message.id.in_([claim.message_id for claim in claims]),
            Message.status == _SENDING,
        )
        .values(status=MessageStatus.PENDING.value, status_at=now, claimed_until=None)
        .execution_options(synchronize_session=False)
    )
    session.commit()


def forget_crashed(session: Session, now: datetime) -> list[int]:
    """Messages whose worker died while handing them over are unknown from now on. Commits."""
    crashed = session.execute(
        update(Message)
        .where(
            Message.status.in_(sources("messages", MessageStatus.UNKNOWN)),
            Message.claimed_until <= now,
        )
        .values(status=MessageStatus.UNKNOWN.value, status_at=now, claimed_until=None)
        .returning(Message.id, Message.kind, Message.invitation_id)
        .execution_options(synchronize_session=False)
    ).all()
    for _, kind, invitation_id in crashed:
        if kind == "invitation" and invitation_id is not None:
            move(session, Invitation, invitation_id, InvitationStatus.UNKNOWN, status_at=now)
    session.commit()
    return [row.id for row in crashed]
