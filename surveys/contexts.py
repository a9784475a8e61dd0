"""What texts and filters may know of a customer, an event and the company."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.customer import Customer
from models.event import Event
from models.invitation import Invitation
from models.workspace import Workspace
from surveys.flow_types import Context


class CustomerFacts(Protocol):
    """The part of a customer that texts and filters may use."""

    @property
    def external_id(self) -> str:
        """The customer's id outside."""

    @property
    def locale(self) -> str | None:
        """The language the customer prefers."""

    @property
    def timezone(self) -> str | None:
        """The customer's IANA time zone."""

    @property
    def attributes(self) -> Mapping[str, Any]:
        """What else is known of the customer."""


class EventFacts(Protocol):
    """The part of an event that texts and filters may use."""

    @property
    def name(self) -> str:
        """What happened."""

    @property
    def occurred_at(self) -> datetime:
        """When it happened."""

    @property
    def properties(self) -> Mapping[str, Any]:
        """What else is known of the event."""


class FiredEvent(EventFacts, Protocol):
    """What a trigger needs of an event: a row of models.event or anything shaped like it."""

    @property
    def id(self) -> int:
        """The event's id."""

    @property
    def workspace_id(self) -> int:
        """Its workspace."""

    @property
    def touchpoint_id(self) -> int | None:
        """The touchpoint it happened at."""


class FiredCustomer(CustomerFacts, Protocol):
    """What a trigger needs of a customer."""

    @property
    def id(self) -> int:
        """The customer's id."""


class CustomerRow(NamedTuple):
    """A customer's facts, read by columns."""

    external_id: str
    locale: str | None
    timezone: str | None
    attributes: dict[str, Any]


class EventRow(NamedTuple):
    """An event's facts, read by columns."""

    name: str
    occurred_at: datetime
    properties: dict[str, Any]


def customer_facts(customer: CustomerFacts) -> dict[str, object]:
    """`customer.first_name`, `customer.attributes.tier`, and for short `customer.tier`."""
    return {
        **customer.attributes,
        "id": customer.external_id,
        "locale": customer.locale,
        "timezone": customer.timezone,
        "attributes": customer.attributes,
    }


def event_facts(event: EventFacts | None) -> dict[str, object]:
    """`event.name`, `event.date` and the event's properties, such as `event.order_id`."""
    if event is None:
        return {}
    day = event.occurred_at.date().isoformat()
    return {"date": day, **event.properties, "name": event.name}


_WHOM = (
    select(Workspace, Customer, Event)
    .join(Customer, Customer.workspace_id == Workspace.id)
    .outerjoin(Event, Event.id == bindparam("event"))
    .where(Customer.id == bindparam("customer"))
)


def context_of(
    session: Session,
    invitation: Invitation,
    channel: Literal["sms", "web", "whatsapp"],
    link: str | None = None,
) -> Context:
    """Whom an invitation's survey speaks to, read in one query; `link` as texts may bring it."""
    whom = {"event": invitation.event_id, "customer": invitation.customer_id}
    workspace, customer, event = session.execute(_WHOM, whom).one()
    return context_about(workspace, customer, event, channel, link)


def context_about(
    workspace: Workspace,
    customer: Customer,
    event: Event | None,
    channel: Literal["sms", "web", "whatsapp"],
    link: str | None = None,
) -> Context:
    """The same of rows that were read before."""
    return Context(
        company=workspace.company,
        customer=customer_facts(customer),
        event=event_facts(event),
        language=customer.locale or workspace.default_locale,
        channel=channel,
        link=link,
    )
