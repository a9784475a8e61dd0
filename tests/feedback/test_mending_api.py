"""Programs put misread answers right: named, masked, only one's own, and never over what is new."""

from __future__ import annotations

from typing import Any

import pytest
from asking_world import NOW, World, asked_world
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from feedback.workspaces import add_key

PATH = "/api/v1/conversations/1/answers/score"
GIVEN: dict[str, Any] = {"value": 10, "comment": "message", "reason": "Problems", "by": "Ada"}


@pytest.fixture
def world(sqlite_session: Session, make_workspace: Any) -> World:
    made = asked_world(sqlite_session, make_workspace(sqlite_session))
    made.says("0 trouble, ring 07700 900123")
    return made


@pytest.fixture
def call(world: World, client: FlaskClient) -> Any:
    key = add_key(world.session, world.workspace, "test", NOW)
    world.session.commit()

    def called(path: str, status: int = 200, body: Any = None, key: str = key) -> Any:
        heads = {"Authorization": f"Bearer {key}"}
        method = client.get if body is None else client.post
        reply = method(path, headers=heads, **({} if body is None else {"json": body}))
        assert reply.status_code == status, reply.text
        return reply.json

    return called


def stamp(call: Any) -> str:
    found: str = call("/api/v1/conversations/1")["answers"][0]["stamp"]
    return found


def test_an_answer_is_put_right_and_that_taken_back(world: World, call: Any) -> None:
    found = call(PATH, body={**GIVEN, "seen": stamp(call)})
    (answer,), (kept,) = found["answers"], found["corrections"]
    assert (answer["value"], answer["comment"]) == (10, "0 trouble, ring [phone]")
    assert (kept["was"]["value"], kept["now"]["value"], kept["by"]) == (0, 10, "Ada")
    assert "900123" not in str(found) and "0 trouble" in str(found["messages"])
    again = call(PATH, body={**GIVEN, "seen": answer["stamp"]})
    assert len(again["corrections"]) == 1, "what is so already is not recorded"
    undo = f"/api/v1/conversations/1/corrections/{kept['id']}/undo"
    for _ in range(2):
        found = call(undo, body={"by": "Ben"})
    assert found["answers"][0]["value"] == 0 and found["corrections"][0]["undone_by"] == "Ben"


@pytest.mark.parametrize(
    ("more", "status", "field"),
    [
        ({"value": 11}, 422, "value"),
        ({"value": 2.5}, 422, "value"),
        ({"value": True}, 422, "value"),
        ({"reason": ""}, 422, "reason"),
        ({"by": " "}, 422, "by"),
        ({"comment": "mine"}, 422, "comment"),
        ({"words": "x"}, 422, "words"),
        ({"seen": "old"}, 409, None),
    ],
)
def test_what_is_wrong_is_refused_with_its_field(
    call: Any, more: dict[str, Any], status: int, field: str | None
) -> None:
    refused = call(PATH, status, {**GIVEN, "seen": stamp(call), **more})
    assert field is None or str(refused["error"]["field"]).startswith(field)
    assert refused["error"]["message"]
    assert call("/api/v1/conversations/1")["corrections"] == []


def test_only_ones_own_and_only_what_is_there(
    world: World, call: Any, make_workspace: Any, sqlite_session: Session
) -> None:
    other = add_key(sqlite_session, make_workspace(sqlite_session, name="other"), "other", NOW)
    sqlite_session.commit()
    body = {**GIVEN, "seen": stamp(call)}
    call(PATH, 404, body, key=other)
    call(PATH, 401, body, key="wmk_unknown")
    call("/api/v1/conversations/1/answers/nothing", 404, body)
    call("/api/v1/conversations/1/corrections/7/undo", 404, {"by": "Ada"})
    world.says("Hello", "+447700900456")
    (number,) = [one["id"] for one in call("/api/v1/conversations")["conversations"]][:1]
    call(f"/api/v1/conversations/{number}/answers/score", 404, body)
