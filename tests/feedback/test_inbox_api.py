"""Exchanges over the API: masked, a page at a time, and only one's own."""

from __future__ import annotations

from typing import Any

import pytest
from asking_world import NOW, PHONE, SENDER, World
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from feedback.workspaces import add_key
from models.takeover import Takeover
from models.workspace import User
from surveys.takeover import Number, take
from surveys.writing import new_key, write

OTHER = "+447700900456"


@pytest.fixture
def world(sqlite_session: Session, make_workspace: Any) -> World:
    made = World(sqlite_session, make_workspace(sqlite_session))
    customer = made.customer()
    made.trigger(made.survey())
    made.happens(customer)
    made.ask()
    return made


@pytest.fixture
def get(world: World, client: FlaskClient) -> Any:
    key = add_key(world.session, world.workspace, "test", NOW)
    world.session.commit()

    def got(path: str, status: int = 200, key: str = key) -> Any:
        reply = client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {key}"})
        assert reply.status_code == status, reply.text
        return reply.json

    return got


def test_one_exchange_is_told_whole(world: World, get: Any) -> None:
    world.says("banana")
    world.later(minutes=1)
    world.says("I'd say 3, ring 07700 900123")
    found = get("/conversations/1")
    assert [one["kind"] for one in found["messages"]] == [
        *("invitation", "reply", "again", "reply", "thanks"),
    ]
    first, second = (one for one in found["messages"] if one["direction"] == "in")
    assert first["asked_again"] and first["read_as"] == []
    assert second["read_as"][0]["value"] == 3 and "900123" not in str(found)
    assert (found["status"], found["number_ends"], found["consent"]) == ("ended", "0123", "none")
    assert (found["customer"], found["invitation"]) == ("c1", "1")


def test_a_take_over_and_who_wrote_is_told(world: World, get: Any) -> None:
    person = world.add(
        User(workspace_id=1, email="ada@shop.example", password_hash="x", created_at=NOW)
    )
    number = Number(world.workspace.id, SENDER, PHONE, None, 1)
    take(world.session, number, person.id, None, world.now)
    (held,) = world.rows(Takeover)
    write(world.session, world.services, held, person.id, "Hello", new_key())
    found = get("/conversations/1")
    assert found["takeovers"][0]["by"] == "ada@shop.example"
    assert found["takeovers"][0]["status"] == "held"
    assert found["messages"][-1]["by"] == "ada@shop.example"
    (listed,) = get("/conversations?state=taken")["conversations"]
    assert (listed["id"], listed["held_by"]) == ("1", "ada@shop.example")


def test_pages_follow_each_other(world: World, get: Any) -> None:
    for place in range(3):
        world.says("Hello", f"+44770090080{place}")
    seen, after = [], ""
    while True:
        page = get(f"/conversations?limit=2{after}")
        seen += [one["id"] for one in page["conversations"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert len(seen) == len(set(seen)) == 4 and seen[-1] == "1"
    assert [one["id"] for one in get("/conversations?q=recommend")["conversations"]] == ["1"]
    get("/conversations?state=odd", 422)
    get("/conversations/zero", 404)


def test_another_workspace_s_key_sees_nothing(world: World, get: Any, make_workspace: Any) -> None:
    world.says("Hello", OTHER)
    (other, _) = get("/conversations")["conversations"]
    stranger = make_workspace(world.session, "stranger", sender="+447700900999")
    key = add_key(world.session, stranger, "theirs", NOW)
    world.session.commit()
    assert get("/conversations", key=key)["conversations"] == []
    for id_ in ("1", other["id"]):
        get(f"/conversations/{id_}", 404, key=key)
