"""A message that was lost on its way for a passing reason is written once more, and once again.

The provider said that it did not arrive, so that nobody reads it twice. The new one is a row of
its own, for the old one's id stays with its receipts.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.invitation import Invitation
from models.message import Message
from models.status import ConversationStatus
from surveys import conversations
from surveys.channels.errors import Group, known
from surveys.held import holder
from surveys.objections import ASKING, REPLY_WINDOW
from surveys.outbox import Draft, put
from surveys.outgoing import outgoing_of

WAITS = (timedelta(minutes=10), timedelta(hours=1))
_MARK = "~"
# told of a message that had been accepted: its sender was too fast, or may not send until the team
# has mended what is wrong, or the way was closed
_AGAIN = (Group.PASSING, Group.THROTTLED, Group.SENDER)


def try_again(session: Session, message: Message, code: str | None, now: datetime) -> bool:
    """Write a lost message again for later; False where that is not worth it.

    Only for passing troubles and throttling, at most twice, and for the sender's own as often as it
    takes; within the time in which it is worth anything, and of an exchange only while it is open
    and no person holds it.
    """
    base, tries = _step(message)
    group = known(code).group
    if group not in _AGAIN or (group is not Group.SENDER and tries >= len(WAITS)):
        return False
    if message.kind in ASKING and not _still_open(session, message):
        return False
    later = now + _wait(message, tries)
    if later >= worth_until(session, message):
        return False
    draft = Draft(
        workspace_id=message.workspace_id,
        kind=message.kind,
        scope=message.dedupe_scope or "",
        step=f"{base}{_MARK}{tries + 1}",
        sender=message.sender,
        address=message.address,
        body=message.body,
        provider=message.provider,
        customer_id=message.customer_id,
        invitation_id=message.invitation_id,
        conversation_id=message.conversation_id,
        not_before=later,
        content=outgoing_of(message).content,
        via=message.via,
    )
    if message.kind in ASKING and message.conversation_id is not None:
        # a reply on its way sees that something is said beside it
        conversations.keep_alive(session, message.conversation_id, now)
    return put(session, draft, now) is not None


def worth_until(session: Session, message: Message) -> datetime:
    """Until when a message is worth sending: an invitation's end, half a day for a reply."""
    if message.kind == "invitation" and message.invitation_id is not None:
        return session.get_one(Invitation, message.invitation_id).expires_at
    return message.created_at + REPLY_WINDOW


def _step(message: Message) -> tuple[str, int]:
    """What a message says, and how often it was written again before."""
    base, _, tries = (message.step or "").partition(_MARK)
    return base, int(tries or 0)


def _wait(message: Message, tries: int) -> timedelta:
    spread = random.Random(f"{message.id}:{tries}").uniform(0.8, 1.2)  # noqa: S311
    return WAITS[min(tries, len(WAITS) - 1)] * spread


def _still_open(session: Session, message: Message) -> bool:
    if message.conversation_id is None:
        return message.kind == "invitation"  # a link alone, which waits for no reply
    talk = session.get_one(Conversation, message.conversation_id, populate_existing=True)
    if talk.status != ConversationStatus.OPEN.value:
        return False
    return holder(session, talk.workspace_id, talk.sender, talk.address) is None
