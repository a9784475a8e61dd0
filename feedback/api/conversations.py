"""GET /api/v1/conversations and one of them: every exchange by SMS."""

from __future__ import annotations

from flask import Response, g, request
from flask_openapi3.blueprint import APIBlueprint
from pydantic import ConfigDict, Field

from feedback.api.asked import as_json, get_report, workspace
from feedback.inbox.exchanges import find_exchange
from feedback.inbox.look import LONGEST, look
from feedback.inbox.one import whole
from feedback.inbox.rows import inbox_rows
from feedback.inbox.schema import (
    ExchangeFilter,
    ExchangesFound,
    ExchangeWhole,
    page_out,
    whole_out,
)
from feedback.inbox.waiting import waiting
from feedback.shapes import Shape
from models.base import db
from models.customer import Customer
from models.errors import InvalidInput
from models.message import Message
from surveys.access import Access, allow
from surveys.consent import state_of
from surveys.services import Services

_LIST = (
    "Every exchange by SMS, the newest activity first: surveys' conversations, and what numbers "
    "wrote out of nowhere. `q` finds words of a message, a phone number's last digits, a "
    "customer's id, or a whole number (better not: addresses of requests are often logged). "
    "Personal data is masked."
)
_ONE = (
    "One exchange: its messages with what became of them and what was read out of each reply, the "
    "survey's answers, consent now, and who of the team talked in the survey's place. Personal "
    "data is masked."
)
LAST_ID = 2**63 - 1


class ConversationsQuery(Shape):
    """Which exchanges, and the page of them."""

    model_config = ConfigDict(extra="forbid")

    state: ExchangeFilter | None = Field(
        default=None,
        description="All when left out; `contact`: somebody asks to be contacted.",
    )
    q: str | None = Field(default=None, min_length=1, max_length=LONGEST)
    after: int | None = Field(
        default=None, ge=1, le=LAST_ID, description="`next` of the page before."
    )
    limit: int = Field(default=50, ge=1, le=200)


class ConversationPath(Shape):
    """Which exchange."""

    id: str = Field(
        max_length=40,
        description="Its `id` in the list.",
        json_schema_extra={"example": "12"},
    )


def _listed(services: Services, query: ConversationsQuery) -> ExchangesFound:
    session, here = db.session(), g.workspace_id
    if len(request.args.getlist("q")) > 1:
        mend = "Put all words into one."
        raise InvalidInput("is given more than once", field="q", mend=mend)
    waits = waiting(session, here, services.now())
    words = (query.q or "").strip()
    found = look(session, here, workspace().default_region, words) if words else None
    statement = inbox_rows(here, query.state, waits, found)
    if query.after is not None:
        statement = statement.where(Message.id < query.after)
    newest = statement.order_by(Message.id.desc()).limit(query.limit + 1)
    rows = session.execute(newest).all()
    more = len(rows) > query.limit
    return page_out(rows[: query.limit], more, waits, found.since if found else None)


def told(path: ConversationPath) -> ExchangeWhole:
    """One exchange of the workspace, whole."""
    session = db.session()
    exchange = find_exchange(session, g.workspace_id, path.id)
    number = exchange.number
    customer = session.get(Customer, number.customer_id) if number.customer_id else None
    consent = state_of(session, number.workspace_id, number.address, number.sender)
    return whole_out(whole(session, exchange), customer, consent)


def make_blueprint(services: Services) -> APIBlueprint:
    """The conversations API; register it with `app.register_api`."""
    api = APIBlueprint("conversations", __name__, url_prefix="/api/v1", abp_security=[{"key": []}])

    @get_report(api, "/conversations", "conversations", "Exchanges by SMS", _LIST, ExchangesFound)
    @allow(Access.KEY_OR_SESSION)
    def conversations(query: ConversationsQuery) -> Response:
        return as_json(_listed(services, query))

    @get_report(
        api, "/conversations/<string:id>", "conversation", "One exchange", _ONE, ExchangeWhole
    )
    @allow(Access.KEY_OR_SESSION)
    def conversation(path: ConversationPath) -> Response:
        return as_json(told(path))

    return api
