"""Twilio's webhooks on the whole application: signed by the SDK's own code."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest
from asking_world import PHONE, SENDER, MakeWorkspace, World, asked_world
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from feedback import settings
from feedback.app import create_app
from models.message import Message
from surveys.services import Services

TOKEN = "a-token-of-this-test"
PUBLIC = "https://ask.example.com"
INBOUND, STATUS = "/sms/twilio/inbound", "/sms/twilio/status"


@pytest.fixture
def world(sqlite_session: Session, make_workspace: MakeWorkspace) -> World:
    world = World(sqlite_session, make_workspace(sqlite_session))
    world.gateway.name = "twilio"
    return asked_world(sqlite_session, world.workspace)


@pytest.fixture
def client(world: World, sqlite_url: str) -> FlaskClient:
    environment = {
        "DATABASE_URL": sqlite_url,
        "PUBLIC_URL": PUBLIC,
        "SECRET_KEY": "s" * 40,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": SENDER,
    }
    world.gateway.name = "twilio"
    services = Services(
        now=lambda: world.now,
        gateway=world.gateway,
        public_url=PUBLIC,
        twilio_auth_token=TOKEN,
    )
    return create_app(settings.load(environment), services).test_client()


def form(body: str, sid: str = "SM1in", **fields: Any) -> dict[str, Any]:
    return {"MessageSid": sid, "From": PHONE, "To": SENDER, "Body": body, "NumMedia": "0", **fields}


def post(
    client: FlaskClient, path: str, fields: Any, token: str = TOKEN, **headers: str
) -> TestResponse:
    signature = RequestValidator(token).compute_signature(PUBLIC + path, MultiDict(fields))
    return client.post(path, data=fields, headers={"X-Twilio-Signature": signature, **headers})


def inbound(world: World) -> list[Message]:
    return [row for row in world.rows(Message) if row.direction == "in"]


def test_a_signed_reply_is_taken_and_a_replay_counts_once(
    client: FlaskClient, world: World
) -> None:
    for _ in range(2):
        answer = post(client, INBOUND, form("9"))
        assert answer.status_code == 200
        assert answer.text.endswith("<Response></Response>")
        assert answer.content_type.startswith("text/xml")
    assert len(inbound(world)) == 1
    assert world.answers() == {"score": 9}
    assert len(world.outbound()) == 2


def test_what_is_unsigned_or_signed_by_another_gets_403(client: FlaskClient, world: World) -> None:
    assert client.post(INBOUND, data=form("9")).status_code == 403
    assert post(client, INBOUND, form("9"), token="another").status_code == 403
    assert client.post(STATUS, data={"MessageSid": "SM1"}).status_code == 403
    assert client.get(INBOUND).status_code in (404, 405)
    assert inbound(world) == []


def test_a_changed_body_breaks_the_signature(client: FlaskClient, world: World) -> None:
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + INBOUND, form("9"))
    headers = {"X-Twilio-Signature": signature}
    assert client.post(INBOUND, data=form("1"), headers=headers).status_code == 403


def test_repeated_fields_stay_verifiable(client: FlaskClient, world: World) -> None:
    fields = MultiDict([*form("9").items(), ("Extra", "b"), ("Extra", "a")])
    assert post(client, INBOUND, fields).status_code == 200


def test_signatures_by_sha_256(client: FlaskClient, world: World) -> None:
    fields = form("9")
    text = PUBLIC + INBOUND + "".join(name + fields[name] for name in sorted(fields))
    mac = hmac.new(TOKEN.encode(), text.encode(), hashlib.sha256).digest()
    headers = {
        "X-Twilio-Signature": base64.b64encode(mac).decode(),
        "X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_SHA256",
    }
    assert client.post(INBOUND, data=fields, headers=headers).status_code == 200
    assert world.answers() == {"score": 9}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"MessageSid": "SM1"},
        {"From": PHONE, "To": SENDER, "Body": "9"},
        form("9", sid="S" * 500),
        form("9", From="x" * 500),
        form("9", NumMedia="many"),
        form("\x00\u202e" + "y" * 5000),
        form("9", To="+15551112222"),
    ],
)
def test_a_strange_body_is_never_a_400(
    client: FlaskClient, world: World, fields: dict[str, Any]
) -> None:
    assert post(client, INBOUND, fields).status_code == 200
    assert post(client, STATUS, fields).status_code == 200


def test_nothing_that_no_database_keeps_is_kept(client: FlaskClient, world: World) -> None:
    spoilt = form("n\x00ine", sid="SM\x002", From=f"\x00{PHONE}", MessagingServiceSid="MG\x00")
    assert post(client, INBOUND, spoilt).status_code == 200
    (kept,) = inbound(world)
    assert (kept.provider_id, kept.address, kept.body) == ("SM2", PHONE, "nine")
    assert world.answers() == {"score": 9}


def test_a_receipt_names_our_row_in_its_address(client: FlaskClient, world: World) -> None:
    (message,) = world.outbound()
    message.provider, message.provider_id, message.status = "twilio", None, "sending"
    world.session.commit()
    fields = {"MessageSid": "SM77", "MessageStatus": "delivered"}
    assert post(client, f"{STATUS}?m={message.id}", fields).status_code == 200
    message = world.message(message.id)
    assert (message.status, message.provider_id) == ("delivered", "SM77")
    assert post(client, f"{STATUS}?m=x", {**fields, "MessageStatus": "sent"}).status_code == 200
    assert world.message(message.id).status == "delivered"


def test_stop_by_webhook(client: FlaskClient, world: World) -> None:
    post(client, INBOUND, form("STOP"))
    assert world.response().status == "abandoned"
    assert [row.kind for row in world.outbound()] == ["invitation", "stop"]


def test_without_a_token_nothing_is_believed(world: World, sqlite_url: str, tmp_path: Any) -> None:
    environment = {"DATABASE_URL": sqlite_url, "WAYMARK_HOME": str(tmp_path)}
    client = create_app(settings.load(environment), world.services).test_client()
    assert post(client, INBOUND, form("9"), token="").status_code == 403
