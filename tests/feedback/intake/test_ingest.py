from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.api.schemas import EventIn
from feedback.configuration.apply import apply_text
from feedback.intake import ingest
from models.customer import Customer
from models.event import Event
from models.invitation import Invitation
from models.journey import Touchpoint
from models.workspace import Workspace

SHOP = """
journeys:
  - key: shop
    stages:
      - {key: delivery, touchpoints: [{key: parcel, events: [order_delivered]}]}
surveys:
  - key: nps
    name: Recommend
    metric: nps
    questions: [{key: score, type: nps, text: "How likely?"}]
    thanks: Thank you.
triggers:
  - {key: asked, event: order_delivered, survey: nps, delay: 1h, filter: {event.total: {gte: 10}}}
"""


def item(number: int = 1, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": f"e{number}",
        "event": "order_delivered",
        "occurred_at": "2026-11-18T10:00:00Z",
        "customer": {"id": "c1"},
        "properties": {"total": 20},
    }
    return {**made, **changes}


def customer(session: Session, key: str = "c1") -> Customer:
    session.expire_all()
    return session.scalars(select(Customer).where(Customer.external_id == key)).one()


def statuses(results: list[Any]) -> list[str]:
    return [result.status for result in results]


def test_event_is_stored_at_its_touchpoint_with_its_customer(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    apply_text(session, workspace, SHOP, now)
    phone = {"id": "c1", "phone": "07700 900123", "attributes": {"first_name": "Ada"}}
    ingest(session, workspace.id, [item(customer=phone)], now)
    stored = session.scalars(select(Event)).one()
    touchpoint = session.scalars(select(Touchpoint)).one()
    assert (stored.name, stored.touchpoint_id) == ("order_delivered", touchpoint.id)
    assert stored.properties == {"total": 20}
    assert stored.occurred_at.isoformat() == "2026-11-18T10:00:00+00:00"
    assert customer(session).phone == "+447700900123"


def test_sending_an_event_again_changes_nothing(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    first = {"id": "c1", "email": "a@example.org", "attributes": {"tier": "gold"}}
    ingest(session, workspace.id, [item(customer=first)], now)
    later = {"id": "c1", "email": "b@example.org", "attributes": {"tier": "none"}}
    again = ingest(session, workspace.id, [item(customer=later)], now)
    assert statuses(again) == ["duplicate"]
    assert session.scalar(select(func.count(Event.id))) == 1
    assert customer(session).email == "a@example.org"
    assert customer(session).attributes == {"tier": "gold"}


def test_the_same_id_twice_in_a_batch_counts_once(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    assert statuses(ingest(session, workspace.id, [item(1), item(1), item(2)], now)) == [
        "accepted",
        "duplicate",
        "accepted",
    ]


def test_the_same_id_from_another_source_or_workspace_is_another_event(
    session: Session, workspace: Workspace, now: datetime, make_workspace: Any
) -> None:
    other = make_workspace(session, "other")
    for where, source in ((workspace, "api"), (workspace, "segment"), (other, "api")):
        assert statuses(ingest(session, where.id, [item()], now, source)) == ["accepted"]


def test_only_given_fields_overwrite_and_attributes_merge(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    first = {"id": "c1", "phone": "+447700900123", "locale": "en-GB"}
    first |= {"attributes": {"a": 1, "b": 2, "place": {"x": 1, "y": 2}}}
    second = {"id": "c1", "locale": "fr", "attributes": {"b": None, "c": [1], "place": {"x": 3}}}
    ingest(session, workspace.id, [item(1, customer=first)], now)
    ingest(session, workspace.id, [item(2, customer=second)], now + timedelta(minutes=1))
    row = customer(session)
    assert (row.phone, row.locale) == ("+447700900123", "fr")
    assert row.attributes == {"a": 1, "c": [1], "place": {"x": 3}}
    assert row.updated_at == now + timedelta(minutes=1)
    assert row.created_at == now


def test_one_bad_event_spoils_nothing_but_itself(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    bad = item(2, customer={"id": "c2", "phone": "call me"})
    results = ingest(session, workspace.id, [item(1), bad, item(3)], now)
    assert statuses(results) == ["accepted", "error", "accepted"]
    error = results[1].error
    assert error and error.field == "events[1].customer.phone"
    assert error.mend and "+44" in error.mend
    assert session.scalar(select(func.count(Customer.id))) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"customer": None}, "customer"),
        ({"customer": {}}, "customer.id"),
        ({"customer": {"id": 7}}, "customer.id"),
        ({"customer": {"id": "c", "age": 7}}, "customer.age"),
        ({"customer": {"id": "c", "timezone": "Mars/Base"}}, "customer.timezone"),
        ({"customer": {"id": "c", "email": "nobody"}}, "customer.email"),
        ({"customer": {"id": "c", "locale": "english please"}}, "customer.locale"),
        ({"customer": {"id": "c", "phone": "12"}}, "customer.phone"),
        ({"customer": {"id": "c", "attributes": {"a": "\0"}}}, "customer.attributes"),
        ({"id": ""}, "id"),
        ({"id": 5}, "id"),
        ({"id": "a\0b"}, "id"),
        ({"event": "x" * 121}, "event"),
        ({"colour": "red"}, "colour"),
        ({"properties": []}, "properties"),
        ({"properties": {"a": float("inf")}}, "properties.a"),
        ({"properties": {str(number): 1 for number in range(101)}}, "properties"),
        ({"occurred_at": "2026-11-18T10:00:00"}, "occurred_at"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": 1700000000}, "occurred_at"),
        ({"occurred_at": "2026-11-19T13:00:00Z"}, "occurred_at"),
        ({"occurred_at": "1999-12-31T23:00:00Z"}, "occurred_at"),
    ],
)
def test_every_fault_names_its_field_and_its_mend(
    sqlite_session: Session,
    make_workspace: Any,
    now: datetime,
    change: dict[str, Any],
    field: str,
) -> None:
    workspace = make_workspace(sqlite_session)
    (result,) = ingest(sqlite_session, workspace.id, [item(**change)], now, prefix="")
    assert result.status == "error"
    assert result.error
    assert result.error.field == field
    assert result.error.message
    assert result.error.mend
    assert sqlite_session.scalar(select(func.count(Event.id))) == 0


@pytest.mark.parametrize("rubbish", [None, 3, "text", [], {}, [[]], {"id": {}}])
def test_rubbish_is_refused_in_words(
    sqlite_session: Session, make_workspace: Any, now: datetime, rubbish: object
) -> None:
    workspace = make_workspace(sqlite_session)
    (result,) = ingest(sqlite_session, workspace.id, [rubbish], now)
    assert result.status == "error"
    assert result.error and result.error.field and result.error.field.startswith("events[0]")


def test_a_time_left_out_is_now_and_a_slightly_fast_clock_is_forgiven(
    sqlite_session: Session, make_workspace: Any, now: datetime
) -> None:
    workspace = make_workspace(sqlite_session)
    soon = (now + timedelta(hours=20)).isoformat()
    items = [item(1, occurred_at=None), item(2, occurred_at=soon)]
    assert statuses(ingest(sqlite_session, workspace.id, items, now)) == ["accepted"] * 2
    times = sqlite_session.scalars(select(Event.occurred_at).order_by(Event.external_id)).all()
    assert times == [now, now + timedelta(hours=20)]


def test_new_events_set_off_triggers_and_known_ones_do_not(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    apply_text(session, workspace, SHOP, now)
    cheap = item(2, properties={"total": 5})
    for _ in range(2):
        ingest(session, workspace.id, [item(1), cheap], now)
    invitation = session.scalars(select(Invitation)).one()
    assert invitation.event_id == session.scalar(select(Event.id).where(Event.external_id == "e1"))
    assert invitation.touchpoint_id is not None


def test_a_full_batch_costs_a_handful_of_statements(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    apply_text(session, workspace, SHOP, now)
    items = [item(number, customer={"id": f"c{number % 300}"}) for number in range(500)]
    seen: list[str] = []

    def count(*args: Any) -> None:
        seen.append(args[2])

    bind = session.get_bind()
    sqlalchemy_event.listen(bind, "before_cursor_execute", count)
    results = ingest(session, workspace.id, items, now)
    sqlalchemy_event.remove(bind, "before_cursor_execute", count)
    assert set(statuses(results)) == {"accepted"}
    assert session.scalar(select(func.count(Invitation.id))) == 500
    assert len(seen) <= 10


def test_events_read_elsewhere_are_taken_as_they_are(
    sqlite_session: Session, make_workspace: Any, now: datetime
) -> None:
    workspace = make_workspace(sqlite_session)
    event = EventIn.model_validate(item())
    assert statuses(ingest(sqlite_session, workspace.id, [event], now, "segment")) == ["accepted"]
