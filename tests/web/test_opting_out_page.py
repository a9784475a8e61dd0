"""The way out of texts on the survey page: asked once more, done at once, and taken back."""

from __future__ import annotations

from typing import Any

import pytest
from asking_world import PHONE, MakeWorkspace, World
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from feedback.app import create_app
from feedback.settings import load
from models.customer import Consent as Ledger
from models.customer import Customer
from surveys import consent
from surveys.eligibility_facts import Consent
from surveys.invitations import invite

NAME = "FernField"
MORE = "No more text messages"


@pytest.fixture
def world(session: Session, make_workspace: MakeWorkspace) -> World:
    world = World(session, make_workspace(session, sender=NAME))
    world.trigger(world.survey())
    world.happens(world.customer(external_id="ada"))
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


@pytest.fixture
def path(world: World) -> str:
    return f"/s/{world.invitation(1).token}"


def said(reply: Any, status: int = 200) -> str:
    assert reply.status_code == status
    text: str = reply.get_data(as_text=True)
    return text


def ledger(world: World) -> list[tuple[str, str, str | None]]:
    return [(row.state, row.source, row.sender) for row in world.rows(Ledger)]


def test_the_link_alone_changes_nothing_and_the_button_does(
    world: World, client: FlaskClient, path: str
) -> None:
    assert 'href="?stop"' in said(client.get(path)) and MORE in said(client.get(path))
    asked = said(client.get(f"{path}?stop"))
    assert "Shop won't text you any more" in asked.replace("&#39;", "'")
    assert ledger(world) == []
    for _ in range(2):
        assert "won&#39;t get any more" in said(client.post(path, data={"texts": "stop"}))
    assert ledger(world) == [("withdrawn", "customer_web", None)]
    assert "won&#39;t get any more" in said(client.get(f"{path}?stop"))
    world.later(days=40)
    world.happens(world.rows(Customer)[0])
    world.ask()
    assert len(world.gateway.phone) == 1


def test_it_is_taken_back_where_it_was_said(world: World, client: FlaskClient, path: str) -> None:
    stopped = said(client.post(path, data={"texts": "stop"}))
    assert 'value="allow"' in stopped
    assert 'value="stop"' in said(client.post(path, data={"texts": "allow"}))
    held = consent.state_of(world.session, world.workspace.id, PHONE, NAME)
    assert held is Consent.GRANTED


def test_answers_are_kept_and_the_survey_goes_on(
    world: World, client: FlaskClient, path: str
) -> None:
    said(client.post(path, data={"question": "score", "value": "9"}))
    said(client.post(path, data={"texts": "stop"}))
    assert "main reason" in said(client.get(path))
    done = said(client.post(path, data={"question": "why", "value": "the garden"}))
    assert 'href="?stop"' in done
    assert world.answers() == {"score": 9, "why": "the garden"}
    assert world.invitation(1).status == "completed"


def test_who_comes_too_late_to_answer_still_gets_out(
    world: World, client: FlaskClient, path: str
) -> None:
    world.later(days=60)
    assert 'href="?stop"' in said(client.get(path), 410)
    assert "won&#39;t get any more" in said(client.post(path, data={"texts": "stop"}))
    assert ledger(world) == [("withdrawn", "customer_web", None)]


def test_a_stop_before_leaves_nothing_to_take_back(
    world: World, client: FlaskClient, path: str
) -> None:
    where = (world.session, world.workspace.id, PHONE, Consent.WITHDRAWN)
    consent.record(*where, consent.CUSTOMER_SMS, world.now, sender=NAME)
    world.session.commit()
    world.later(minutes=1)
    assert 'value="allow"' not in said(client.post(path, data={"texts": "stop"}))
    said(client.post(path, data={"texts": "allow"}))
    assert len(ledger(world)) == 2


def test_a_link_handed_over_by_the_team_offers_no_such_thing(
    world: World, client: FlaskClient
) -> None:
    made = invite(world.session, world.workspace, "after_delivery", "ada", "web", world.now)
    world.session.commit()
    assert "?stop" not in said(client.get(f"/s/{made.token}"))
    said(client.post(f"/s/{made.token}", data={"texts": "stop"}), 404)
    assert ledger(world) == []
