"""A trigger that learns its hour: from its own past, within its limits, each invitation once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from asking_world import NOW, MakeWorkspace, World, make_experiment
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from models.customer import Customer
from models.invitation import Decision, Invitation
from models.survey import Trigger
from models.workspace import Workspace
from surveys.channels.links import new_token
from surveys.explanation import explanation
from surveys.hours import Hour
from surveys.learnt_hours import past_of

LEARNS = {"timing": {"hour": "learn"}}


@pytest.fixture
def world(sqlite_session: Session, make_workspace: MakeWorkspace) -> World:
    return World(sqlite_session, make_workspace(sqlite_session))


@pytest.fixture
def both(session: Session, workspace: Workspace) -> World:
    """The same on each engine, where the SQL differs."""
    return World(session, workspace)


def lived(
    world: World, trigger: Trigger, customer: Customer, past: dict[int, tuple[int, int]], **at: Any
) -> None:
    """Invitations that the trigger sent days ago, by hour in UTC: how many, how many answered."""
    midnight = NOW.replace(hour=0) - timedelta(days=at.get("days", 5))
    shared = {
        "workspace_id": world.workspace.id,
        "trigger_id": trigger.id,
        "customer_id": customer.id,
        "survey_id": trigger.survey_id,
        "version_id": 1,
        "channel": "sms",
        "due_at": midnight,
        "expires_at": midnight + timedelta(days=7),
        "status_at": midnight,
        "created_at": midnight,
    }
    rows = [
        {
            **shared,
            "token": new_token(),
            "sent_at": midnight + timedelta(hours=hour, minutes=20),
            "status": "completed" if place < answered else "expired",
        }
        for hour, (asked, answered) in past.items()
        for place in range(asked)
    ]
    world.session.execute(insert(Invitation), rows)
    world.session.commit()


def learner(world: World, **columns: Any) -> Trigger:
    """A trigger whose customers answer at six in the evening, and hardly ever else."""
    found: Trigger = world.trigger(world.survey(), **{**LEARNS, **columns})
    other = world.customer("+447700900999")
    lived(world, found, other, {hour: (8, 0) for hour in range(24) if hour != 18})
    lived(world, found, other, {18: (12, 12)})
    return found


def decisions(world: World) -> list[tuple[str, str | None, datetime | None]]:
    return [(row.outcome, row.rule, row.until) for row in world.rows(Decision)]


def test_it_waits_for_the_hour_at_which_people_answer_and_says_why(both: World) -> None:
    learner(both)
    (made,) = both.happens(both.customer())
    both.ask()
    six = NOW.replace(hour=18)
    assert decisions(both) == [("wait", "learnt_hour", six)]
    assert both.invitation(made).due_at == six and not both.outbound()
    both.now = six + timedelta(minutes=1)
    both.ask()
    assert len(both.outbound()) == 1
    told = "\n".join(explanation(both.session, made, both.now))
    assert "18 h of the customer's day, 12 of 12 asked then answered; drawn of 24 hours" in told
    assert "learnt_hour: passed, sent at 18 h of the customer's day" in told


def test_it_is_the_hour_of_the_customer_s_own_clock(world: World) -> None:
    learner(world)
    world.happens(world.customer(timezone="America/New_York"))
    world.ask()
    ((_, _, until),) = decisions(world)
    assert until is not None and until.astimezone(ZoneInfo("America/New_York")).hour == 18


def test_without_it_nothing_waits(world: World) -> None:
    learner(world, timing=None)
    world.happens(world.customer())
    world.ask()
    assert decisions(world) == [("ask", None, None)]


def test_the_hour_is_given_once_whatever_is_learnt_meanwhile(world: World) -> None:
    trigger = learner(world)
    (made,) = world.happens(world.customer())
    world.ask()
    world.session.execute(
        update(Invitation)
        .where(Invitation.trigger_id == trigger.id, Invitation.sent_at.is_not(None))
        .values(status="expired")
    )
    world.session.commit()
    world.now = NOW.replace(hour=18, minute=2)
    world.ask()
    assert [one[0] for one in decisions(world)] == ["wait", "ask"]
    assert world.invitation(made).status != "scheduled"


def test_the_same_invitation_draws_the_same_hour_again(world: World) -> None:
    trigger = world.trigger(world.survey(), **LEARNS)
    (made,) = world.happens(world.customer())
    world.fire()
    ((outcome, _, first),) = decisions(world)
    world.session.execute(update(Invitation).values(due_at=NOW, claimed_until=None))
    world.session.query(Decision).delete()
    world.session.commit()
    if outcome == "wait":
        world.fire()
        assert decisions(world) == [("wait", "learnt_hour", first)]
    assert world.invitation(made).trigger_id == trigger.id


def test_window_and_quiet_time_are_kept(world: World) -> None:
    world.workspace.contact_rules = {"quiet_hours": {"start": "17:00", "end": "09:00"}}
    learner(world, window={"from": "10:00", "to": "16:00"})
    for place in range(12):
        world.happens(world.customer(f"+4477009001{place:02d}"))
    world.ask()
    taken = decisions(world)
    hours = {until.hour for _, _, until in taken if until is not None}
    assert len(taken) == 12 and len(hours) > 2
    assert hours <= set(range(10, 16))
    assert {rule for _, rule, _ in taken} <= {"learnt_hour", None}


def test_what_is_good_for_an_hour_is_sent_within_it(world: World) -> None:
    learner(world, expires_seconds=3600)
    (made,) = world.happens(world.customer())
    world.ask()
    world.later(minutes=59)
    world.ask()
    assert len(world.outbound()) == 1 and world.invitation(made).rule is None


def test_a_variant_with_an_hour_of_its_own_keeps_it(world: World) -> None:
    trigger = learner(world)
    trial = make_experiment(world, trigger, {"hour": 12})
    trial.state = "running"
    world.session.commit()
    world.happens(world.customer())
    world.ask()
    assert decisions(world) == [("ask", None, None)]


def test_the_past_is_the_trigger_s_own_settled_and_by_the_clock_of_each(both: World) -> None:
    trigger = both.trigger(both.survey(), **LEARNS)
    other = both.trigger(both.survey(key="other"), **LEARNS)
    here, there = both.customer(), both.customer(timezone="Asia/Tokyo")
    lived(both, trigger, here, {9: (3, 1), 18: (2, 2)})
    lived(both, trigger, there, {9: (1, 1)})  # 18 h in Tokyo
    lived(both, other, here, {9: (7, 7)})
    lived(both, trigger, here, {20: (5, 0)}, days=1)  # not a day ago
    assert past_of(both.session, trigger.id, NOW) == {9: Hour(3, 1), 18: Hour(3, 3)}


def test_no_more_is_read_than_the_newest(world: World) -> None:
    trigger = world.trigger(world.survey(), **LEARNS)
    lived(world, trigger, world.customer(), {9: (30, 0)})
    assert past_of(world.session, trigger.id, NOW, newest=10) == {9: Hour(10, 0)}
