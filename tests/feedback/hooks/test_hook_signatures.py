from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hooks_world import (
    KINDS,
    OWN,
    SECRET,
    Make,
    Send,
    events,
    in_base64,
    payload,
    signed,
)
from sqlalchemy.orm import Session

from feedback.app import create_app
from feedback.hooks import sources
from feedback.settings import load


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: what is refused reaches no table of events."""
    return sqlite_url


# -- who may send ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_signature_is_refused_and_counted(
    session: Session, make: Make, send: Send, kind: str
) -> None:
    source = make(kind)
    for _ in range(2):
        reply = send(source, OWN, secret="whsec_of_somebody_else")
        assert reply.status_code == 401 and reply.json
        assert reply.json["error"]["field"] and reply.json["error"]["mend"]
    assert events(session) == []
    session.expire_all()
    assert source.refused == 2 and source.refused_why


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_body_is_refused(
    client: FlaskClient, now: datetime, make: Make, kind: str
) -> None:
    source = make(kind)
    headers = dict(signed(kind, b'{"id": 1}', now))
    reply = client.post(f"/hooks/{kind}/{source.token}", data=b'{"id": 2}', headers=headers)
    assert reply.status_code == 401


@pytest.mark.parametrize("kind", KINDS)
def test_without_signature_or_secret_nothing_is_taken(
    client: FlaskClient, make: Make, send: Send, kind: str
) -> None:
    source = make(kind)
    assert client.post(f"/hooks/{kind}/{source.token}", json=OWN).status_code == 401
    if kind not in sources.OURS:
        waiting = make(kind, secret=None, name="waiting")
        assert send(waiting, OWN).status_code == 401


@pytest.mark.parametrize("kind", ["stripe", "zendesk", "json"])
@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_replay_at_another_time_is_refused(
    make: Make, send: Send, now: datetime, kind: str, minutes: int
) -> None:
    source = make(kind)
    late = send(source, OWN, at=now + timedelta(minutes=minutes))
    assert late.status_code == 401 and late.json
    assert "another time" in late.json["error"]["message"]
    assert send(source, OWN, at=now + timedelta(minutes=minutes // 2)).status_code in (200, 422)


def test_a_bearer_token_is_enough_for_json_of_ones_own(client: FlaskClient, make: Make) -> None:
    address = f"/hooks/json/{make('json').token}"
    for token, status in ((SECRET, 200), ("no", 401), ("", 401), ("é", 401)):
        headers = {"Authorization": f"Bearer {token}"}
        assert client.post(address, json=OWN, headers=headers).status_code == status


@pytest.mark.parametrize(
    "header", ["", "t=,v1=", "v1=ab", "t=1²,v1=ab", "t=99999999999999999999,v1=ab", "x", "t=1,v1=é"]
)
def test_a_strange_signature_is_refused(client: FlaskClient, make: Make, header: str) -> None:
    address = f"/hooks/stripe/{make('stripe').token}"
    headers = {"Stripe-Signature": header}
    assert client.post(address, json=OWN, headers=headers).status_code == 401


def test_two_secrets_of_stripe_may_be_in_use_while_one_is_rolled(
    client: FlaskClient, make: Make, now: datetime
) -> None:
    body = json.dumps(payload("stripe_invoice_paid")).encode()
    old, new = (signed("stripe", body, now, one)["Stripe-Signature"] for one in ("x", SECRET))
    both = {"Stripe-Signature": f"{old},{new.split(',')[1]}"}
    address = f"/hooks/stripe/{make('stripe').token}"
    assert client.post(address, data=body, headers=both).status_code == 200


def test_an_address_of_nobody_or_of_another_kind_is_not_found(
    session: Session, client: FlaskClient, make: Make, send: Send, now: datetime
) -> None:
    source = make("shopify")
    assert client.post(f"/hooks/stripe/{source.token}", json=OWN).status_code == 404
    assert client.post("/hooks/shopify/nobody", json=OWN).status_code == 404
    assert client.post("/hooks/shopify/%00", json=OWN).status_code == 404
    sources.remove(source, now)
    session.commit()
    assert send(source, OWN).status_code == 404


def test_a_body_that_is_no_json_is_named(make: Make, send: Send) -> None:
    reply = send(make("shopify"), b"{", "orders/paid")
    assert reply.status_code == 422 and reply.json and reply.json["error"]["field"] == "body"


# -- secrets --------------------------------------------------------------------------------------


def test_a_secret_is_stored_unreadable(session: Session, make: Make) -> None:
    source = make("shopify")
    assert source.secret and SECRET not in source.secret
    assert in_base64(b"", SECRET) not in source.secret


def test_with_another_secret_key_the_source_says_so(
    database_url: str, tmp_path: Path, make: Make, now: datetime
) -> None:
    source = make("shopify")
    environ = {"WAYMARK_HOME": str(tmp_path), "DATABASE_URL": database_url, "SECRET_KEY": "x" * 40}
    other = create_app(load({**environ, "PUBLIC_URL": "http://127.0.0.1"})).test_client()
    body = b"{}"
    reply = other.post(
        f"/hooks/shopify/{source.token}", data=body, headers=signed("shopify", body, now)
    )
    assert (
        reply.status_code == 409 and reply.json and "SECRET_KEY" in reply.json["error"]["message"]
    )
