"""Lets the demo's customers live: events through the API, answers by phone and by page."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from feedback.demo import characters
from feedback.demo.characters import Character, Moment
from feedback.demo.outside import Outside
from feedback.typing_on_phones import type_on
from models.customer import Customer
from models.event import Event
from models.invitation import Invitation
from models.message import Message
from models.status import InvitationStatus, MessageStatus
from models.workspace import Workspace
from surveys.services import Services

LIVELY = 200  # customers before the pace slackens
LIVELY_EVERY, QUIET_EVERY = 0.45, 6.0
ARRIVED = (MessageStatus.SENT.value, MessageStatus.DELIVERED.value)
LIVE_LINK = (InvitationStatus.SENT.value, InvitationStatus.DELIVERED.value)

Act = Callable[[], None]


@dataclass
class Stage:
    """The shop, its customers, and what they are about to do."""

    engine: Engine
    services: Services
    workspace: Workspace
    outside: Outside
    rng: Random
    plan: list[tuple[float, int, Act]] = field(default_factory=list)
    cast: dict[str, Character] = field(default_factory=dict)
    seen_message: int = 0
    seen_invitation: int = 0
    arrived: int = 0
    next_arrival: float = 0.0
    order: Any = field(default_factory=itertools.count)

    def later(self, at: float, act: Act) -> None:
        """Do something at a time of the stage's own clock, in seconds."""
        heapq.heappush(self.plan, (at, next(self.order), act))

    def catch_up(self) -> None:
        """Overlook what an earlier run of the demo left."""
        with Session(self.engine) as session:
            self.seen_message = session.scalar(select(func.max(Message.id))) or 0
            self.seen_invitation = session.scalar(select(func.max(Invitation.id))) or 0
            # the cast goes on where it stopped, so that nobody's phone is asked twice at once
            count = select(func.count()).where(Event.workspace_id == self.workspace.id)
            self.arrived = (session.scalar(count.where(Event.name == "order_completed"))) or 0

    def step(self, at: float) -> None:
        """One look around: let people arrive, act, and notice what reached them."""
        if at >= self.next_arrival:
            self._arrive(at)
        while self.plan and self.plan[0][0] <= at:
            heapq.heappop(self.plan)[2]()
        self._look_at_phones(at)
        self._look_at_links(at)

    def _arrive(self, at: float) -> None:
        person = characters.make(self.arrived, seed=7)
        self.cast[person.id] = person
        visit = self.arrived
        for moment in person.moments:
            self.later(at + moment.after, lambda m=moment: self._happen(person, m, visit))  # type: ignore[misc]
        self.arrived += 1
        pause = LIVELY_EVERY if self.arrived < LIVELY else QUIET_EVERY
        self.next_arrival = at + pause * self.rng.uniform(0.6, 1.4)

    def _happen(self, person: Character, moment: Moment, visit: int) -> None:
        event = {
            "id": f"{moment.touchpoint}-{visit}",
            "event": characters.EVENT_OF[moment.touchpoint],
            "occurred_at": self.services.now().isoformat(),
            "customer": person.payload(),
            "properties": {"item": person.item, "order_id": f"FF-{10000 + visit}"},
        }
        self.outside.post_event(event)

    def _look_at_phones(self, at: float) -> None:
        query = (
            select(Message, Invitation, Customer.external_id, Event.name)
            .join(Invitation, Invitation.id == Message.invitation_id)
            .join(Customer, Customer.id == Invitation.customer_id)
            .join(Event, Event.id == Invitation.event_id)
            .where(
                Message.workspace_id == self.workspace.id,
                Message.direction == "out",
                Message.id > self.seen_message,
                Message.status.in_(ARRIVED),
            )
            .order_by(Message.id)
        )
        with Session(self.engine) as session:
            for message, invitation, who, event in session.execute(query):
                self.seen_message = message.id
                person = self.cast.get(who)
                if person and person.answers:
                    self._think(person, message, invitation.token, event, at)

    def _think(
        self, person: Character, message: Message, token: str, event: str, at: float
    ) -> None:
        moment = characters.moment_of(person, event)
        question = (message.step or "").partition(":")[2]
        pause = self.rng.uniform(1.0, 3.5)
        if moment is not None and message.step == "mail":
            top = characters.top_of(event)
            self.later(at + pause, lambda: self._visit(token, person, moment, top))
        if moment is None or not question:
            return
        if person.style == "finishes_on_web" and question != "score":
            self.later(at + pause, lambda: self._visit(token, person, moment, 5))
            return
        reply = self._reply(person, moment, question, message.kind)
        address = message.address
        self.later(at + pause, lambda: self._text(address, reply))

    def _reply(self, person: Character, moment: Moment, question: str, kind: str) -> str:
        value = self._score(person, moment, 5)
        why = characters.reason(moment, value, 5, self._mind(person, moment))
        if question == "score":
            if person.style == "misread" and kind != "again":
                return characters.misread(self.rng)
            return characters.first_reply(person, value, why)
        if question == "again":
            return "yes" if value >= 3 else self.rng.choice(("no", "No, sorry", "nope"))
        return why

    def _text(self, address: str, body: str) -> None:
        with Session(self.engine, expire_on_commit=False) as session:
            type_on(session, self.services, self.workspace.id, address, body)

    def _look_at_links(self, at: float) -> None:
        query = (
            select(Invitation.id, Invitation.token, Customer.external_id, Event.name)
            .join(Customer, Customer.id == Invitation.customer_id)
            .join(Event, Event.id == Invitation.event_id)
            .where(
                Invitation.workspace_id == self.workspace.id,
                Invitation.channel == "web",
                Invitation.id > self.seen_invitation,
                Invitation.status.in_(LIVE_LINK),
            )
            .order_by(Invitation.id)
        )
        with Session(self.engine) as session:
            for invitation_id, token, who, event in session.execute(query):
                self.seen_invitation = invitation_id
                person = self.cast.get(who)
                moment = characters.moment_of(person, event) if person else None
                if person and moment and person.answers:
                    top = characters.top_of(event)
                    self.later(
                        at + self.rng.uniform(1, 4),
                        lambda t=token, p=person, m=moment, n=top: self._visit(t, p, m, n),  # type: ignore[misc]
                    )

    def _visit(self, token: str, person: Character, moment: Moment, top: int) -> None:
        value = self._score(person, moment, top)
        said = {
            "score": str(value),
            "why": characters.reason(moment, value, top, self._mind(person, moment)),
            "again": "yes" if value > top / 2 else "no",
        }
        self.outside.answer_page(token, said)

    def _mind(self, person: Character, moment: Moment) -> Random:
        """What somebody thinks of a moment does not change from one question to the next."""
        return Random(f"{person.id}:{moment}")  # noqa: S311

    def _score(self, person: Character, moment: Moment, top: int) -> int:
        return characters.score(moment, top, self._mind(person, moment))


def seconds_since(start: datetime, now: datetime) -> float:
    """The stage's own clock."""
    return (now - start).total_seconds()
