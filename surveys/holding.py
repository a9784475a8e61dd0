"""An open exchange, held for the length of a reply: read once, by columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models.conversation import Conversation
from surveys import conversations
from surveys.channels.addresses import Talk, talk_of
from surveys.channels.links import short_link
from surveys.contexts import CustomerRow, EventRow, customer_facts, event_facts
from surveys.definition import SurveyDefinition
from surveys.exchange_sql import HOLD, SEEN
from surveys.flow_types import Context, State
from surveys.held import holder
from surveys.locking import take_turns
from surveys.versions import definition_at


@dataclass(frozen=True)
class Place:
    """Where messages are exchanged: an address on a sender of a workspace.

    `via` is the fall-back that the customer wrote to in the sender's place.
    """

    workspace_id: int
    sender: str
    address: str
    via: str | None = None

    @property
    def channel(self) -> Talk:
        """By SMS or by WhatsApp."""
        return talk_of(self.address)

    @property
    def named(self) -> dict[str, Any]:
        """As statements want it."""
        return {"workspace_id": self.workspace_id, "sender": self.sender, "address": self.address}


class Begun(NamedTuple):
    """The response that an exchange is about, as far as saving needs it."""

    id: int
    workspace_id: int
    invitation_id: int


@dataclass(frozen=True)
class Exchange:
    """An open exchange: its survey, its customer, and how far they came.

    `latest` is the status of the last question, `takeover` names what a person of the team
    holds it by, who answers in the survey's place.
    """

    id: int
    place: Place
    customer_id: int
    invitation_id: int
    response: Begun
    definition: SurveyDefinition
    state: State
    context: Context
    latest: str | None
    takeover: int | None

    @property
    def language(self) -> str:
        """The survey's language for this customer."""
        return self.definition.language_for(self.context.language)


class _Row(NamedTuple):
    """The columns of `exchange_sql.exchange_columns`, in their order."""

    id: int
    customer_id: int
    invitation_id: int
    response_id: int
    state: dict[str, Any]
    version_id: int
    content_hash: str
    token: str
    company: str
    default_locale: str
    external_id: str
    locale: str | None
    timezone: str | None
    attributes: dict[str, Any]
    event: str | None
    occurred_at: datetime | None
    properties: dict[str, Any] | None


def hold(session: Session, place: Place, public_url: str, now: datetime) -> Exchange | None:
    """The exchange a reply belongs to, reopened if it fell silent, held until the commit.

    None is reopened while a person talks with the customer in its place.
    The response is held before its exchange, as everywhere, so that nobody waits in a ring.
    Two replies at once come one after the other here.
    """
    about = (place.workspace_id, place.sender, place.address)
    take_turns(session, Conversation)
    found = HOLD.first_in(session, place.named)
    if found is None and holder(session, *about) is None:
        reopened = conversations.reopen_latest(session, *about, now)
        found = HOLD.first_in(session, place.named) if reopened is not None else None
    if found is None:
        return None
    return exchange_of(session, place, public_url, found, _seen(session, place, found[0]))


def exchange_of(
    session: Session, place: Place, public_url: str, columns: Sequence[Any], seen: Sequence[Any]
) -> Exchange:
    """An exchange from its columns; `seen` is the last question's status and the take-over."""
    row, (latest, takeover) = _Row(*columns), seen
    return Exchange(
        id=row.id,
        place=place,
        customer_id=row.customer_id,
        invitation_id=row.invitation_id,
        response=Begun(row.response_id, place.workspace_id, row.invitation_id),
        definition=definition_at(session, row.version_id, row.content_hash),
        state=State.from_json(row.state),
        context=_context(row, place.channel, short_link(public_url, row.token)),
        latest=latest,
        takeover=takeover,
    )


def _seen(session: Session, place: Place, conversation_id: int) -> Sequence[Any]:
    """Read now that the exchange is held: whoever had it before has committed by now."""
    seen = SEEN.first_in(session, {**place.named, "conversation_id": conversation_id})
    assert seen is not None
    return seen


def _context(row: _Row, channel: Talk, link: str) -> Context:
    customer = CustomerRow(row.external_id, row.locale, row.timezone, row.attributes)
    event = None
    if row.event is not None and row.occurred_at is not None:
        event = EventRow(row.event, row.occurred_at, row.properties or {})
    return Context(
        company=row.company,
        customer=customer_facts(customer),
        event=event_facts(event),
        language=row.locale or row.default_locale,
        channel=channel,
        link=link,
    )
