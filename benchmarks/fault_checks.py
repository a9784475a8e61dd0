"""What must hold after a fault run, read off the phones and the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.fault_people import Person, Phones
from models.conversation import Conversation
from models.customer import Customer
from models.invitation import Invitation
from models.message import Message
from models.response import Answer, Response

STUCK = ("pending", "sending", "unknown")
HANDED_OVER = timedelta(seconds=1)
"""A message on its way to the provider when STOP was acknowledged may still arrive there."""


@dataclass(frozen=True)
class Broken:
    """One promise that was broken, in words."""

    promise: str
    words: str


def broken(session: Session, phones: Phones, crowd: Sequence[Person]) -> list[Broken]:
    """Every promise that was broken, of all phones."""
    return [
        *_twice(session, phones),
        *_lost(session, phones, crowd),
        *_disobeyed(session, phones, crowd),
        *_unexplained(session),
    ]


def _twice(session: Session, phones: Phones) -> Iterable[Broken]:
    """No phone got the same step twice: as many texts of the same words as steps that say them."""
    steps: dict[tuple[str, str], set[tuple[str | None, str]]] = defaultdict(set)
    for row in session.execute(
        select(Message.address, Message.body, Message.dedupe_scope, Message.step).where(
            Message.direction == "out"
        )
    ):
        base = (row.step or "").partition("~")[0]
        steps[row.address, row.body].add((row.dedupe_scope, base))
    got = Counter(
        (one.to, one.body)
        for one in phones.all()
        if one.direction == "outbound-api" and one.arrived
    )
    for (phone, body), times in got.items():
        if times > len(steps[phone, body]):
            yield Broken("twice", f"{phone} got {body!r} {times} times")


def _lost(session: Session, phones: Phones, crowd: Sequence[Person]) -> Iterable[Broken]:
    """Whatever was acknowledged is there, and a score that was given is an answer."""
    kept = {
        row.provider_id: row.kind
        for row in session.execute(
            select(Message.provider_id, Message.kind).where(Message.direction == "in")
        )
    }
    for one in phones.all():
        if one.inbound and one.answered == 200 and one.sid not in kept:
            yield Broken("lost", f"{one.phone} wrote {one.body!r}, which is nowhere")
    scored = set(
        session.scalars(
            select(Customer.phone)
            .join(Response, Response.customer_id == Customer.id)
            .join(Answer, Answer.response_id == Response.id)
            .where(Answer.question == "score")
        )
    )
    for person in crowd:
        if any(said[:1].isdigit() for said in person.typed) and person.number not in scored:
            yield Broken("lost", f"{person.number} gave a score, and there is none")


def _disobeyed(session: Session, phones: Phones, crowd: Sequence[Person]) -> Iterable[Broken]:
    """After a STOP was acknowledged nothing but its confirmation was handed to the provider."""
    confirmations = set(session.scalars(select(Message.body).where(Message.kind == "stop")))
    for person in crowd:
        if person.stopped_at is None:
            continue
        for one in phones.of_phone(person.number):
            late = one.created > person.stopped_at + HANDED_OVER
            if one.direction == "outbound-api" and late and one.body not in confirmations:
                yield Broken("stop", f"{person.number} got {one.body!r} after STOP")


def _unexplained(session: Session) -> Iterable[Broken]:
    """Every message, invitation and exchange is in a state that a person can explain."""
    for row in session.execute(
        select(Message.id, Message.kind, Message.status).where(Message.status.in_(STUCK))
    ):
        yield Broken("stuck", f"message {row.id} ({row.kind}) is {row.status}")
    for row in session.execute(
        select(Invitation.id, Invitation.status).where(
            Invitation.status.in_(("sending", "unknown"))
        )
    ):
        yield Broken("stuck", f"invitation {row.id} is {row.status}")
    for row in session.execute(
        select(Conversation.id, Response.status)
        .join(Response, Response.id == Conversation.response_id)
        .where(Conversation.status == "open", Response.status != "open")
    ):
        yield Broken("stuck", f"exchange {row.id} is open, its response {row.status}")
