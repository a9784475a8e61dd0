"""What a survey page needs to know of a link, read by one query."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models.status import ResponseStatus
from surveys.contexts import CustomerRow, EventRow, customer_facts, event_facts
from surveys.definition import SurveyDefinition
from surveys.flow import Context, State
from surveys.pages.lane import Lane
from surveys.pages.statements import LOAD
from surveys.versions import definition_at


@dataclass(frozen=True)
class Visit:
    """An invitation opened in a browser: whom it asks, what, and what was answered so far.

    `state` is None before the first answer; `seen_at` is when the response last changed, the
    guard against two tabs writing over each other.
    """

    invitation_id: int
    workspace_id: int
    customer_id: int
    survey_id: int
    version_id: int
    touchpoint_id: int | None
    channel: str
    expires_at: datetime
    occurred_at: datetime
    definition: SurveyDefinition
    context: Context
    accent: str
    response_id: int | None
    response_status: str | None
    seen_at: datetime | None
    state: State | None

    @property
    def finished(self) -> bool:
        """Whether the last question was answered before."""
        return self.response_status == ResponseStatus.COMPLETED

    @property
    def answered(self) -> bool:
        """Whether anything was answered, be it a part."""
        return self.state is not None and bool(self.state.answers or self.state.comments)

    def after(self, state: State, response_id: int, now: datetime) -> Visit:
        """The visit once an answer was saved at `now`."""
        done = state.finished or self.finished
        status = ResponseStatus.COMPLETED if done else ResponseStatus.OPEN
        return replace(
            self, state=state, response_id=response_id, response_status=status, seen_at=now
        )


class _Row(NamedTuple):
    """The columns of LOAD, in their order."""

    id: int
    workspace_id: int
    customer_id: int
    survey_id: int
    version_id: int
    touchpoint_id: int | None
    channel: str
    expires_at: datetime
    created_at: datetime
    content_hash: str
    company: str
    accent: str
    default_locale: str
    external_id: str
    locale: str | None
    timezone: str | None
    attributes: dict[str, Any]
    name: str | None
    properties: dict[str, Any] | None
    occurred_at: datetime | None
    response_id: int | None
    response_status: str | None
    updated_at: datetime | None
    state: dict[str, Any] | None
    language: str | None


def load(lane: Lane, token: str) -> Visit | None:
    """The visit behind a link's token; None when there is no such link."""
    found = lane.first(LOAD, {"token": token})
    if found is None:
        return None
    row = _Row(*found)
    return Visit(
        invitation_id=row.id,
        workspace_id=row.workspace_id,
        customer_id=row.customer_id,
        survey_id=row.survey_id,
        version_id=row.version_id,
        touchpoint_id=row.touchpoint_id,
        channel=row.channel,
        expires_at=row.expires_at,
        occurred_at=row.occurred_at or row.created_at,
        definition=_definition(lane, row),
        context=_context(row),
        accent=row.accent,
        response_id=row.response_id,
        response_status=row.response_status,
        seen_at=row.updated_at,
        state=State.from_json(row.state) if row.state is not None else None,
    )


# By content hash, which names the content: a session is opened only for a version that this
# process meets for the first time.
_known: dict[str, SurveyDefinition] = {}


def _definition(lane: Lane, row: _Row) -> SurveyDefinition:
    known = _known.get(row.content_hash)
    if known is None:
        with Session(lane.engine) as session:
            known = definition_at(session, row.version_id, row.content_hash)
        _known[row.content_hash] = known
    return known


def _context(row: _Row) -> Context:
    customer = CustomerRow(row.external_id, row.locale, row.timezone, row.attributes)
    return Context(
        company=row.company,
        customer=customer_facts(customer),
        event=event_facts(_event(row)),
        language=row.language or row.locale or row.default_locale,
        channel="web",
    )


def _event(row: _Row) -> EventRow | None:
    if row.name is None or row.occurred_at is None:
        return None
    return EventRow(row.name, row.occurred_at, row.properties or {})
