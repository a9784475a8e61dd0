from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hooks_world import SECRET, in_base64, payload, signed
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from feedback import refusals
from feedback.app import create_app, make_services
from feedback.hooks import sources
from feedback.hooks.mapping import parse
from feedback.settings import load
from models.customer import Customer
from models.event import Event
from models.intake import IntakeSource
from models.workspace import Workspace

KEY = "k" * 40
KINDS = ("shopify", "woocommerce", "stripe", "zendesk", "json")
OWN = {"id": "e1", "event": "visited", "customer": {"id": "c1"}}
Send = Callable[..., TestResponse]
Make = Callable[..., IntakeSource]


@pytest.fixture
def app(database_url: str, tmp_path: Path, now: datetime) -> Flask:
    environ = {"WAYMARK_HOME": str(tmp_path), "DATABASE_URL": database_url, "SECRET_KEY": KEY}
    settings = load({**environ, "PUBLIC_URL": "http://127.0.0.1"})
    return create_app(settings, make_services(settings, lambda: now))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def make(session: Session, workspace: Workspace, now: datetime) -> Make:
    def made(kind: str, secret: str | None = SECRET, name: str | None = None) -> IntakeSource:
        source = sources.add(session, workspace, kind, name or kind, secret, KEY, now).source
        session.commit()
        return source

    return made


@pytest.fixture
def send(client: FlaskClient, now: datetime) -> Send:
    """Post a payload to a source, signed as its kind signs."""

    def sent(source: IntakeSource, body: Any, topic: str = "", **more: Any) -> TestResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = dict(signed(source.kind, raw, more.pop("at", now), more.pop("secret", SECRET)))
        headers |= {"X-Shopify-Topic": topic} if topic else {}
        headers |= more.pop("headers", {})
        return client.post(f"/hooks/{source.kind}/{source.token}", data=raw, headers=headers)

    return sent


def events(session: Session) -> list[Event]:
    session.expire_all()
    return list(session.scalars(select(Event).order_by(Event.id)))


def customers(session: Session) -> list[Customer]:
    session.expire_all()
    return list(session.scalars(select(Customer).order_by(Customer.id)))


# -- what each service sends ----------------------------------------------------------------------


def test_a_shopify_order_from_paid_to_refunded(session: Session, make: Make, send: Send) -> None:
    shop = make("shopify")
    order = payload("shopify_orders_paid", phone="+1 415 555 2671")
    assert send(shop, order, "orders/paid").status_code == 200
    send(shop, order, "orders/fulfilled")
    send(shop, payload("shopify_fulfillments_update"), "fulfillments/update")
    send(shop, payload("shopify_refunds_create"), "refunds/create")
    stored = {one.name: one for one in events(session)}
    assert list(stored) == ["order_paid", "order_fulfilled", "order_delivered", "order_refunded"]
    assert stored["order_paid"].properties == {
        "order_id": "820982911946154508",
        "order": "#9999",
        "total": 398,
        "currency": "USD",
        "items": 2,
    }
    assert stored["order_paid"].occurred_at.isoformat() == "2022-01-01T00:00:00+00:00"
    assert stored["order_delivered"].occurred_at.isoformat() == "2022-01-04T00:00:00+00:00"
    assert stored["order_refunded"].properties["total"] == 41.94
    (buyer,) = customers(session)
    assert (buyer.external_id, buyer.phone) == ("115310627314723954", "+14155552671")
    assert (buyer.email, buyer.locale) == ("jon@example.com", "en")
    assert buyer.attributes == {"first_name": "John", "last_name": "Smith"}


def test_a_parcel_on_its_way_is_no_event(session: Session, make: Make, send: Send) -> None:
    moving = payload("shopify_fulfillments_update", shipment_status="in_transit")
    reply = send(make("shopify"), moving, "fulfillments/update")
    assert reply.status_code == 200 and reply.json == {
        "accepted": 0,
        "duplicates": 0,
        "errors": 0,
        "results": [],
    }
    assert events(session) == []


def test_a_mistyped_phone_costs_no_order(
    session: Session, workspace: Workspace, make: Make, send: Send
) -> None:
    """The documented order's phone is 555-555-SHIP."""
    reply = send(make("shopify"), payload("shopify_orders_paid"), "orders/paid")
    assert reply.json and reply.json["accepted"] == 1
    assert customers(session)[0].phone is None
    told = refusals.latest(session, workspace.id)
    assert [(one.source, one.field) for one in told] == [("hook:shopify", "customer.phone")]
    assert "left out" in told[0].message and "SHIP" not in told[0].message


def test_a_refund_of_an_unknown_order_is_told(
    session: Session, workspace: Workspace, make: Make, send: Send
) -> None:
    reply = send(make("shopify"), payload("shopify_refunds_create"), "refunds/create")
    assert reply.status_code == 200 and reply.json and reply.json["errors"] == 1
    (told,) = refusals.latest(session, workspace.id)
    assert (told.field, told.external_id) == ("customer.id", "order_refunded:890088186047892319")


