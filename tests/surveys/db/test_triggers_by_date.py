"""Triggers around dates, what calls them off, and their hours; on each engine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from asking_world import NPS, World
from sqlalchemy import event as hook
from sqlalchemy.orm import Session

from models.customer import Customer
from models.invitation import Decision, Invitation
from models.response import Response
from models.workspace import Workspace
from surveys.explanation import explanation
from surveys.triggers import fire_many

DAY = 86_400


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return World(session, workspace)


def only(world: World) -> Invitation:
    (one,) = world.rows(Invitation)
    return one


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def test_three_days_after_a_date_in_the_event_on_the_customers_clock(world: World) -> None:
    world.trigger(world.survey(), delay_seconds=3 * DAY, timing={"from": "delivered_at"})
    ada = world.customer(timezone="Asia/Tokyo")
    world.happens(ada, properties={"delivered_at": "2026-11-20"})
    assert only(world).due_at == utc("2026-11-23T01:00")


def test_two_days_before_a_date_and_never_after_it(world: World) -> None:
    renewal = {"delay_seconds": -2 * DAY, "timing": {"from": "customer.renews_on"}}
    world.trigger(world.survey(), **renewal)
    ada = world.customer(attributes={"renews_on": "2026-12-10"}, timezone="Europe/London")
    world.happens(ada)
    assert (only(world).due_at, only(world).expires_at) == (
        utc("2026-12-08T10:00"),
        utc("2026-12-10T00:00"),
    )
    late = world.customer(attributes={"renews_on": "2026-11-18"}, timezone="Europe/London")
    assert world.happens(late) == []


@pytest.mark.parametrize("given", [{}, {"delivered_at": "next week"}])
def test_without_a_date_nothing_is_sent_and_the_reason_is_told(
    world: World, given: dict[str, Any]
) -> None:
    world.trigger(world.survey(), timing={"from": "delivered_at"})
    ada = world.customer()
    event = world.event(ada, properties=given)
    for _ in range(2):  # the event comes twice
        assert fire_many(world.session, world.workspace.id, [(event, ada)], world.now) == []
        world.session.commit()
    assert (only(world).status, only(world).rule) == ("suppressed", "no_date")
    (why,) = world.rows(Decision)
    assert why.rule == "no_date" and "delivered_at" in why.detail
    story = " ".join(explanation(world.session, only(world).id, world.now))
    assert f"there is no date to count from ({why.detail})" in story


def test_an_old_event_without_a_date_leaves_no_trace(world: World) -> None:
    world.trigger(world.survey(), timing={"from": "delivered_at"})
    world.happens(world.customer(), occurred_at=world.now - timedelta(days=30))
    assert world.rows(Invitation) == []


def test_a_batch_takes_two_statements(world: World) -> None:
    world.trigger(world.survey(), timing={"from": "at"}, filter={"customer.tier": "gold"})
    ada = world.customer(attributes={"tier": "gold"})
    pairs = [(world.event(ada, properties={"at": "2026-11-20"}), ada) for _ in range(20)]
    said: list[str] = []
    engine = world.session.get_bind()

    def note(*args: Any) -> None:
        said.append(args[2])

    hook.listen(engine, "before_cursor_execute", note)
    made = fire_many(world.session, world.workspace.id, pairs, world.now)
    hook.remove(engine, "before_cursor_execute", note)
    assert len(made) == 20 and len(said) == 2


REFUND = {"event": "refunded"}


def refund(world: World, customer: Customer, after: float, **properties: Any) -> None:
    """A refund so many hours after noon, heard of now."""
    at = utc("2026-11-18T12:00") + timedelta(hours=after)
    world.event(customer, "refunded", occurred_at=at, properties=properties)


def order(world: World, unless: list[dict[str, Any]]) -> Customer:
    world.trigger(world.survey(), delay_seconds=2 * DAY, unless=unless)
    ada = world.customer()
    world.happens(ada, properties={"order_id": 7})
    return ada


def after_two_days(world: World) -> str | None:
    world.later(days=2, minutes=1)
    world.fire()
    return only(world).rule


def test_a_refund_between_the_event_and_the_sending_calls_it_off(world: World) -> None:
    refund(world, order(world, [REFUND]), 5)
    assert after_two_days(world) == "called_off"
    assert "'refunded' happened 2026-11-18 17:00" in world.rows(Decision)[0].detail


def test_an_earlier_refund_and_one_to_come_do_not(world: World) -> None:
    ada = order(world, [REFUND])
    refund(world, ada, -1)
    refund(world, ada, 60)
    assert after_two_days(world) is None


def test_a_refund_heard_of_before_its_order_counts_by_its_own_time(world: World) -> None:
    world.trigger(world.survey(), delay_seconds=2 * DAY, unless=[REFUND])
    ada = world.customer()
    refund(world, ada, 0)
    world.happens(ada, occurred_at=world.now - timedelta(hours=3))
    assert after_two_days(world) == "called_off"


@pytest.mark.parametrize(("order_id", "rule"), [(7, "called_off"), (8, None)])
def test_only_the_same_order_counts_where_that_is_asked(
    world: World, order_id: int, rule: str | None
) -> None:
    refund(world, order(world, [{**REFUND, "same": ["order_id"]}]), 5, order_id=order_id)
    assert after_two_days(world) == rule


@pytest.mark.parametrize(("amount", "rule"), [(30, "called_off"), (3, None), ("30", None)])
def test_a_filter_says_which_events_count(world: World, amount: object, rule: str | None) -> None:
    limit = {**REFUND, "filter": {"amount": {"gt": 10}}}
    refund(world, order(world, [limit]), 5, amount=amount)
    assert after_two_days(world) == rule


def test_somebody_elses_refund_is_not_theirs(world: World) -> None:
    order(world, [REFUND])
    refund(world, world.customer(phone="+447700900124"), 5)
    assert after_two_days(world) is None


def test_an_answer_to_another_survey_calls_it_off(world: World) -> None:
    other = world.survey({**NPS, "key": "relationship"})
    ada = order(world, [{"answered": "relationship"}])
    version = only(world).version_id
    at = world.now + timedelta(hours=3)
    world.add(
        Response(
            workspace_id=world.workspace.id,
            customer_id=ada.id,
            survey_id=other.id,
            version_id=version,
            channel="web",
            source="web",
            external_id="1",
            status="completed",
            state={},
            occurred_at=at,
            started_at=at,
            updated_at=at,
            completed_at=at,
        )
    )
    assert after_two_days(world) == "called_off"


def test_the_last_of_several_events_is_asked_about(world: World) -> None:
    world.trigger(world.survey(), delay_seconds=2 * DAY, unless=[{"event": "delivered"}])
    ada = world.customer()
    world.happens(ada)
    world.later(hours=1)
    world.happens(ada)
    world.later(days=3)
    world.fire()
    assert [one.rule for one in world.rows(Invitation)] == ["called_off", None]


def test_outside_its_hours_it_waits_until_they_begin(world: World) -> None:
    world.trigger(world.survey(), window={"from": "09:00", "to": "11:00"})
    world.happens(world.customer(timezone="Asia/Tokyo"))  # noon UTC is 21:00 there
    world.fire()
    assert (only(world).status, only(world).due_at) == ("scheduled", utc("2026-11-19T00:00"))
    assert world.rows(Decision)[0].rule == "outside_window"
    world.later(hours=12)
    world.ask()
    assert only(world).status == "sent"
