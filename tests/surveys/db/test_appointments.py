"""Asked by appointment: each once a turn, as customers come, change and leave; on each engine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from asking_world import World
from sqlalchemy import event as hook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.customer import Customer
from models.errors import Conflict
from models.invitation import Invitation
from models.message import Message
from models.survey import Appointment, Trigger
from models.workspace import Workspace
from surveys import appointments, campaigns
from surveys.appointment_rows import planned
from surveys.outbox import CAMPAIGN
from surveys.prices import Price
from surveys.reach import reach

DAY = 86_400


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return World(session, workspace)


def recurring(world: World, **columns: Any) -> Trigger:
    timing = {"every_days": 90, "first_days": 0, "at": "12:00", **columns.pop("timing", {})}
    kind = {"kind": "recurring", "event_name": "", "timing": timing, "expires_seconds": DAY}
    return world.trigger(world.survey(quarantine_days=0), **{**kind, **columns})


def people(world: World, number: int, **columns: Any) -> list[Customer]:
    return [world.customer(f"+4477009{n:05}", **columns) for n in range(number)]


def keep(world: World) -> None:
    while appointments.keep(world.session, world.now):
        pass


def turns(world: World) -> dict[int, datetime | None]:
    rows = world.rows(Appointment)
    return {row.customer_id: row.due_at for row in rows}


def asked(world: World) -> list[tuple[int, int | None]]:
    return sorted((row.customer_id, row.period) for row in world.rows(Invitation))


def test_everybody_has_one_turn_in_ninety_days_and_two_in_a_hundred_and_eighty(
    world: World,
) -> None:
    recurring(world)
    people(world, 12)
    world.later(minutes=5)
    for _ in range(180):
        keep(world)
        world.later(days=1)
    found = asked(world)
    assert len(found) == 24 and len(set(found)) == 24
    by_customer: dict[int, list[int]] = {}
    for customer, period in found:
        by_customer.setdefault(customer, []).append(period or 0)
    assert all(second - first == 90 for first, second in by_customer.values())


def test_nothing_is_due_until_it_is_and_then_since_when(world: World) -> None:
    recurring(world)
    assert appointments.owed(world.session, world.now) is None
    people(world, 3)
    assert appointments.owed(world.session, world.now) is None, "a change is let settle"
    world.later(minutes=3)
    assert appointments.owed(world.session, world.now) is not None
    keep(world)
    assert appointments.owed(world.session, world.now) is None
    first = min(due for due in turns(world).values() if due)
    world.now = first
    assert appointments.owed(world.session, world.now) == first


def test_who_leaves_the_filter_loses_their_turn_and_who_comes_back_has_the_same(
    world: World,
) -> None:
    recurring(world, filter={"customer.tier": "gold"})
    gold, silver = (
        world.customer(f"+44770090012{n}", attributes={"tier": tier})
        for n, tier in enumerate(("gold", "silver"))
    )
    world.later(minutes=3)
    keep(world)
    before = turns(world)
    assert list(before) == [gold.id]

    def becomes(customer: Customer, tier: str) -> None:
        customer.attributes = {"tier": tier}
        customer.updated_at = world.now
        world.session.commit()
        world.later(minutes=3)
        keep(world)

    becomes(gold, "silver")
    assert turns(world) == {}
    becomes(gold, "gold")
    assert turns(world) == before
    becomes(silver, "gold")
    assert set(turns(world)) == {gold.id, silver.id}


def test_a_changed_filter_keeps_the_turns_of_those_it_still_takes(world: World) -> None:
    trigger = recurring(world)
    everybody = people(world, 4, attributes={"tier": "gold"})
    world.later(minutes=3)
    keep(world)
    before = turns(world)
    trigger.filter = {"customer.tier": "gold"}
    everybody[0].attributes = {"tier": "none"}
    trigger.seen_at, trigger.seen_id = None, 0
    world.session.commit()
    keep(world)
    assert turns(world) == {k: v for k, v in before.items() if k != everybody[0].id}


def test_after_a_long_standstill_nobody_is_asked_twice_or_too_late(world: World) -> None:
    recurring(world)
    people(world, 5)
    world.later(minutes=3)
    keep(world)
    world.later(days=400)
    keep(world)
    assert asked(world) == [], "their turns are long over"
    assert all(due and due > world.now for due in turns(world).values())


def test_a_crash_after_the_invitations_makes_no_second_ones(world: World) -> None:
    recurring(world)
    ada = world.customer()
    world.later(minutes=3)
    keep(world)
    due = turns(world)[ada.id]
    assert due is not None
    world.now = due
    keep(world)
    (row,) = world.rows(Appointment)
    row.due_at = due  # as if the rest had not been written
    world.session.commit()
    keep(world)
    assert len(asked(world)) == 1


def test_a_date_of_a_customer_is_followed_when_it_moves(world: World) -> None:
    timing = {"from": "customer.renews_on", "at": "10:00"}
    world.trigger(
        world.survey(quarantine_days=0),
        kind="date",
        event_name="",
        timing=timing,
        delay_seconds=-2 * DAY,
    )
    ada = world.customer(attributes={"renews_on": "2026-11-25"})
    world.later(minutes=3)
    keep(world)
    ada.attributes, ada.updated_at = {"renews_on": "2026-11-30"}, world.now
    world.session.commit()
    world.later(minutes=3)
    keep(world)
    world.later(days=7)
    keep(world)
    assert asked(world) == []
    world.later(days=4)
    keep(world)
    assert len(asked(world)) == 1
    ada.attributes, ada.updated_at = {"renews_on": "2027-11-30"}, world.now
    world.session.commit()
    world.later(minutes=3)
    keep(world)
    world.later(days=365)
    keep(world)
    assert len(asked(world)) == 2


def test_a_look_at_what_is_due_reads_no_more_for_more_customers(world: World) -> None:
    recurring(world)
    said: list[str] = []
    engine = world.session.get_bind()

    def note(*args: Any) -> None:
        said.append(args[2])

    def statements() -> list[str]:
        said.clear()
        hook.listen(engine, "before_cursor_execute", note)
        appointments.owed(world.session, world.now)
        hook.remove(engine, "before_cursor_execute", note)
        return list(said)

    people(world, 2)
    world.later(minutes=3)
    keep(world)
    few = statements()
    people(world, 40)
    world.later(minutes=3)
    keep(world)
    assert statements() == few and len(few) == 3


def campaign(world: World, **columns: Any) -> Trigger:
    kind = {"kind": "campaign", "event_name": "", "state": "draft", "timing": {}}
    return world.trigger(world.survey(quarantine_days=0), **{**kind, **columns})


def test_a_campaign_asks_each_once_and_is_done(world: World) -> None:
    one = campaign(world, filter={"customer.tier": "gold"})
    people(world, 5, attributes={"tier": "gold"})
    world.customer(attributes={"tier": "none"})
    keep(world)
    assert asked(world) == [], "a draft asks nobody"
    campaigns.start(world.session, one, world.now, 0)
    world.session.commit()
    keep(world)
    world.ask()
    keep(world)
    assert len(asked(world)) == 5 == len(world.gateway.phone)
    world.session.refresh(one)
    assert one.state == "done"
    assert {row.priority for row in world.rows(Message)} == {CAMPAIGN}


def test_a_paused_campaign_asks_nobody_and_goes_on_with_the_rest(world: World) -> None:
    one = campaign(world)
    people(world, 4)
    campaigns.start(world.session, one, world.now, 0)
    world.session.commit()
    keep(world)
    assert campaigns.pause(world.session, one, world.now) == 4
    world.session.commit()
    world.later(days=1)
    keep(world)
    world.ask()
    assert asked(world) == [] == world.gateway.phone
    assert appointments.owed(world.session, world.now) is None
    campaigns.start(world.session, one, world.now, 0)
    world.session.commit()
    keep(world)
    world.ask()
    assert len(world.gateway.phone) == 4


def test_a_cancelled_campaign_holds_back_what_waits_in_the_outbox(world: World) -> None:
    one = campaign(world)
    people(world, 3)
    campaigns.start(world.session, one, world.now, 0)
    world.session.commit()
    keep(world)
    world.fire()
    assert campaigns.cancel(world.session, one, world.now) == 3
    world.session.commit()
    world.send()
    keep(world)
    assert world.gateway.phone == []
    assert {row.status for row in world.rows(Invitation)} == {"cancelled"}
    with pytest.raises(Conflict, match="is cancelled"):
        campaigns.start(world.session, one, world.now, 0)


def test_what_happens_now_goes_before_a_campaign(world: World) -> None:
    one = campaign(world)
    people(world, 3)
    campaigns.start(world.session, one, world.now, 0)
    world.session.commit()
    keep(world)
    world.fire()
    world.trigger(world.survey({**_NPS, "key": "other"}, quarantine_days=0))
    world.workspace.quarantine_days = 0
    buyer = world.customer("+447700911111")
    world.happens(buyer)
    world.ask()
    assert world.gateway.phone[0].address == "+447700911111"


def test_a_preview_counts_by_channel_and_cost_and_writes_nothing(world: World) -> None:
    one = campaign(world, other_channels="email")
    people(world, 3)
    world.customer(None, email="a@x.example")
    world.customer(None)
    (plan,) = planned(world.session, one.id)
    prices = [Price("447", 0.04, "GBP")]
    found = reach(world.session, plan, "+447700900000", prices, 2, world.now)
    assert found.matching == 5
    assert found.by_channel == {"sms": 3, "email": 1}
    assert found.not_asked == {"no_address": 1}
    assert found.costs == {"GBP": pytest.approx(0.24)}
    assert world.session.scalar(select(func.count(Appointment.id))) == 0


_NPS = {
    "key": "other",
    "name": "Other",
    "questions": [{"key": "score", "type": "nps", "text": "Would you?"}],
    "thanks": "Thanks",
}
