"""A person takes over, writes and hands back; the survey keeps quiet meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from asking_world import NPS, PHONE, SENDER, World, asked_world
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from feedback.jobs import asking
from models.conversation import Conversation
from models.customer import Customer
from models.errors import Conflict, InvalidInput
from models.message import Message
from models.reading import Comment
from models.survey import Survey
from models.takeover import Takeover
from models.workspace import User, Workspace
from surveys import conversations, reminders
from surveys.handing_back import hand_back
from surveys.inbound import Inbound, receive
from surveys.receipts import apply_status
from surveys.suppressions import suppress
from surveys.takeover import SILENCE, Number, lapse, take
from surveys.writing import LONGEST, new_key, write

QUESTION = "Shop: would you recommend us?"


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return asked_world(session, workspace)


def person(world: World, email: str = "ada@shop.example") -> int:
    row = User(
        workspace_id=world.workspace.id, email=email, password_hash="x", created_at=world.now
    )
    made: User = world.add(row)
    return made.id


def number(world: World) -> Number:
    conversation = world.rows(Conversation)[-1]
    return Number(world.workspace.id, SENDER, PHONE, conversation.customer_id, conversation.id)


def taken(world: World, user_id: int, seen: int | None = None) -> Takeover:
    made = take(world.session, number(world), user_id, seen, world.now)
    return world.session.get_one(Takeover, made, populate_existing=True)


def writes(world: World, held: Takeover, body: str, key: str | None = None) -> None:
    assert held.user_id is not None
    write(world.session, world.services, held, held.user_id, body, key or new_key())


def back(world: World, held: Takeover) -> bool:
    assert held.user_id is not None
    asked = hand_back(world.session, world.services, held, held.user_id, world.now)
    world.send()
    return asked


def test_a_reply_during_a_take_over_is_kept_and_not_answered_by_the_survey(world: World) -> None:
    held, said = taken(world, person(world)), len(world.gateway.bodies)
    received = world.says("9")
    assert received.kind == "person" and received.message_id
    kept = world.message(received.message_id)
    assert (kept.body, kept.conversation_id) == ("9", held.conversation_id)
    assert len(world.gateway.bodies) == said
    assert world.answers() == {} and world.rows(Comment) == []


def test_what_a_person_writes_goes_out_first_and_once_for_each_form(world: World) -> None:
    held, key = taken(world, person(world)), new_key()
    writes(world, held, "Hello, this is Maya.", key)
    writes(world, held, " Hello, this is Maya. ", key)
    world.send()
    assert world.gateway.bodies[1:] == ["Hello, this is Maya."]
    (sent,) = [row for row in world.outbound() if row.kind == "person"]
    assert (sent.priority, sent.conversation_id) == (0, held.conversation_id)
    with pytest.raises(InvalidInput, match="another message"):
        writes(world, held, "Something else.", key)
    assert world.send() == 0


def test_what_cannot_be_sent_is_refused_with_the_reason(world: World) -> None:
    held = taken(world, person(world))
    for wrong in ("", "  \n", "x" * (LONGEST + 1)):
        with pytest.raises(InvalidInput):
            writes(world, held, wrong)
    with pytest.raises(InvalidInput, match="no key"):
        writes(world, held, "Hello", "short")
    assert [row.kind for row in world.outbound()] == ["invitation"]


def test_nothing_is_written_to_a_number_that_no_sms_reaches(world: World) -> None:
    held = taken(world, person(world))
    suppress(world.session, world.workspace.id, PHONE, "30005", world.now)
    with pytest.raises(Conflict, match="no longer in use"):
        writes(world, held, "Hello")
    assert world.says("I can write again").kind == "person"
    writes(world, held, "Hello")
    world.send()
    assert world.gateway.bodies[-1] == "Hello"


def test_stop_during_a_take_over_is_obeyed_at_once(world: World) -> None:
    held = taken(world, person(world))
    writes(world, held, "Still waiting to be sent.")
    assert world.says("STOP").kind == "stop"
    assert [body for body in world.gateway.bodies if "waiting" in body] == []
    with pytest.raises(Conflict, match="withdrew consent"):
        writes(world, held, "Please stay.")
    assert not back(world, held)
    assert [row.status for row in world.rows(Conversation)] == ["ended"]
    assert world.gateway.bodies[-1] != QUESTION


def test_stop_belongs_to_the_exchange_it_was_said_in(world: World) -> None:
    received = world.says("STOP")
    assert received.message_id
    assert world.message(received.message_id).conversation_id == world.rows(Conversation)[0].id


def test_help_and_start_are_answered_during_a_take_over(world: World) -> None:
    held = taken(world, person(world))
    assert [world.says(word).kind for word in ("HELP", "STOP", "START")] == [
        *("help", "stop", "start"),
    ]
    writes(world, held, "Good to have you back.")
    world.send()
    assert world.gateway.bodies[-1] == "Good to have you back."


def test_handing_back_asks_the_open_question_again_once(world: World) -> None:
    world.says("9")
    held = taken(world, person(world))
    world.says("Can somebody call me?")
    assert back(world, held)
    assert world.gateway.bodies[-1] == "What is the main reason?"
    with pytest.raises(Conflict):
        back(world, held)
    assert world.gateway.bodies.count("What is the main reason?") == 2
    world.says("The driver was kind")
    assert world.answers()["score"] == 9
    assert world.response().status == "completed"
    assert world.gateway.bodies[-1] == "Thank you, Ada!"


def test_a_question_not_yet_sent_is_not_sent_after_the_take_over(world: World) -> None:
    inbound = Inbound("fake", "IN1", SENDER, PHONE, "9")
    receive(world.session, world.services, inbound, world.now)
    assert [row.status for row in world.outbound()] == ["queued", "pending"]
    taken(world, person(world))
    world.send()
    assert [row.status for row in world.outbound()] == ["queued", "canceled"]


def test_a_survey_that_was_silent_for_a_day_is_not_asked_again(world: World) -> None:
    held = taken(world, person(world))
    world.later(hours=30)
    assert not back(world, held)
    assert world.gateway.bodies == [world.gateway.bodies[0]]
    assert conversations.expire_silent(world.session, world.now) == 1


def test_a_held_exchange_does_not_expire_until_nobody_wrote_for_72_hours(world: World) -> None:
    held = taken(world, person(world))
    world.later(hours=71)
    assert asking.expire(world.session, world.now) is None
    assert conversations.expire_silent(world.session, world.now) == 0
    world.says("Are you still there?")
    world.later(hours=71)
    assert lapse(world.session, world.now) == 0
    world.later(hours=1)
    assert asking.expire(world.session, world.now) is not None
    assert lapse(world.session, world.now) == 1
    assert conversations.expire_silent(world.session, world.now) == 1
    assert lapse(world.session, world.now) == 0
    ended = world.session.get_one(Takeover, held.id, populate_existing=True)
    assert (ended.status, ended.ended_by, ended.ended_at) == ("lapsed", None, world.now)
    world.says("9")
    assert world.answers() == {"score": 9}


def test_whom_a_person_talks_to_the_survey_does_not_remind(world: World) -> None:
    world.rows(Survey)[0].remind_after_seconds = 3600
    world.session.commit()
    world.later(hours=1)
    held = taken(world, person(world))
    assert reminders.owed(world.session, world.now) is None
    assert reminders.remind_silent(world.session, world.services, world.now) == 0
    back(world, held)
    world.send()
    world.later(hours=1)
    assert reminders.remind_silent(world.session, world.services, world.now) == 1


def test_an_expired_exchange_is_not_reopened_by_a_message_to_a_person(world: World) -> None:
    world.later(hours=30)
    conversations.expire_silent(world.session, world.now)
    held = taken(world, person(world))
    assert world.says("9").kind == "person"
    assert [row.status for row in world.rows(Conversation)] == ["expired"]
    assert not back(world, held) and world.answers() == {}


def test_nothing_new_is_asked_while_a_person_holds_the_number(world: World) -> None:
    for reply in ("9", "Kind driver"):
        world.says(reply)
    held = taken(world, person(world))
    world.workspace.quarantine_days = 0.0
    other = world.survey({**NPS, "key": "other"}, quarantine_days=0.0)
    world.trigger(other, event_name="moved")
    customer = world.session.get_one(Customer, held.customer_id)
    (invitation,) = world.happens(customer, name="moved")
    world.ask()
    assert world.invitation(invitation).status == "scheduled"
    back(world, held)
    world.later(hours=80)
    world.ask()
    assert world.invitation(invitation).status == "sent"


def test_a_second_person_takes_it_knowingly(world: World) -> None:
    first = taken(world, person(world))
    other = person(world, "ben@shop.example")
    with pytest.raises(Conflict, match="somebody else"):
        taken(world, other)
    second = taken(world, other, seen=first.id)
    assert second.user_id == other
    with pytest.raises(Conflict, match="do not hold"):
        writes(world, first, "Me again")
    with pytest.raises(Conflict, match="do not hold"):
        back(world, first)
    passed = world.session.get_one(Takeover, first.id, populate_existing=True)
    assert (passed.status, passed.ended_by) == ("passed_on", other)
    assert taken(world, other).id == second.id


def _at_once(engine: Engine, jobs: list[Callable[[Session], object]]) -> list[object]:
    """Run each job in a thread and session of its own, all begun together."""
    gate, results = threading.Barrier(len(jobs)), [object()] * len(jobs)

    def run(place: int) -> None:
        with Session(engine, expire_on_commit=False) as own:
            gate.wait(10)
            try:
                results[place] = jobs[place](own)
            except Conflict as error:
                results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_of_two_who_press_at_once_one_holds_it(world: World, engine: Engine) -> None:
    people = [person(world, f"p{place}@shop.example") for place in range(4)]
    where, now = number(world), world.now
    world.session.commit()
    results = _at_once(
        engine, [lambda own, who=who: take(own, where, who, None, now) for who in people]
    )
    assert sum(isinstance(one, int) for one in results) == 1
    assert sum(isinstance(one, Conflict) for one in results) == 3
    held = world.session.scalars(select(Takeover).where(Takeover.status == "held")).all()
    assert len(held) == 1


def test_a_form_sent_twice_at_once_sends_one_message(world: World, engine: Engine) -> None:
    held, key = taken(world, person(world)), new_key()
    services = world.services
    user_id = held.user_id or 0
    _at_once(engine, [lambda own: write(own, services, held, user_id, "Hello", key)] * 4)
    world.send()
    assert world.gateway.bodies[1:] == ["Hello"]


def test_somebody_who_wrote_out_of_nowhere_can_be_answered(
    session: Session, workspace: Workspace
) -> None:
    world = World(session, workspace)
    world.says("Where is my parcel?")
    where = Number(workspace.id, SENDER, PHONE)
    held = session.get_one(Takeover, take(session, where, person(world), None, world.now))
    assert world.says("It is late").kind == "person"
    writes(world, held, "On its way.")
    world.send()
    assert world.gateway.bodies[-1] == "On its way."
    assert not back(world, held)
    assert world.says("Thanks").kind == "unprompted"
    assert held.until == world.now + SILENCE
    assert {row.conversation_id for row in world.rows(Message)} == {None}


def test_a_lost_question_is_not_said_again_while_a_person_talks(world: World) -> None:
    world.says("9")
    (question,) = [row for row in world.outbound() if row.kind == "question"]
    taken(world, person(world))
    apply_status(
        *(world.session, "fake", str(question.provider_id), "undelivered", "30003", world.now)
    )
    world.later(minutes=30)
    assert world.send() == 0
