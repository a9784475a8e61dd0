"""Events that come before the one that names their customer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from asking_world import World
from hooks_world import NOW, Make, Send, customers, events, payload
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from feedback import refusals
from feedback.hooks import sources, waiting
from feedback.hooks.early import TakenIn, take_in
from feedback.hooks.mapping import parse
from feedback.hooks.reading import Found
from feedback.hooks.waiting import KEEP, Where
from feedback.intake import ingest
from feedback.jobs import due
from models.intake import IntakeWaiting
from models.invitation import Invitation
from models.workspace import Workspace

REFUND = payload("shopify_refunds_create", order_id=820982911946154508)
REFUND_ID = f"order_refunded:{REFUND['id']}"
ORDER_ID = "order_paid:820982911946154508"
BLOCKED = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
LINKED = """
events:
  - each: body.list
    event_from: item.what
    id: item.id
    customer: {same_as: item.of, id: item.who, phone: item.phone, email: item.email}
    properties: {n: item.n}
"""


def waits(session: Session) -> list[tuple[str, str]]:
    session.expire_all()
    rows = session.scalars(select(IntakeWaiting).order_by(IntakeWaiting.id))
    return [(row.external_id, row.waits_for) for row in rows]


def test_a_refund_heard_of_before_its_order_waits_for_it(
    session: Session, workspace: Workspace, make: Make, send: Send
) -> None:
    shop = make("shopify")
    first = send(shop, REFUND, "refunds/create")
    assert first.status_code == 200 and first.json
    assert (first.json["waiting"], first.json["errors"]) == (1, 0)
    assert first.json["results"] == [{"id": REFUND_ID, "status": "waiting", "waits_for": ORDER_ID}]
    assert waits(session) == [(REFUND_ID, ORDER_ID)]
    assert refusals.latest(session, workspace.id) == []
    paid = send(shop, payload("shopify_orders_paid", phone=None), "orders/paid")
    assert paid.json and (paid.json["accepted"], paid.json["taken_up"]) == (1, 1)
    assert waits(session) == []
    order, refund = events(session)
    assert (order.name, refund.name) == ("order_paid", "order_refunded")
    assert refund.customer_id == order.customer_id
    assert refund.properties["total"] == 41.94
    assert refund.occurred_at == datetime.fromisoformat(REFUND["processed_at"])


def test_a_survey_is_called_off_by_a_refund_that_was_heard_of_first(
    session: Session, workspace: Workspace, make: Make, send: Send
) -> None:
    world, shop = World(session, workspace), make("shopify")
    unless = [{"event": "order_refunded", "same": ["order_id"]}]
    world.trigger(world.survey(), event_name="order_paid", delay_seconds=3600, unless=unless)
    refunded = (NOW - timedelta(minutes=5)).isoformat()
    paid = (NOW - timedelta(minutes=30)).isoformat()
    send(shop, {**REFUND, "processed_at": refunded}, "refunds/create")
    order = payload("shopify_orders_paid", phone="+1 415 555 2671", processed_at=paid)
    send(shop, order, "orders/paid")
    world.now = NOW + timedelta(hours=4)
    world.fire()
    (invitation,) = world.rows(Invitation)
    assert (invitation.status, invitation.rule) == ("suppressed", "called_off")


def test_however_often_it_is_delivered_one_waits_and_one_is_stored(
    session: Session, make: Make, send: Send
) -> None:
    shop = make("shopify")
    replies = [send(shop, REFUND, "refunds/create") for _ in range(3)]
    assert [(one.json or {})["duplicates"] for one in replies] == [0, 1, 1]
    assert len(waits(session)) == 1
    for _ in range(2):
        send(shop, payload("shopify_orders_paid", phone=None), "orders/paid")
    late = send(shop, REFUND, "refunds/create")
    assert late.json and (late.json["duplicates"], late.json["waiting"]) == (1, 0)
    assert [one.name for one in events(session)] == ["order_paid", "order_refunded"]
    assert waits(session) == []


def test_without_a_time_of_its_own_it_happened_when_it_came(
    session: Session, make: Make, send: Send
) -> None:
    own = with_mapping(session, make)
    send(own, {"list": [{"what": "b", "id": "2", "of": "1"}]})
    (row,) = session.scalars(select(IntakeWaiting))
    assert row.item["occurred_at"] == NOW.isoformat()


def with_mapping(session: Session, make: Make) -> Any:
    own = make("json")
    sources.set_mapping(own, parse(LINKED, "own.yaml"))
    session.commit()
    return own


def test_any_mapping_may_look_a_customer_up_and_chains_are_followed(
    session: Session, make: Make, send: Send
) -> None:
    own = with_mapping(session, make)
    third = {"what": "c", "id": "3", "of": "2", "n": 3, "email": "ada@example.org"}
    assert send(own, {"list": [third, {"what": "b", "id": "2", "of": "1"}]}).status_code == 200
    assert waits(session) == [("3", "2"), ("2", "1")]
    reply = send(own, {"list": [{"what": "a", "id": "1", "who": "ada"}]})
    assert reply.json and reply.json["taken_up"] == 2
    assert [one.external_id for one in events(session)] == ["1", "2", "3"]
    (ada,) = customers(session)
    assert (ada.external_id, ada.email) == ("ada", "ada@example.org")


def test_both_in_one_call_wait_for_nothing_whatever_their_order(
    session: Session, make: Make, send: Send
) -> None:
    own = with_mapping(session, make)
    later, first = {"what": "b", "id": "2", "of": "1"}, {"what": "a", "id": "1", "who": "ada"}
    reply = send(own, {"list": [later, first]})
    assert reply.json and (reply.json["accepted"], reply.json["taken_up"]) == (2, 0)
    assert [one["status"] for one in reply.json["results"]] == ["accepted", "accepted"]
    assert waits(session) == []


def test_an_id_of_its_own_is_enough_where_the_other_is_not_known(
    session: Session, make: Make, send: Send
) -> None:
    own = with_mapping(session, make)
    send(own, {"list": [{"what": "b", "id": "2", "of": "1", "who": "ada"}]})
    assert waits(session) == [] and customers(session)[0].external_id == "ada"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"id": None}, "id"), ({"id": ["x"]}, "id"), ({"what": ""}, "event"), ({"id": "a\0"}, "id")],
)
def test_what_cannot_be_used_anyway_is_refused_at_once(
    session: Session, make: Make, send: Send, changes: dict[str, Any], field: str
) -> None:
    reply = send(
        with_mapping(session, make), {"list": [{"what": "b", "id": "2", "of": "1"} | changes]}
    )
    assert reply.json and reply.json["results"][0]["error"]["field"] == field
    assert waits(session) == []


@pytest.mark.parametrize("of", [["x"], {"a": 1}, "x" * 201, "a\0b", "", None, True])
def test_what_no_event_can_be_called_is_waited_for_by_nobody(
    session: Session, make: Make, send: Send, of: Any
) -> None:
    reply = send(with_mapping(session, make), {"list": [{"what": "b", "id": "2", "of": of}]})
    assert reply.json and reply.json["results"][0]["error"]["field"] == "customer.id"
    assert waits(session) == []


def test_a_phone_that_cannot_be_read_is_left_out_when_it_is_taken_up(
    session: Session, workspace: Workspace, make: Make, send: Send
) -> None:
    own = with_mapping(session, make)
    send(own, {"list": [{"what": "b", "id": "2", "of": "1", "phone": "555-SHIP"}]})
    send(own, {"list": [{"what": "a", "id": "1", "who": "ada"}]})
    assert len(events(session)) == 2
    (told,) = refusals.latest(session, workspace.id)
    assert (told.external_id, told.field) == ("2", "customer.phone")


def test_another_source_or_workspace_is_not_waited_for(
    session: Session, make_workspace: Callable[..., Workspace], make: Make, send: Send
) -> None:
    first, other = make("shopify"), make("shopify", name="other")
    send(first, REFUND, "refunds/create")
    send(other, payload("shopify_orders_paid", phone=None), "orders/paid")
    assert len(waits(session)) == 1 and len(events(session)) == 1
    theirs = make_workspace(session, "theirs")
    assert waiting.count(session, theirs.id) == 0


def test_in_time_it_is_given_up_and_told(
    session: Session, workspace: Workspace, make: Make, send: Send
) -> None:
    send(make("shopify"), REFUND, "refunds/create")
    end = NOW + KEEP
    assert due.retain(session, end - timedelta(seconds=1)) is None
    assert waiting.give_up_next(session, end - timedelta(seconds=1)) == 0
    assert due.retain(session, end) == end
    assert waiting.give_up_next(session, end) == 1
    assert waits(session) == [] and due.retain(session, end) is None
    (told,) = refusals.latest(session, workspace.id)
    assert (told.external_id, told.field) == (REFUND_ID, "customer.same_as")
    assert ORDER_ID in told.message and "30 days" in told.message


def test_the_oldest_makes_room_and_is_told(session: Session, workspace: Workspace) -> None:
    where = Where(workspace.id, "hook:shop")
    for n in range(4):
        waiting.hold(session, where, [(_item(f"b{n}").item, f"a{n}")], NOW, most=2)
    session.commit()
    assert waits(session) == [("b2", "a2"), ("b3", "a3")]
    told = refusals.latest(session, workspace.id)
    assert [one.external_id for one in told] == ["b1", "b0"]


def test_a_dropped_one_is_gone(
    session: Session, workspace: Workspace, make: Make, send: Send
) -> None:
    send(make("shopify"), REFUND, "refunds/create")
    assert waiting.forget(session, workspace.id, "x") == 0
    assert waiting.forget(session, workspace.id, REFUND_ID) == 1
    assert waits(session) == []


# -- both at the same moment ----------------------------------------------------------------------


def _store(session: Session, where: Where) -> Callable[[Any], Any]:
    return lambda items: ingest(session, where.workspace_id, items, NOW, where.source, prefix="")


def _item(name: str, who: str | None = None, of: str | None = None) -> Found:
    item = {"id": name, "event": "x", "occurred_at": None, "customer": {"id": who}}
    return Found({**item, "properties": {}}, of)


@pytest.mark.parametrize("first", ["order", "refund"])
def test_order_and_refund_at_the_same_moment_never_miss_each_other(
    engine: Engine, session: Session, workspace: Workspace, first: str
) -> None:
    """One has looked for the other and is not committed when the other comes."""
    where = Where(workspace.id, "hook:shop")
    found = {"order": _item("order", who="ada"), "refund": _item("refund", of="order")}

    def take(own: Session, name: str) -> TakenIn:
        return take_in(own, where, [found[name]], NOW, _store(own, where))

    def second() -> None:
        with Session(engine) as own:
            take(own, "refund" if first == "order" else "order")
            own.commit()

    other = threading.Thread(target=second)
    with Session(engine) as own:
        take(own, first)
        other.start()
        with engine.connect() as looking:
            while engine.dialect.name == "postgresql" and other.is_alive():
                if looking.scalar(BLOCKED):
                    break
                looking.rollback()
        own.commit()
    other.join(20)
    assert waits(session) == []
    assert {one.external_id for one in events(session)} == {"order", "refund"}


def test_orders_of_one_source_do_not_wait_for_each_other(
    engine: Engine, session: Session, workspace: Workspace
) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("on SQLite one writes at a time")
    where = Where(workspace.id, "hook:shop")
    with Session(engine) as one, Session(engine) as two:
        take_in(one, where, [_item("a", who="ada")], NOW, _store(one, where))
        take_in(two, where, [_item("b", who="bob")], NOW, _store(two, where))
        two.commit()
        one.commit()
    assert len(events(session)) == 2
