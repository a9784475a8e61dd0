"""Begun by SMS, finished on the page: the whole application, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from asking_world import NPS, MakeWorkspace, World
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from feedback.app import create_app
from feedback.settings import load
from models.conversation import Conversation
from models.response import Answer

SURVEY: dict[str, Any] = {
    **NPS,
    "sms_link": "first",
    "questions": [
        *NPS["questions"][:1],
        {"key": "why", "type": "text", "text": "The main reason? [Room to write: {link}]"},
        {"key": "again", "type": "yes_no", "text": "Would you order again ({link})?"},
    ],
}


@pytest.fixture
def world(session: Session, make_workspace: MakeWorkspace) -> World:
    world = World(session, make_workspace(session))
    customer = world.customer()
    world.trigger(world.survey(SURVEY))
    world.happens(customer)
    world.ask()
    return world


@pytest.fixture
def client(world: World, database_url: str) -> FlaskClient:
    environment = {
        "DATABASE_URL": database_url,
        "PUBLIC_URL": world.services.public_url,
        "SECRET_KEY": "s" * 40,
    }
    return create_app(load(environment), world.services).test_client()


def post(client: FlaskClient, path: str, **form: str) -> str:
    reply = client.post(path, data=form)
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def test_begun_by_sms_and_finished_on_the_page(world: World, client: FlaskClient) -> None:
    path = f"/s/{world.invitation(1).token}"
    link = world.services.public_url + path
    assert f"\nOr answer here: {link}\nReply STOP" in world.gateway.bodies[0]
    world.says("9")
    assert world.gateway.bodies[-1] == f"The main reason? Room to write: {link}"
    texts = len(world.gateway.phone)

    page = client.get(path).get_data(as_text=True)
    assert "The main reason?" in page and "Room to write" not in page
    asked = post(client, path, question="why", value="The driver was kind")
    assert "Would you order again?" in asked
    assert "Thank you, Ada!" in post(client, path, question="again", value="yes")

    assert world.answers() == {"score": 9, "why": "The driver was kind", "again": True}
    channels = [(row.question, row.channel) for row in world.rows(Answer)]
    assert channels == [("score", "sms"), ("why", "web"), ("again", "web")]
    assert world.response().status == "completed"
    assert world.invitation(1).status == "completed"
    assert [row.status for row in world.rows(Conversation)] == ["ended"]
    world.later(hours=1)
    world.ask()
    assert len(world.gateway.phone) == texts, "nothing more is asked by SMS"


def test_what_comes_by_sms_afterwards_changes_no_answer(world: World, client: FlaskClient) -> None:
    path = f"/s/{world.invitation(1).token}"
    for question, value in (("score", "9"), ("why", "Kind"), ("again", "yes")):
        post(client, path, question=question, value=value)
    assert world.says("3").kind == "unprompted"
    assert world.answers() == {"score": 9, "why": "Kind", "again": True}
