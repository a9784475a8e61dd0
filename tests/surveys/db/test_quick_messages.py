"""What people write in two messages is one turn, whatever has left meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from asking_world import PHONE, SENDER, World
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.response import Answer
from models.workspace import Workspace
from surveys.channels.gateway import Unknown
from surveys.inbound import Inbound, receive
from surveys.outbox_sql import DROP

TWO_SCORES: dict[str, Any] = {
    "key": "two",
    "name": "Two scores",
    "metric": "nps",
    "questions": [
        {"key": "score", "type": "nps", "text": "Would you recommend us?"},
        {"key": "effort", "type": "csat", "text": "Was it easy?"},
        {"key": "more", "type": "text", "text": "Anything else?", "required": False},
    ],
    "thanks": "Thank you!",
}


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    """Asked the first of two scores, on each engine in turn."""
    world = World(session, workspace)
    world.trigger(world.survey(definition=TWO_SCORES))
    world.happens(world.customer())
    world.ask()
    return world


def writes(world: World, *bodies: str) -> None:
    """Messages that come before the worker has sent anything."""
    for body in bodies:
        inbound = Inbound("fake", f"IN{next(world.ids)}", SENDER, PHONE, body)
        receive(world.session, world.services, inbound, world.now)


def comment(world: World, question: str) -> str | None:
    (row,) = [row for row in world.rows(Answer) if row.question == question]
    return None if row.comment is None else str(row.comment)


def asked(world: World, words: str) -> int:
    return sum(words in body for body in world.gateway.bodies)


def test_a_reason_that_comes_before_the_next_question_left_goes_with_the_score(
    world: World,
) -> None:
    writes(world, "9", "because of the driver", "he was so kind")
    world.send()
    assert world.answers() == {"score": 9}
    assert comment(world, "score") == "because of the driver\nhe was so kind"
    assert (asked(world, "easy"), len(world.gateway.phone)) == (1, 2)
    world.says("4")
    assert world.answers() == {"score": 9, "effort": 4}


def test_a_reason_that_comes_just_after_the_next_question_is_not_asked_back(world: World) -> None:
    world.says("9")
    world.later(seconds=4)
    world.says("because of the driver")
    assert comment(world, "score") == "because of the driver"
    assert (asked(world, "easy"), len(world.gateway.phone)) == (1, 2)


def test_a_minute_later_it_was_meant_as_an_answer_and_is_asked_back(world: World) -> None:
    world.says("9")
    world.later(minutes=1)
    world.says("because of the driver")
    assert len(world.gateway.phone) == 3
    assert comment(world, "score") is None
    world.says("5")
    assert world.answers() == {"score": 9, "effort": 5}
    assert comment(world, "effort") == "because of the driver"


def test_a_quick_second_number_puts_the_first_right_while_nothing_else_was_asked(
    world: World,
) -> None:
    writes(world, "9", "sorry, 8")
    world.send()
    assert world.answers() == {"score": 8}
    assert asked(world, "easy") == 1


def test_a_quick_answer_to_the_next_question_is_its_answer(world: World) -> None:
    world.says("9")
    world.later(seconds=4)
    world.says("4")
    assert world.answers() == {"score": 9, "effort": 4}


def test_a_question_nobody_knows_the_fate_of_may_have_been_read(world: World) -> None:
    world.gateway.script = [lambda outgoing: Unknown("time_out")]
    world.says("9")
    assert world.outbound()[-1].status == "unknown"
    world.later(seconds=30)
    world.says("4")
    assert world.answers() == {"score": 9, "effort": 4}


def test_words_before_an_open_question_left_answer_it(world: World) -> None:
    world.says("9")
    writes(world, "4", "all was well")
    world.send()
    assert world.answers()["effort"] == 4
    assert comment(world, "more") == "all was well" or world.answers()["more"] == "all was well"
    assert world.response().status == "completed"


def test_dropping_what_is_unsent_reads_the_exchange_and_never_all_that_waits(
    world: World,
) -> None:
    """Planned while nothing waits, as PostgreSQL keeps the plan until the provider is down."""
    if world.session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite plans by the shape of a statement, not by what lies in its tables")
    world.send()
    told = {"conversation_id": world.rows(Conversation)[0].id, "status_at": world.now}
    connection = world.session.connection()
    connection.exec_driver_sql("ANALYZE messages")
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # few rows are all on one page
    drop = DROP.make("postgresql").compile(dialect=connection.dialect)
    rows = connection.exec_driver_sql(f"EXPLAIN {drop}", {**drop.params, **told})
    found = " ".join(str(row) for row in rows)
    assert "ix_messages_conversation_id" in found, found
