"""A small world in which surveys are asked: a shop, its survey, customers, a fake provider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Base
from models.customer import Customer
from models.event import Event
from models.experiment import Experiment, Variant
from models.invitation import Invitation
from models.journey import Journey, Stage, Touchpoint
from models.message import Message
from models.response import Answer, Response
from models.survey import Survey, SurveyVersion, Trigger
from models.workspace import Workspace
from surveys import consent
from surveys.channels.gateway import Accepted, Found, GatewayUnavailable, Outcome, Outgoing
from surveys.claims import Claim, claim_some
from surveys.definition import parse_definition
from surveys.delivery import fire_due, send_pending
from surveys.eligibility_facts import Consent
from surveys.inbound import Inbound, Received, receive
from surveys.sender_rows import Wire
from surveys.services import Services
from surveys.triggers import fire

MakeWorkspace = Callable[..., Workspace]
NOW = datetime.fromisoformat("2026-11-18T12:00:00+00:00")
SENDER = "+447700900000"
PHONE = "+447700900123"
WHATSAPP_SENDER = "whatsapp:+447700900777"

NPS: dict[str, Any] = {
    "key": "after_delivery",
    "name": "After delivery",
    "metric": "nps",
    "questions": [
        {"key": "score", "type": "nps", "text": "{company}: would you recommend us?"},
        {"key": "why", "type": "text", "text": "What is the main reason?", "required": False},
    ],
    "thanks": "Thank you, {customer.first_name|friend}!",
}


class FakeGateway:
    """A provider in memory: `phone` is what arrived, `script` what the next sends come to."""

    sender = SENDER
    fallback: str | None = None

    def __init__(self, name: str = "fake") -> None:
        self.name = name
        self.phone: list[Outgoing] = []
        self.listed: list[tuple[str, Outgoing]] = []
        self.script: list[Callable[[Outgoing], Outcome]] = []
        self.looked_up: list[Outgoing] = []
        self.unavailable = False
        self.says_of: dict[str, Found] = {}
        self.asked: list[str] = []
        self.ids = count(1)

    def accept(self, outgoing: Outgoing) -> Accepted:
        """Deliver a message, as a healthy provider does."""
        provider_id = f"SM{next(self.ids)}"
        self.phone.append(outgoing)
        self.listed.append((provider_id, outgoing))
        return Accepted(provider_id, "queued")

    def send(self, outgoing: Outgoing) -> Outcome:
        return (self.script.pop(0) if self.script else self.accept)(outgoing)

    def find(
        self, outgoing: Outgoing, since: datetime, taken: frozenset[str] = frozenset()
    ) -> Found | None:
        self.looked_up.append(outgoing)
        if self.unavailable:
            raise GatewayUnavailable("down")
        for provider_id, listed in self.listed:
            same = (listed.address, listed.body) == (outgoing.address, outgoing.body)
            if same and provider_id not in taken:
                return Found(provider_id, "delivered")
        return None

    def account_of(self, sender: str) -> str | None:
        return "second" if sender == self.fallback else None

    def status(self, provider_id: str, account: str | None) -> Found | None:
        self.asked.append(provider_id)
        if self.unavailable:
            raise GatewayUnavailable("down")
        return self.says_of.get(provider_id)

    @property
    def bodies(self) -> list[str]:
        return [outgoing.body for outgoing in self.phone]


@dataclass
class World:
    """Everything a test asks with; `now` is moved by hand."""

    session: Session
    workspace: Workspace
    gateway: FakeGateway = field(default_factory=FakeGateway)
    mail: FakeGateway = field(default_factory=lambda: FakeGateway("fakemail"))
    now: datetime = NOW
    whatsapp_sender: str = WHATSAPP_SENDER
    ids: Any = field(default_factory=lambda: count(1))

    @property
    def services(self) -> Services:
        return Services(
            now=lambda: self.now,
            gateway=self.gateway,
            public_url="https://ask.example.com",
            mail=self.mail,
            whatsapp_sender=self.whatsapp_sender,
        )

    def add(self, row: Base) -> Any:
        self.session.add(row)
        self.session.commit()
        return row

    def later(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now

    def customer(self, phone: str | None = PHONE, **columns: Any) -> Customer:
        return self.add(
            Customer(
                workspace_id=self.workspace.id,
                external_id=columns.pop("external_id", f"c{next(self.ids)}"),
                phone=phone,
                attributes=columns.pop("attributes", {"first_name": "Ada"}),
                created_at=NOW,
                updated_at=NOW,
                **columns,
            )
        )

    def touchpoint(self) -> Touchpoint:
        journey = Journey(workspace_id=self.workspace.id, key="j", name="Journey", created_at=NOW)
        stage = Stage(workspace_id=self.workspace.id, key="s", name="Stage", position=0)
        point = Touchpoint(workspace_id=self.workspace.id, key="t", name="Delivery", position=0)
        stage.touchpoints.append(point)
        journey.stages.append(stage)
        self.add(journey)
        return point

    def survey(self, definition: dict[str, Any] = NPS, **columns: Any) -> Survey:
        parsed = parse_definition(definition)
        survey = self.add(
            Survey(
                workspace_id=self.workspace.id,
                key=columns.pop("key", definition["key"]),
                name="A survey",
                created_at=NOW,
                **columns,
            )
        )
        self.add(
            SurveyVersion(
                workspace_id=self.workspace.id,
                survey_id=survey.id,
                number=1,
                definition=parsed.to_json(),
                content_hash=parsed.content_hash,
                published_at=NOW,
            )
        )
        return survey

    def trigger(self, survey: Survey, channel: str = "sms", **columns: Any) -> Trigger:
        return self.add(
            Trigger(
                workspace_id=self.workspace.id,
                key=columns.pop("key", f"t{next(self.ids)}"),
                event_name=columns.pop("event_name", "delivered"),
                survey_id=survey.id,
                channel=channel,
                created_at=NOW,
                **columns,
            )
        )

    def event(self, customer: Customer, name: str = "delivered", **columns: Any) -> Event:
        return self.add(
            Event(
                workspace_id=self.workspace.id,
                source="api",
                external_id=f"e{next(self.ids)}",
                name=name,
                customer_id=customer.id,
                properties=columns.pop("properties", {}),
                occurred_at=columns.pop("occurred_at", self.now),
                received_at=self.now,
                **columns,
            )
        )

    def happens(self, customer: Customer, **columns: Any) -> list[int]:
        """An event, and the invitations that it sets off."""
        made = fire(self.session, self.event(customer, **columns), customer, self.now)
        self.session.commit()
        return made

    def fire(self) -> int:
        return fire_due(self.session, self.services, self.now)

    def send(self, **how: Any) -> int:
        return send_pending(self.session, self.services, self.now, **how)

    def post(self) -> int:
        """Hand over the e-mails that wait."""
        by_mail = replace(self.services, gateway=self.mail)
        return send_pending(self.session, by_mail, self.now)

    def opts_in(self, phone: str = PHONE) -> None:
        """The customer agreed to be asked by WhatsApp."""
        address = f"whatsapp:{phone}"
        consent.record(
            self.session, self.workspace.id, address, Consent.GRANTED, "team_form", self.now
        )
        self.session.commit()

    def taps(self, words: str, button: str) -> Received:
        """The customer taps a quick reply of WhatsApp's."""
        place = {"phone": f"whatsapp:{PHONE}", "to": self.whatsapp_sender}
        return self.says(words, button=button, **place)

    def writes(self, body: str) -> Received:
        """The customer writes by WhatsApp."""
        return self.says(body, phone=f"whatsapp:{PHONE}", to=self.whatsapp_sender)

    def claim(self) -> Claim | None:
        """What a worker takes next, and holds."""
        claimed = claim_some(self.session, self.gateway, Wire(SENDER), self.now, 1)
        return claimed.claims[0] if claimed.claims else None

    def ask(self) -> None:
        """One round of the worker."""
        self.fire()
        self.send()

    def says(self, body: str, phone: str = PHONE, **fields: Any) -> Received:
        """The customer texts, and the worker sends what follows."""
        inbound = Inbound(
            provider="fake",
            provider_id=fields.pop("provider_id", f"IN{next(self.ids)}"),
            sender_to=fields.pop("to", SENDER),
            address_from=phone,
            body=body,
            **fields,
        )
        received = receive(self.session, self.services, inbound, self.now)
        self.send()
        return received

    def invitation(self, invitation_id: int) -> Invitation:
        return self._fresh(Invitation, invitation_id)

    def message(self, message_id: int) -> Message:
        return self._fresh(Message, message_id)

    def _fresh(self, model: type[Any], row_id: int) -> Any:
        return self.session.get_one(model, row_id, populate_existing=True)

    def rows(self, model: type[Any]) -> list[Any]:
        wanted = select(model).order_by(model.id).execution_options(populate_existing=True)
        return list(self.session.scalars(wanted))

    def outbound(self) -> list[Message]:
        return [row for row in self.rows(Message) if row.direction == "out"]

    def answers(self) -> dict[str, Any]:
        return {row.question: row.value["value"] for row in self.rows(Answer)}

    def response(self) -> Response:
        (only,) = self.rows(Response)
        return only


def asked_world(session: Session, workspace: Workspace) -> World:
    """A world in which one customer was asked the first question by SMS."""
    world = World(session, workspace)
    customer = world.customer()
    world.trigger(world.survey())
    world.happens(customer)
    world.ask()
    return world


def make_experiment(
    world: World, trigger: Trigger, *changes: dict[str, Any], key: str = "trial"
) -> Experiment:
    """A drafted experiment with a variant for each of the changes, called v0, v1 ..."""
    made: Experiment = world.add(
        Experiment(
            workspace_id=world.workspace.id,
            trigger_id=trigger.id,
            key=key,
            name="A trial",
            state="draft",
            salt="salt",
            created_at=NOW,
        )
    )
    for place, change in enumerate(changes):
        named = {"key": f"v{place}", "name": f"Variant {place}", "place": place}
        world.add(Variant(experiment_id=made.id, **{"weight": 1, **named, **change}))
    return made
