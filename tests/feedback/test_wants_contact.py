"""Somebody who asks to be called is kept with their words, listed with the reason, and seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from asking_world import PHONE, World, asked_world
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from feedback.handling import handle, needed, open_urgent
from feedback.inbox.rows import CONTACT, exchange_id, inbox_rows, state_of
from feedback.inbox.waiting import waiting
from feedback.listening import listen
from feedback.pages.urgency_words import likelihood, reasons
from feedback.pages.urgent_rows import counts, urgent_rows, wanted
from feedback.reading import read_waiting
from feedback.workspaces import add_key
from models.customer import Consent
from models.message import Message
from models.reading import Comment
from models.response import Answer
from models.workspace import User, Workspace
from nlp.reading import CommentText, Reading


class Calm:
    """A model that finds nothing pressing in anything."""

    def read(self, comments: Sequence[CommentText]) -> list[Reading]:
        return [Reading("en", "m", True, "neutral", 0.0, {}, {}, {}, ()) for _ in comments]


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return asked_world(session, workspace)


def understood(world: World) -> list[Comment]:
    """What the worker makes of what was said."""
    listen(world.session, world.now)
    read_waiting(world.session, Calm(), lambda: world.now)
    return world.rows(Comment)


def listed(world: World, state: str | None = None) -> list[tuple[str, str]]:
    waits = waiting(world.session, world.workspace.id, world.now)
    statement = inbox_rows(world.workspace.id, state, waits, None).order_by(Message.id.desc())
    return [(exchange_id(row), state_of(row, waits)) for row in world.session.execute(statement)]


def test_a_wish_in_place_of_an_answer_reaches_a_person(world: World) -> None:
    world.says("Can somebody call me")
    assert "passed on" in world.gateway.bodies[-1]
    (answer,) = world.rows(Answer)
    assert (answer.value, answer.comment) == ({"value": None}, "Can somebody call me")
    assert not [row for row in world.rows(Consent) if row.state == "withdrawn"]
    (comment,) = understood(world)
    assert comment.wants_contact and not comment.urgent
    assert listed(world, CONTACT) == [("1", "waiting")]
    user = world.add(
        User(
            workspace_id=world.workspace.id,
            email="a@b.example",
            password_hash="",
            created_at=world.now,
        )
    )
    handle(world.session, user, comment.id, world.now)
    assert listed(world, CONTACT) == []


def test_the_urgent_list_says_why(world: World) -> None:
    world.says("They never called me back", "+447700900456")
    world.says("please ring me", "+447700900457")
    assert [one.wants_contact for one in understood(world)] == [False, True]
    here, asked = world.workspace.id, wanted({"reason": "contact"})
    (row,) = world.session.execute(urgent_rows(here, asked, world.now)).all()
    assert (reasons(row), likelihood(row)) == ("asks to be contacted", "in their own words")
    assert counts(world.session, here, wanted({}), world.now) == (1, {"contact": 1})
    assert open_urgent(world.session, here, world.now) == 1
    (number,) = [one for one in world.rows(Message) if one.body == "please ring me"]
    assert listed(world, CONTACT) == [(f"number-{number.id}", "waiting")]


def test_a_stop_that_asks_for_a_call_is_obeyed_and_kept(world: World) -> None:
    world.says("Stop texting me. Please call me.")
    assert [row.state for row in world.rows(Consent)][-1] == "withdrawn"
    (comment,) = understood(world)
    assert comment.wants_contact and comment.text == "Stop texting me. Please call me."
    assert [id_ for id_, _ in listed(world, CONTACT)] == ["1"]


def test_other_words_are_asked_about_anew(world: World) -> None:
    world.says("call me please", PHONE)
    understood(world)
    world.later(minutes=2)
    world.says("9 all is well, sorted")
    (comment,) = understood(world)
    assert comment.text == "call me please\nall is well, sorted" and comment.wants_contact


def test_those_who_are_needed_are_found_by_an_index(world: World) -> None:
    session = world.session
    on_postgres = session.get_bind().dialect.name == "postgresql"
    if on_postgres:
        session.execute(text("SET LOCAL enable_seqscan = off"))
    here = Comment.workspace_id == world.workspace.id
    asked = session.query(Comment.id).filter(here, needed(), Comment.occurred_at > world.now)
    statement = asked.statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN " if on_postgres else "EXPLAIN QUERY PLAN "
    plan = "\n".join(str(row) for row in session.execute(text(explain + str(statement))))
    assert "ix_comments_needed" in plan


def test_programs_see_who_wants_contact(
    sqlite_session: Session, make_workspace: Any, client: FlaskClient
) -> None:
    world = asked_world(sqlite_session, make_workspace(sqlite_session))
    world.says("2, please call me")
    (comment,) = understood(world)
    comment.occurred_at = datetime.now(UTC)
    key = add_key(sqlite_session, world.workspace, "test", world.now)
    sqlite_session.commit()
    heads = {"Authorization": f"Bearer {key}"}
    found = client.get("/api/v1/conversations?state=contact", headers=heads).json
    assert found and [one["wants_contact"] for one in found["conversations"]] == [True]
    comments = client.get("/api/v1/comments", headers=heads).json
    assert comments and [one["wants_contact"] for one in comments["comments"]] == [True]
