"""The inbox as rows: of each exchange its newest message, newest first."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from feedback.inbox.exchanges import loose
from feedback.inbox.look import Found
from feedback.inbox.waiting import Waiting
from models.conversation import Conversation
from models.customer import Customer
from models.invitation import Invitation
from models.message import Message
from models.status import ConversationStatus
from models.survey import Survey
from models.takeover import Takeover
from models.takeover_status import TakeoverStatus
from models.workspace import User

Rows = Select[*tuple[Any, ...]]
TAKEN, WAITING, UNPROMPTED = "taken", "waiting", "unprompted"
CONTACT = "contact"
"""No state of its own: those that wait because somebody asks to be contacted."""
STATES = (WAITING, CONTACT, TAKEN, *map(str, ConversationStatus), UNPROMPTED)
_HELD = and_(
    Takeover.workspace_id == Message.workspace_id,
    Takeover.address == Message.address,
    Takeover.sender == Message.sender,
    Takeover.status == TakeoverStatus.HELD.value,
    func.coalesce(Takeover.conversation_id, 0) == func.coalesce(Message.conversation_id, 0),
)


class Row(Protocol):
    """What a row must have to be in a state."""

    @property
    def conversation_id(self) -> int | None:
        """The conversation, if it is one."""

    @property
    def sender(self) -> str:
        """The workspace's number."""

    @property
    def address(self) -> str:
        """The customer's number."""

    @property
    def status(self) -> str | None:
        """The conversation's status."""

    @property
    def taken_at(self) -> object:
        """Since when a person holds it."""


def inbox_rows(workspace_id: int, state: str | None, waits: Waiting, found: Found | None) -> Rows:
    """The exchanges asked for: of each its newest message, with what is listed beside it."""
    statement = _joined().where(Message.workspace_id == workspace_id, _newest())
    if state is not None:
        statement = statement.where(_in_state(workspace_id, state, waits))
    if found is not None:
        statement = statement.where(_among(found.conversations, found.numbers))
    return statement


def exchange_id(row: Any) -> str:
    """The id of a row's exchange."""
    return str(row.conversation_id) if row.conversation_id else f"number-{row.first}"


def state_of(row: Row, waits: Waiting) -> str:
    """The one state that a row is shown in: what needs somebody comes first."""
    if row.taken_at is not None:
        return TAKEN
    if waits.words(row.conversation_id, row.sender, row.address) is not None:
        return WAITING
    return row.status or UNPROMPTED


def _joined() -> Rows:
    first = aliased(Message)
    begun = select(func.min(first.id)).where(_same_number(first), loose(first))
    conversed = Message.conversation_id.is_not(None)
    statement: Rows = select(
        Message.id,
        Message.conversation_id,
        Message.sender,
        Message.address,
        Message.body,
        Message.direction,
        Message.kind,
        Message.created_at,
        Message.status.label("message_status"),
        Message.error_code,
        case((conversed, None), else_=begun.correlate(Message).scalar_subquery()).label("first"),
        Conversation.status,
        Conversation.opened_at,
        Conversation.ended_at,
        Customer,
        Survey.name.label("survey"),
        Survey.key.label("survey_key"),
        Takeover.taken_at,
        User.email.label("holder"),
    )
    return (
        statement.outerjoin(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(Invitation, Invitation.id == Conversation.invitation_id)
        .outerjoin(Survey, Survey.id == Invitation.survey_id)
        .outerjoin(Customer, Customer.id == Message.customer_id)
        .outerjoin(Takeover, _HELD)
        .outerjoin(User, User.id == Takeover.user_id)
    )


def _same_number(other: Any) -> ColumnElement[bool]:
    return and_(
        other.workspace_id == Message.workspace_id,
        other.address == Message.address,
        other.sender == Message.sender,
    )


def _newest() -> ColumnElement[bool]:
    """The newest of its conversation, or of what its number wrote beside all conversations."""
    later = aliased(Message)
    in_talk = exists().where(
        later.conversation_id == Message.conversation_id, later.id > Message.id
    )
    beside = exists().where(_same_number(later), loose(later), later.id > Message.id)
    return or_(
        and_(Message.conversation_id.is_not(None), ~in_talk),
        and_(loose(Message), ~beside),
    )


def _in_state(workspace_id: int, state: str, waits: Waiting) -> ColumnElement[bool]:
    if state == WAITING:
        return and_(_among(waits.conversations, waits.numbers), Takeover.id.is_(None))
    if state == CONTACT:
        numbers = [one for one in waits.contact if isinstance(one, tuple)]
        return _among([one for one in waits.contact if isinstance(one, int)], numbers)
    if state == TAKEN:
        # few numbers are held: from them to their messages, not the other way round
        one = aliased(Takeover)
        held = select(one.address).where(
            one.workspace_id == workspace_id, one.status == TakeoverStatus.HELD.value
        )
        return and_(Takeover.id.is_not(None), Message.address.in_(held))
    if state == UNPROMPTED:
        return Message.conversation_id.is_(None)
    return Conversation.status == state


def _among(talks: Collection[int], numbers: Collection[tuple[str, str]]) -> ColumnElement[bool]:
    """Only these; a number stands for what it wrote beside all conversations."""
    wanted: list[ColumnElement[bool]] = [false()]
    if talks:
        wanted.append(Message.conversation_id.in_(sorted(talks)))
    if numbers:
        place = tuple_(Message.sender, Message.address)
        wanted.append(and_(Message.conversation_id.is_(None), place.in_(sorted(numbers))))
    return or_(*wanted)