def test_woocommerce_orders_by_their_status(session: Session, make: Make, send: Send) -> None:
    shop = make("woocommerce")
    order = payload("woocommerce_order")
    for status in ("pending", "processing", "processing", "completed"):
        done = "2017-03-25T10:00:00" if status == "completed" else None
        send(shop, {**order, "status": status, "date_completed_gmt": done})
    assert [one.name for one in events(session)] == ["order_paid", "order_completed"]
    paid = events(session)[0]
    assert paid.occurred_at.isoformat() == "2017-03-22T19:28:08+00:00"
    assert paid.properties["total"] == 29.35 and paid.properties["items"] == 3
    (buyer,) = customers(session)
    assert (buyer.external_id, buyer.email) == ("john.doe@example.com", "john.doe@example.com")
    send(shop, {**order, "id": 728, "customer_id": 26})
    assert customers(session)[1].external_id == "26"


def test_woocommerce_asks_unsigned_whether_somebody_is_there(
    session: Session, client: FlaskClient, make: Make
) -> None:
    shop = make("woocommerce", secret=None)
    address = f"/hooks/woocommerce/{shop.token}"
    assert client.post(address, data={"webhook_id": "3"}).status_code == 200
    assert client.post(address, data={"webhook_id": "3", "x": "1"}).status_code == 401
    assert events(session) == []


def test_a_payment_by_stripe_counts_once(session: Session, make: Make, send: Send) -> None:
    stripe = make("stripe")
    for name in ("charge_succeeded", "payment_intent_succeeded", "charge_succeeded"):
        assert send(stripe, payload(f"stripe_{name}")).status_code == 200
    (paid,) = events(session)
    assert (paid.name, paid.properties["amount"]) == ("payment_succeeded", 10.99)
    assert paid.occurred_at.isoformat() == "2023-03-17T22:02:19+00:00"
    (payer,) = customers(session)
    assert (payer.external_id, payer.phone) == ("jenny.rosen@example.com", "+14155552671")


def test_a_subscription_of_stripe_from_invoice_to_end(
    session: Session, make: Make, send: Send
) -> None:
    stripe = make("stripe")
    send(stripe, payload("stripe_invoice_paid"))
    send(stripe, payload("stripe_subscription_deleted"))
    paid, ended = events(session)
    assert (paid.name, paid.properties["amount"]) == ("invoice_paid", 20)
    assert ended.name == "subscription_ended"
    assert ended.properties["feedback"] == "too_expensive"
    assert ended.occurred_at.isoformat() == "2023-03-14T04:40:42+00:00"
    assert [one.external_id for one in customers(session)] == ["cus_NeZwdNtLEOXuvB"]


def test_a_ticket_solved_at_zendesk(session: Session, make: Make, send: Send) -> None:
    desk = make("zendesk")
    solved = payload("zendesk_status_changed")
    send(desk, solved)
    send(desk, {**solved, "event": {"current": "OPEN", "previous": "SOLVED"}, "id": "2"})
    by_trigger = {"ticket_id": "5159", "status": "Solved", "solved_at": "2025-01-08T11:00:00Z"}
    by_trigger["requester"] = {"id": 7, "email": "Ada@Example.org", "phone": "", "name": "Ada"}  # type: ignore[assignment]
    send(desk, by_trigger)
    first, second = events(session)
    assert first.name == second.name == "ticket_solved"
    assert first.properties == {"ticket": "5158", "priority": "low", "channel": "web_service"}
    assert [one.external_id for one in customers(session)] == ["8447388090494", "7"]
    assert customers(session)[1].email == "ada@example.org"


def test_json_of_ones_own(session: Session, make: Make, send: Send) -> None:
    own = make("json")
    more = {**OWN, "properties": {"total": 5}, "customer": {"id": 9, "attributes": {"tier": "a"}}}
    assert send(own, more).status_code == 200
    several = {"events": [{**OWN, "id": "e2"}, {**OWN, "id": "e3", "customer": {}}]}
    reply = send(own, several)
    assert reply.status_code == 200 and reply.json
    assert (reply.json["accepted"], reply.json["errors"]) == (1, 1)
    stored = events(session)
    assert stored[0].properties == {"total": 5}
    assert customers(session)[0].attributes == {"tier": "a"}
    bad = send(own, {"event": "x"})
    assert bad.status_code == 422 and bad.json
    assert bad.json["results"][0]["error"]["field"] == "id"


def test_a_mapping_of_ones_own(
    session: Session, workspace: Workspace, make: Make, send: Send
) -> None:
    own = make("json")
    text = """
    events:
      - when: body.kind == 'visit'
        event: visited
        id: key('visit', body.number)
        occurred_at: from_unix(body.at)
        customer: {id: body.guest, attributes: {room: body.room}}
        properties: {nights: number(body.nights)}
    """
    sources.set_mapping(own, parse(text, "own.yaml"))
    session.commit()
    visit = {"kind": "visit", "number": 7, "at": 1700000000, "guest": "g", "nights": "3"}
    assert send(own, {**visit, "room": None}).status_code == 200
    assert send(own, {**visit, "kind": "song"}).json == {
        "accepted": 0,
        "duplicates": 0,
        "errors": 0,
        "results": [],
    }
    (stored,) = events(session)
    assert (stored.external_id, stored.properties) == ("visit:7", {"nights": 3})
    assert stored.source == "hook:json"


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


def test_a_replay_with_another_delivery_id_changes_nothing(
    session: Session, make: Make, send: Send
) -> None:
    """The id of a delivery is in a header that nobody signs; the order's is in the body."""
    shop = make("shopify")
    for delivery in ("a", "b"):
        headers = {"X-Shopify-Webhook-Id": delivery}
        reply = send(shop, payload("shopify_orders_paid"), "orders/paid", headers=headers)
    assert reply.json and reply.json["duplicates"] == 1
    assert len(events(session)) == 1


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
