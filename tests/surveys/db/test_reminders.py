"""A silent customer is reminded once, by day, and of the worthiest survey first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asking_world import NOW, PHONE, World, asked_world
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.customer import Customer
from models.invitation import Decision
from models.survey import Survey
from models.workspace import Workspace
from surveys import reminders
from surveys.channels.gateway import Unknown
from surveys.conversations import expire_silent
from surveys.eligibility_facts import RECHECK

FOUR_HOURS = 4 * 3600


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    """One customer asked at noon, whose survey reminds after four hours; on each engine."""
    world = asked_world(session, workspace)
    world.rows(Survey)[0].remind_after_seconds = FOUR_HOURS
    session.commit()
    return world


def remind(world: World) -> int:
    done = reminders.remind_silent(world.session, world.services, world.now)
    world.send()
    return done


def test_who_is_silent_is_reminded_once_of_what_was_asked(world: World) -> None:
    world.later(hours=3, minutes=59)
    assert (reminders.owed(world.session, world.now), remind(world)) == (None, 0)
    world.later(minutes=1)
    assert reminders.owed(world.session, world.now) == world.now
    assert remind(world) == 1
    reminder = world.gateway.bodies[-1]
    assert reminder.startswith("Shop: a reminder") and "would you recommend us?" in reminder
    assert reminder.endswith("Reply STOP to opt out.")
    for _ in range(5):
        world.later(hours=4)
        assert remind(world) == 0
    assert len(world.gateway.phone) == 2
    world.says("9")
    assert world.answers() == {"score": 9}


def test_after_the_reminder_silence_ends_the_exchange(world: World) -> None:
    world.later(hours=4)
    remind(world)
    world.later(hours=23)
    assert expire_silent(world.session, world.now) == 0
    world.later(hours=1)
    assert expire_silent(world.session, world.now) == 1
    assert world.rows(Conversation)[0].status == "expired"


def test_the_question_that_is_open_is_asked_again(world: World) -> None:
    world.says("9")
    world.later(hours=4)
    remind(world)
    assert "main reason" in world.gateway.bodies[-1]


@pytest.mark.parametrize("ends", ["STOP", "9 it was quick"])
def test_who_opted_out_or_is_done_is_not_reminded(world: World, ends: str) -> None:
    world.says(ends)
    said = len(world.gateway.phone)
    world.later(hours=5)
    assert remind(world) == 0
    assert len(world.gateway.phone) == said


def test_a_stop_after_the_reminder_was_written_holds_it_back(world: World) -> None:
    world.later(hours=4)
    reminders.remind_silent(world.session, world.services, world.now)
    world.says("STOP")
    assert not any("a reminder" in body for body in world.gateway.bodies)


def test_nobody_is_reminded_in_the_night_of_their_own_clock(world: World) -> None:
    world.rows(Customer)[0].timezone = "Asia/Tokyo"  # four hours after noon in London: one at night
    world.session.commit()
    world.later(hours=4)
    assert remind(world) == 0
    world.later(hours=8)  # nine in the morning in Tokyo
    assert remind(world) == 1


def test_a_reminder_keeps_the_workspaces_quiet_time_where_the_customer_is(world: World) -> None:
    (customer,) = world.rows(Customer)
    customer.attributes = {"country": "US", "state": "CA"}  # eight in the morning there
    world.workspace.contact_rules = {"quiet_hours": {"start": "21:00:00", "end": "10:00:00"}}
    world.session.commit()
    world.later(hours=4)
    assert remind(world) == 0
    world.later(hours=2)  # ten
    assert remind(world) == 1


def test_nobody_is_reminded_of_a_question_that_may_not_have_left(world: World) -> None:
    world.gateway.script = [lambda outgoing: Unknown("time_out")]
    world.says("9")
    world.later(hours=5)
    assert remind(world) == 0


def test_a_survey_that_does_not_remind_does_not(world: World) -> None:
    world.rows(Survey)[0].remind_after_seconds = None
    world.session.commit()
    world.later(hours=8)
    assert remind(world) == 0


def two_surveys(world: World, first: int, second: int) -> list[int]:
    """Two surveys of these worths, both due for one customer at once; their invitations."""
    world.workspace.quarantine_days = 0
    keys = (("first", first), ("second", second))
    for key, worth in keys:
        definition = {
            "key": key,
            "name": key,
            "metric": "nps",
            "questions": [{"key": "score", "type": "nps", "text": f"The {key} question?"}],
            "thanks": "Thanks!",
        }
        world.trigger(world.survey(definition, worth=worth, quarantine_days=0))
    made = world.happens(world.customer(phone="+447700900999"))
    world.ask()
    return made


@pytest.mark.parametrize(("first", "second"), [(50, 80), (80, 50)])
def test_of_two_that_wait_the_worthier_is_asked_first(
    session: Session, workspace: Workspace, first: int, second: int
) -> None:
    world = World(session, workspace)
    two_surveys(world, first, second)
    worthier = "first" if first > second else "second"
    assert [f"The {worthier} question?" in body for body in world.gateway.bodies] == [True]
    world.says("9", phone="+447700900999")
    for _ in range(4):
        world.later(minutes=15, seconds=1)
        world.ask()
    assert sum("question?" in body for body in world.gateway.bodies) == 2


def test_the_one_that_waits_says_for_which(session: Session, workspace: Workspace) -> None:
    world = World(session, workspace)
    world.workspace.quarantine_days = 0
    world.trigger(world.survey(key="first", quarantine_days=0))
    world.trigger(world.survey(key="second", worth=80, quarantine_days=0), delay_seconds=300)
    world.happens(world.customer(phone=PHONE))
    world.ask()
    (waited,) = world.rows(Decision)
    assert (waited.outcome, waited.rule) == ("wait", "outranked")
    assert waited.until == NOW + RECHECK
    assert "second" in waited.detail


def test_equal_ones_do_not_wait_for_each_other(session: Session, workspace: Workspace) -> None:
    world = World(session, workspace)
    two_surveys(world, 50, 50)
    assert [row.rule for row in world.rows(Decision)] == [None, "open_conversation"]


def test_one_that_lapses_sooner_is_not_waited_for(session: Session, workspace: Workspace) -> None:
    world = World(session, workspace)
    world.workspace.quarantine_days = 0
    world.trigger(world.survey(key="dear", worth=90), expires_seconds=600)
    world.trigger(world.survey(key="cheap", worth=10))
    world.happens(world.customer(phone=PHONE))
    assert world.now + timedelta(seconds=600) < world.now + RECHECK
    world.ask()
    assert "outranked" not in [row.rule for row in world.rows(Decision)]
