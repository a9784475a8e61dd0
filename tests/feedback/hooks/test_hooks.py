from __future__ import annotations

from flask.testing import FlaskClient
from hooks_world import (
    OWN,
    Make,
    Send,
    customers,
    events,
    payload,
)
from sqlalchemy.orm import Session

from feedback import refusals
from feedback.hooks import sources
from feedback.hooks.mapping import parse
from models.workspace import Workspace

COUNTS = ("accepted", "duplicates", "errors", "waiting", "taken_up")
NOTHING = {**dict.fromkeys(COUNTS, 0), "results": []}

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
    assert reply.status_code == 200 and reply.json == NOTHING
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


def test_a_refund_by_stripe_is_of_its_payments_customer(
    session: Session, make: Make, send: Send
) -> None:
    stripe = make("stripe")
    charge = payload("stripe_charge_succeeded")
    thing = {**charge["data"]["object"], "amount_refunded": 500}
    nobody = {**thing, "billing_details": {}, "receipt_email": None}
    refund = {**charge, "type": "charge.refunded", "created": charge["created"] + 60}
    early = send(stripe, {**refund, "id": "evt_1", "data": {"object": nobody}})
    assert early.json and early.json["waiting"] == 1
    send(stripe, charge)
    elsewhere = {**thing, "billing_details": {"email": "jenny@work.example"}}
    send(stripe, {**refund, "id": "evt_2", "data": {"object": elsewhere}})
    names = [one.name for one in events(session)]
    assert names == ["payment_succeeded", "payment_refunded", "payment_refunded"]
    assert [one.external_id for one in customers(session)] == ["jenny.rosen@example.com"]


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
    assert send(own, {**visit, "kind": "song"}).json == NOTHING
    (stored,) = events(session)
    assert (stored.external_id, stored.properties) == ("visit:7", {"nights": 3})
    assert stored.source == "hook:json"


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
