"""What somebody of the team writes to a customer: through the outbox, as every other message."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.errors import Conflict, InvalidInput
from models.message import Message
from models.takeover import Takeover
from surveys import consent, suppressions
from surveys.channels.errors import known
from surveys.eligibility_facts import Consent
from surveys.outbox import Draft, put
from surveys.services import Services
from surveys.takeover import TAKE_MEND, stay
from surveys.whatsapp_session import may_speak_freely
from surveys.wires import last_via

KIND = "person"
LONGEST = 1_600  # what a provider takes in one message, however many segments that is
ONLY = " WhatsApp takes nothing but approved templates"
_KEY = re.compile(r"[A-Za-z0-9_-]{16,40}")


def new_key() -> str:
    """A key for one form: what is sent with it is sent once, however often it is pressed."""
    return secrets.token_urlsafe(16)


def refusal(
    session: Session, workspace_id: int, sender: str, address: str, now: datetime
) -> str | None:
    """Why nobody may write to this number; None where they may."""
    if consent.state_of(session, workspace_id, address, sender) is Consent.WITHDRAWN:
        return "The customer withdrew consent, so that nothing may be sent to this number"
    code = suppressions.code_of(session, workspace_id, address, now)
    if code is not None:
        words = known(code).words or "the provider could not deliver"
        return f"Nothing is sent to this number: {words} ({code})"
    if not may_speak_freely(session, workspace_id, sender, address, now):
        return "The customer wrote more than 24 hours ago, and until they write again" + ONLY
    return None


def read_body(given: str) -> str:
    """A message as it will be sent; raises InvalidInput where it can't be."""
    body = given.replace("\r\n", "\n").replace("\x00", "").strip()
    body = body.encode("utf-8", "replace").decode()
    if not body:
        raise InvalidInput("there is nothing to send", field="message", mend="Write a message.")
    if len(body) > LONGEST:
        over = len(body) - LONGEST
        mend = f"Shorten it by {over:,} or send it in two."
        raise InvalidInput(f"is longer than {LONGEST:,} characters", field="message", mend=mend)
    return body


def write(
    session: Session, services: Services, held: Takeover, user_id: int, given: str, key: str
) -> None:
    """Send a message to the number that this person holds, once for each key. Commits.

    Raises InvalidInput for what can't be sent, Conflict where it may not be.
    """
    body, now = read_body(given), services.now()
    if not _KEY.fullmatch(key):
        raise InvalidInput("this form has no key", mend="Reload the page and write again.")
    if not stay(session, held.id, now, user_id):
        session.rollback()
        raise Conflict("you do not hold this any more", mend=TAKE_MEND)
    why = refusal(session, held.workspace_id, held.sender, held.address, now)
    if why is not None:
        session.rollback()
        raise Conflict(why)
    draft = _draft(session, services, held, body, key)
    if put(session, draft, now) is None and _sent(session, draft) != body:
        session.rollback()
        mend = "Press Send again to send this one too."
        raise InvalidInput("this form has sent another message already", mend=mend)
    session.commit()


def _draft(session: Session, services: Services, held: Takeover, body: str, key: str) -> Draft:
    beside = session.get(Conversation, held.conversation_id) if held.conversation_id else None
    return Draft(
        workspace_id=held.workspace_id,
        kind=KIND,
        scope=f"person:{key}",
        step=KIND,
        sender=held.sender,
        address=held.address,
        body=body,
        provider=services.gateway.name,
        customer_id=held.customer_id,
        invitation_id=beside.invitation_id if beside else None,
        conversation_id=held.conversation_id,
        via=last_via(session, held.workspace_id, held.sender, held.address),
    )


def _sent(session: Session, draft: Draft) -> str | None:
    return session.scalar(
        select(Message.body).where(
            Message.workspace_id == draft.workspace_id,
            Message.dedupe_scope == draft.scope,
            Message.step == draft.step,
        )
    )
