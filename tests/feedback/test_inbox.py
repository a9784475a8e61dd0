"""The inbox lists every exchange, finds it, and shows what was read out of each reply."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from asking_world import PHONE, SENDER, World, asked_world
from sqlalchemy.orm import Session

from feedback.inbox.exchanges import find_exchange
from feedback.inbox.look import Found, look, with_number
from feedback.inbox.one import whole
from feedback.inbox.rows import STATES, exchange_id, inbox_rows, state_of
from feedback.inbox.waiting import waiting
from models.errors import NotFound
from models.message import Message
from models.reading import Comment
from models.workspace import User, Workspace
from surveys import conversations
from surveys.takeover import Number, take

OTHER = "+447700900456"


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return asked_world(session, workspace)


def listed(
    world: World, state: str | None = None, found: Found | None = None
) -> list[tuple[str, str]]:
    """The exchanges as the list shows them: id and state."""
    waits = waiting(world.session, world.workspace.id, world.now)
    statement = inbox_rows(world.workspace.id, state, waits, found).order_by(Message.id.desc())
    rows = world.session.execute(statement).all()
    return [(exchange_id(row), state_of(row, waits)) for row in rows]


def search(world: World, text: str) -> list[str]:
    found = look(world.session, world.workspace.id, "GB", text)
    return [id_ for id_, _ in listed(world, None, found)]


def person(world: World) -> int:
    row = User(
        workspace_id=world.workspace.id,
        email="ada@shop.example",
        password_hash="x",
        created_at=world.now,
    )
    made: User = world.add(row)
    return made.id


def urgent(world: World, **columns: Any) -> None:
    """A comment that was read as pressing."""
    text = "Can somebody call me"
    reading = {"read_state": "read", "sentiment": "negative", "sentiment_score": -0.9}
    world.add(
        Comment(
            workspace_id=world.workspace.id,
            attached_by="event",
            text=text,
            text_hash=hashlib.sha256(text.encode()).hexdigest(),
            occurred_at=world.now,
            created_at=world.now,
            model="m",
            read_at=world.now,
            urgent=True,
            urgency=0.9,
            **reading,
            **columns,
        )
    )


def test_each_exchange_is_listed_once_by_its_newest_message(world: World) -> None:
    world.says("9")
    world.says("Where is my parcel", OTHER)
    (first,) = [
        row for row in world.rows(Message) if row.address == OTHER and row.direction == "in"
    ]
    world.says("Hello?", OTHER)
    assert listed(world) == [(f"number-{first.id}", "unprompted"), ("1", "open")]
    world.says("Kind driver")
    assert listed(world) == [("1", "ended"), (f"number-{first.id}", "unprompted")]


def test_states_narrow_the_list(world: World) -> None:
    world.says("Hello", OTHER)
    lists = {state: [id_ for id_, _ in listed(world, state)] for state in STATES}
    (number,) = lists.pop("unprompted")
    assert number.startswith("number-")
    assert lists.pop("open") == ["1"]
    assert not any(lists.values())
    world.later(hours=30)
    conversations.expire_silent(world.session, world.now)
    assert listed(world, "expired") == [("1", "expired")]
    take(
        world.session,
        Number(world.workspace.id, SENDER, PHONE, None, 1),
        person(world),
        None,
        world.now,
    )
    assert listed(world, "taken") == [("1", "taken")]


def test_who_wrote_what_should_not_wait_waits_for_a_person(world: World) -> None:
    world.says("9")
    world.says("Call me", OTHER)
    (row,) = [one for one in world.rows(Message) if one.body == "Call me"]
    assert listed(world, "waiting") == []
    urgent(world, source="answer", external_id="a", response_id=world.response().id)
    for comment in world.rows(Comment):
        if comment.source == "sms":
            world.session.delete(comment)
    world.session.commit()
    urgent(world, source="sms", external_id=f"{row.provider}:{row.provider_id}")
    assert listed(world, "waiting") == [(f"number-{row.id}", "waiting"), ("1", "waiting")]
    take(world.session, Number(world.workspace.id, SENDER, PHONE), person(world), None, world.now)
    assert [id_ for id_, _ in listed(world, "waiting")] == [f"number-{row.id}"]


def test_a_stop_is_listed_with_what_it_ended_and_alone_where_nothing_was(world: World) -> None:
    world.says("STOP")
    world.says("STOP", OTHER)
    alone, talk = listed(world)
    assert talk == ("1", "ended") and alone[0].startswith("number-")
    lines = whole(world.session, find_exchange(world.session, world.workspace.id, "1")).lines
    assert [line.message.kind for line in lines] == ["invitation", "stop", "stop"]


def test_search_finds_by_words_digits_number_and_customer(world: World) -> None:
    world.says("9")
    world.says("The driver was KIND, 100% on time")
    world.says("Where is my parcel?", OTHER)
    by_number = [id_ for id_, _ in listed(world) if id_ != "1"]
    assert search(world, "kind driver") == ["1"]
    assert search(world, "100%") == ["1"] and search(world, "100_") == []
    assert search(world, "parcel") == by_number
    assert (
        search(world, "0456") == by_number == search(world, "07700 900456") == search(world, OTHER)
    )
    assert search(world, "c1") == ["1"]
    assert search(world, "nothing of the kind") == []
    of = with_number(world.session, world.workspace.id, world.rows(Message)[-1].id)
    assert [id_ for id_, _ in listed(world, None, of)] == by_number


def test_search_says_how_far_back_it_looked(world: World) -> None:
    world.says("9")
    world.later(days=1)
    world.says("Kind driver")
    found = look(world.session, world.workspace.id, "GB", "recommend", 2)
    assert (found.conversations, bool(found.since)) == (frozenset(), True)
    assert look(world.session, world.workspace.id, "GB", PHONE, 2).conversations == {1}


def test_another_workspace_sees_and_finds_nothing(world: World, make_workspace: Any) -> None:
    world.says("Hello", OTHER)
    stranger = make_workspace(world.session, "stranger", sender="+447700900999")
    waits = waiting(world.session, stranger.id, world.now)
    assert world.session.execute(inbox_rows(stranger.id, None, waits, None)).all() == []
    for text in ("Hello", PHONE, "0123", "c1"):
        found = look(world.session, stranger.id, "GB", text)
        assert not found.conversations and not found.numbers
    message = world.rows(Message)[-1]
    assert not with_number(world.session, stranger.id, message.id).numbers
    for id_ in ("1", f"number-{message.id}"):
        with pytest.raises(NotFound):
            find_exchange(world.session, stranger.id, id_)


@pytest.mark.parametrize("wrong", ["0", "99", "number-1", "number-99", "x", "1x", "9" * 30, "-1"])
def test_what_is_no_exchange_is_not_found(world: World, wrong: str) -> None:
    with pytest.raises(NotFound):
        find_exchange(world.session, world.workspace.id, wrong)


def test_what_was_read_out_of_each_reply_stands_beside_it(world: World) -> None:
    world.says("banana")
    world.later(minutes=1)
    world.says("I'd say 3")
    world.later(minutes=1)
    world.says("The driver was rude")
    lines = whole(world.session, find_exchange(world.session, world.workspace.id, "1")).lines
    replies = [line for line in lines if line.message.direction == "in"]
    assert [line.misread for line in replies] == [True, False, False]
    read = [[answer.question for answer in line.read] for line in replies]
    assert read == [[], ["score"], ["why"]]
    assert replies[1].read[0].value == {"value": 3}


def test_who_wrote_and_who_held_it_is_told(world: World) -> None:
    ada = person(world)
    number = Number(world.workspace.id, SENDER, PHONE, None, 1)
    take(world.session, number, ada, None, world.now)
    world.says("Is anybody there?")
    found = whole(world.session, find_exchange(world.session, world.workspace.id, "1"))
    assert found.now and found.now.by == "ada@shop.example"
    assert [line.message.kind for line in found.lines] == ["invitation", "person"]
