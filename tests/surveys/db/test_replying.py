"""A reply that is read and written at once, where something else happens in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from asking_world import PHONE, SENDER, World, asked_world
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.customer import Customer
from models.message import Message
from models.survey import Survey
from models.takeover import Takeover
from models.workspace import User, Workspace
from surveys import conversations, replying
from surveys.handing_back import hand_back
from surveys.inbound import Inbound, receive
from surveys.pages.lane import lane
from surveys.receipts import apply_status
from surveys.reminders import remind_silent
from surveys.takeover import Number, take

pytestmark = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
Meanwhile = Callable[[World], object]


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return asked_world(session, workspace)


def message(body: str, provider_id: str = "INx") -> Inbound:
    return Inbound("fake", provider_id, SENDER, PHONE, body)


def seen(world: World, inbound: Inbound) -> replying.Glimpse:
    with _at(world) as at:
        found = replying.glimpse(at, world.services, inbound)
    assert found is not None
    return found


def answered(world: World, before: replying.Glimpse, inbound: Inbound) -> int | None:
    with _at(world) as at:
        return replying.answer(at, before, inbound, world.now)


@contextmanager
def _at(world: World) -> Iterator[replying.At]:
    engine = world.session.get_bind()
    assert isinstance(engine, Engine)
    with lane(engine) as here:
        yield replying.At(world.session, here)


def another_reply(world: World) -> None:
    world.says("4")


def the_same_message(world: World) -> None:
    receive(world.session, world.services, message("9"), world.now)


def stop(world: World) -> None:
    world.says("STOP")


def person(world: World) -> User:
    row = User(workspace_id=world.workspace.id, email="a@b.example", password_hash="x")
    row.created_at = world.now
    made: User = world.add(row)
    return made


def takes_over(world: World) -> None:
    (exchange,) = world.rows(Conversation)
    number = Number(world.workspace.id, SENDER, PHONE, exchange.customer_id, exchange.id)
    take(world.session, number, person(world).id, None, world.now)


def a_reminder(world: World) -> None:
    world.session.execute(update(Survey).values(remind_after_seconds=3600))
    world.session.commit()
    world.later(hours=2)
    assert remind_silent(world.session, world.services, world.now) == 1


def a_question_written_again(world: World) -> None:
    (asked,) = world.outbound()
    about = ("fake", asked.provider_id or "", "undelivered", "30008", world.now)
    assert apply_status(world.session, *about)
    assert [row.status for row in world.outbound()] == ["undelivered", "pending"]


def silence(world: World) -> None:
    world.later(days=2)
    assert conversations.expire_silent(world.session, world.now) == 1


def erased(world: World) -> None:
    world.session.execute(delete(Customer))
    world.session.commit()


def bodies(world: World) -> list[str]:
    return list(world.session.scalars(select(Message.body).order_by(Message.id)))


def test_a_reply_is_taken_by_two_statements(world: World) -> None:
    taken = replying.take(world.session, world.services, message("9 so kind"), world.now)
    assert taken is not None and taken.kind == "reply"
    world.send()
    assert world.answers() == {"score": 9}
    assert len(world.gateway.bodies) == 2 and "main reason" in world.gateway.bodies[1]
    (exchange,) = world.rows(Conversation)
    assert exchange.expires_at == world.now + conversations.SILENCE


def test_the_last_reply_ends_it(world: World) -> None:
    world.says("9")
    world.later(minutes=5)
    taken = replying.take(world.session, world.services, message("So kind"), world.now)
    assert taken is not None
    world.send()
    (exchange,) = world.rows(Conversation)
    assert (exchange.status, world.response().status) == ("ended", "completed")
    assert exchange.ended_at == world.now
    assert "Thank you" in world.gateway.bodies[-1]


@pytest.mark.parametrize(
    "meanwhile",
    [
        *(another_reply, the_same_message, stop, takes_over, a_reminder),
        *(a_question_written_again, silence, erased),
    ],
)
def test_nothing_is_written_where_something_came_between(
    world: World, meanwhile: Meanwhile
) -> None:
    inbound = message("9")
    before = seen(world, inbound)
    meanwhile(world)
    there, answers = bodies(world), world.answers()
    assert answered(world, before, inbound) is None
    assert bodies(world) == there and world.answers() == answers


def test_it_then_counts_as_it_would_have_after_what_came_between(world: World) -> None:
    inbound = message("late again")
    before = seen(world, inbound)
    another_reply(world)
    assert answered(world, before, inbound) is None
    assert receive(world.session, world.services, inbound, world.now).kind == "reply"
    assert world.answers() == {"score": 4, "why": "late again"}


def test_an_answer_drops_the_reminder_that_came_between(world: World) -> None:
    inbound = message("9")
    before = seen(world, inbound)
    a_reminder(world)
    assert answered(world, before, inbound) is None
    receive(world.session, world.services, inbound, world.now)
    kinds = {row.kind: row.status for row in world.outbound()}
    assert kinds["reminder"] == "canceled" and kinds["question"] == "pending"


@pytest.mark.parametrize("body", ["STOP", "please stop texting me", "what do you mean?"])
def test_what_is_more_than_an_answer_goes_the_longer_way(world: World, body: str) -> None:
    assert replying.take(world.session, world.services, message(body), world.now) is None
    assert len(bodies(world)) == 1


def test_a_person_who_has_taken_over_answers_and_the_survey_goes_on_after(world: World) -> None:
    takes_over(world)
    assert replying.take(world.session, world.services, message("9"), world.now) is None
    assert receive(world.session, world.services, message("9"), world.now).kind == "person"
    user = world.session.scalars(select(User)).one()
    held = world.session.scalars(select(Takeover)).one()
    hand_back(world.session, world.services, held, user.id, world.now)
    world.send()
    world.later(minutes=1)
    again = replying.take(world.session, world.services, message("8", "INy"), world.now)
    assert again is not None and world.answers() == {"score": 8}


def test_two_workspaces_on_one_number_go_the_longer_way(
    world: World, make_workspace: Callable[..., Workspace]
) -> None:
    make_workspace(world.session, "another")
    assert replying.take(world.session, world.services, message("9"), world.now) is None
    assert receive(world.session, world.services, message("9"), world.now).kind == "reply"


def test_a_connection_that_broke_loses_no_reply(world: World, engine: Engine) -> None:
    world.says("9")
    with lane(engine) as resting:
        number = resting.connection.info.backend_pid
    with engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    inbound = message("So kind")
    assert receive(world.session, world.services, inbound, world.now).kind == "reply"
    assert world.answers() == {"score": 9, "why": "So kind"}
