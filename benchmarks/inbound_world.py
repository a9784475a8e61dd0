"""Thousands of customers who were asked by SMS, and their replies as Twilio would post them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, insert, text
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from feedback import workspaces
from feedback.configuration.apply import apply_text
from models import migrate
from models.base import Base
from models.conversation import Conversation
from models.customer import Customer
from models.engine import make_engine
from models.invitation import Invitation
from models.message import Message
from models.response import Response
from models.survey import Survey
from surveys.flow import start
from surveys.flow_types import Context
from surveys.versions import current_version, definition_of

PUBLIC_URL = "https://ask.shop.example"
PATH = "/sms/twilio/inbound"
ACCOUNT, TOKEN, SENDER = "AC" + "0" * 32, "an auth token of nobody", "+447700900000"
AT_ONCE = 2_000
SURVEY = """
surveys:
  - key: bench
    name: Bench
    metric: nps
    questions:
      - {key: score, type: nps, text: "Hi {customer.first_name|there}, would you recommend us?"}
      - {key: why, type: text, text: "What is the main reason for your score?"}
      - {key: again, type: yes_no, text: "Would you order from us again?"}
    thanks: "Thank you, {customer.first_name|there}"
"""
REPLIES = ("9", "8 because the driver was late", "10", "I'd say 7", "3, it came broken", "10!!")


def prepare(url: str, customers: int) -> None:
    """Tables, a workspace, its survey, and as many open conversations."""
    engine = make_engine(url)
    migrate.upgrade(engine)
    now = datetime.now(UTC)
    with Session(engine) as session:
        workspace = workspaces.create(session, "bench", now)
        apply_text(session, workspace, SURVEY, now)
        version = current_version(session, session.query(Survey).one().id)
        asked = {"survey_id": version.survey_id, "version_id": version.id, "channel": "sms"}
        state = start(definition_of(version), Context("bench")).state.to_json()
        session.commit()
    with engine.begin() as connection:
        for first in range(1, customers + 1, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, customers + 1))
            _asked(connection, numbers, asked, state, now - timedelta(minutes=5))
        if engine.dialect.name == "postgresql":
            _go_on_after(connection, customers)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _asked(
    connection: Connection,
    numbers: range,
    asked: dict[str, Any],
    state: dict[str, Any],
    at: datetime,
) -> None:
    """Customers whom the first question has reached; every id is the customer's number."""

    def add(model: type[Base], common: dict[str, Any], **own: Any) -> None:
        rows = [{name: of(one) for name, of in own.items()} for one in numbers]
        connection.execute(insert(model), [{"workspace_id": 1, **common, **row} for row in rows])

    person = {"attributes": {"first_name": "Ada"}, "is_test": False}
    made = {"created_at": at, "updated_at": at}
    add(Customer, {**person, **made}, id=int, external_id=str, phone=phone)
    week = {"due_at": at, "expires_at": at + timedelta(days=7), "created_at": at, "sent_at": at}
    offer = {**asked, **week, "status": "delivered", "status_at": at}
    add(Invitation, offer, id=int, customer_id=int, token=lambda n: f"b{n:09d}")
    begun = {**asked, "status": "open", "state": state, "language": "en", "source": "waymark"}
    begun |= {"occurred_at": at, "started_at": at, "updated_at": at}
    add(Response, begun, id=int, invitation_id=int, customer_id=int, external_id=str)
    where = {"sender": SENDER, "status": "open", "opened_at": at}
    where["expires_at"] = at + timedelta(days=1)
    mine = {"id": int, "customer_id": int, "invitation_id": int}
    add(Conversation, where, response_id=int, address=phone, **mine)
    sent = {"direction": "out", "kind": "invitation", "step": "q:score", "sender": SENDER}
    sent |= {"body": "Hi Ada, would you recommend us?", "segments": 1, "status": "delivered"}
    sent |= {"provider": "twilio", "created_at": at, "status_at": at, "attempts": 1}
    named = {"dedupe_scope": lambda n: f"inv:{n}", "provider_id": lambda n: f"SM{n:032x}"}
    add(Message, sent, conversation_id=int, address=phone, **mine, **named)


def _go_on_after(connection: Connection, last: int) -> None:
    """Rows to come are numbered after those that brought their own id."""
    for model in (Customer, Invitation, Response, Conversation, Message):
        table = model.__tablename__
        sequence = f"pg_get_serial_sequence('{table}', 'id')"
        connection.execute(text(f"SELECT setval({sequence}, {last})"))


def phone(number: int) -> str:
    """A customer's phone."""
    return f"+4477{number:08d}"


def signed_posts(last: int) -> Iterator[str]:
    """A reply of each customer: the signature, a space, the form as it goes over the wire."""
    signer, run = RequestValidator(TOKEN), secrets.token_hex(4)
    for number in range(1, last + 1):
        form = _form(number, run)
        yield f"{signer.compute_signature(PUBLIC_URL + PATH, form)} {urlencode(form)}"


def _form(number: int, run: str) -> dict[str, str]:
    """What Twilio posts for an SMS."""
    sid = f"SM{run}{number:024x}"
    places = {f"{end}{what}": "" for end in ("From", "To") for what in ("City", "State", "Zip")}
    return {
        **places,
        "ToCountry": "GB",
        "FromCountry": "GB",
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "MessageSid": sid,
        "SmsStatus": "received",
        "NumMedia": "0",
        "NumSegments": "1",
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "From": phone(number),
        "To": SENDER,
        "Body": REPLIES[number % len(REPLIES)],
    }


def deal(posts: Iterator[str], folder: Path, hands: int, each: int) -> None:
    """Write the next replies into one file for each of wrk's threads."""
    for hand in range(hands):
        lines = list(islice(posts, each))
        if len(lines) < each:
            raise SystemExit("too few customers were made for this load")
        (folder / f"{hand}.txt").write_text("\n".join(lines) + "\n")
