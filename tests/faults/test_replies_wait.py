"""Replies that waited for another transaction act on what that one left, not on what was before."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from asking_world import PHONE, SENDER, World
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.response import Response
from models.workspace import User, Workspace
from surveys.inbound import Inbound, Received, receive
from surveys.locking import lock
from surveys.takeover import Number, take

TWO_SCORES: dict[str, Any] = {
    "key": "two",
    "name": "Two scores",
    "metric": "nps",
    "questions": [
        {"key": "score", "type": "nps", "text": "Would you recommend us?"},
        {"key": "effort", "type": "csat", "text": "Was it easy?"},
    ],
    "thanks": "Thank you!",
}
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    world = World(session, workspace)
    world.trigger(world.survey(TWO_SCORES))
    world.happens(world.customer())
    world.ask()
    return world


@contextmanager
def waiting(engine: Engine, *work: Callable[[Session], object]) -> Iterator[list[object]]:
    """Run these in threads, yield once all of them wait for a lock, and then for their end."""
    results: list[object] = []

    def run(one: Callable[[Session], object]) -> None:
        with Session(engine, expire_on_commit=False) as session:
            results.append(one(session))

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    while engine.dialect.name == "postgresql" and all(one.is_alive() for one in threads):
        with engine.connect() as looking:
            if (looking.scalar(WAITING) or 0) >= len(work):
                break
    yield results
    for thread in threads:
        thread.join()


def replying(world: World, body: str) -> Callable[[Session], Received]:
    services, now = world.services, world.now
    inbound = Inbound("fake", f"IN{body}", SENDER, PHONE, body)
    return lambda session: receive(session, services, inbound, now)


def test_the_second_of_two_is_no_answer_to_a_question_written_meanwhile(
    world: World, engine: Engine
) -> None:
    response_id = world.response().id
    world.session.rollback()
    with Session(engine) as holding:
        lock(holding, Response, response_id)
        with waiting(engine, replying(world, "9"), replying(world, "4")):
            holding.commit()
    assert world.answers() in ({"score": 9}, {"score": 4})
    assert [one.step for one in world.outbound()][1:] == ["q:effort"]


def test_a_person_who_took_over_meanwhile_hears_it(world: World, engine: Engine) -> None:
    response_id, conversation = world.response().id, world.rows(Conversation)[0]
    number = Number(world.workspace.id, SENDER, PHONE, conversation.customer_id, conversation.id)
    person = User(workspace_id=world.workspace.id, email="ada@shop.example", password_hash="x")
    person.created_at = world.now
    user_id = world.add(person).id
    with Session(engine) as holding:
        lock(holding, Response, response_id)
        with waiting(engine, replying(world, "9")) as results:
            take(holding, number, user_id, None, world.now)
    assert [one.kind for one in results] == ["person"]  # type: ignore[attr-defined]
    assert world.answers() == {}


def test_an_exchange_that_ended_meanwhile_takes_no_answer(world: World, engine: Engine) -> None:
    conversation = world.rows(Conversation)[0]
    world.session.rollback()
    with Session(engine) as holding:
        lock(holding, Response, conversation.response_id)
        with waiting(engine, replying(world, "9")) as results:
            held = lock(holding, Conversation, conversation.id)
            assert held is not None
            held.status = "ended"
            holding.commit()
    assert [one.kind for one in results] == ["unprompted"]  # type: ignore[attr-defined]
    assert world.answers() == {}
