"""From an e-mail to the page: an answer that a link brings is marked, and saved when confirmed."""

from __future__ import annotations

from typing import Any

import pytest
from asking_world import MakeWorkspace, World
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from feedback.app import create_app
from feedback.settings import load
from models.customer import Consent as Ledger
from models.response import Response

MAIL = "ada@shop.example"
_THANKS = {"en": "Thanks", "de": "Danke"}


@pytest.fixture
def world(session: Session, make_workspace: MakeWorkspace) -> World:
    world = World(session, make_workspace(session))
    world.trigger(world.survey(), "email")
    world.happens(world.customer(None, email=MAIL, external_id="ada"))
    world.fire()
    world.post()
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


def test_a_link_marks_the_answer_and_saves_nothing(
    world: World, client: FlaskClient, path: str
) -> None:
    for _ in range(2):  # a scanner, then the customer
        page = said(client.get(f"{path}?at=score&value=9"))
        assert 'value="9" class="given" aria-current="true"' in page
        assert '<button class="go" name="value" value="9">Confirm: 9</button>' in page
    assert world.rows(Response) == []
    page = said(client.post(f"{path}?at=score&value=9", data={"question": "score", "value": "9"}))
    assert "What is the main reason?" in page and "Confirm" not in page
    assert world.answers() == {"score": 9}
    assert world.invitation(1).status == "started"


@pytest.mark.parametrize("query", ["at=score&value=11", "at=why&value=9", "value=9", "at=score"])
def test_a_link_that_names_no_answer_to_the_open_question_marks_none(
    client: FlaskClient, path: str, query: str
) -> None:
    page = said(client.get(f"{path}?{query}"))
    assert "would you recommend us?" in page and "Confirm" not in page


def test_a_link_pressed_again_offers_to_change_the_answer(
    world: World, client: FlaskClient, path: str
) -> None:
    client.get(path)
    client.post(path, data={"question": "score", "value": "9"})
    page = said(client.get(f"{path}?at=score&value=2"))
    assert "Confirm: 2" in page and world.answers() == {"score": 9}
    client.post(path, data={"question": "score", "value": "2"})
    assert world.answers() == {"score": 2}


def test_the_way_out_is_of_emails_and_only_asks(
    world: World, client: FlaskClient, path: str
) -> None:
    assert 'href="?stop=email">No more e-mails</a>' in said(client.get(path))
    page = said(client.get(f"{path}?stop=email"))
    assert "No more e-mails?" in page and world.rows(Ledger) == []
    page = said(client.post(f"{path}?stop=email", data={"mails": "stop"}))
    assert "any more of these e-mails" in page
    (entry,) = world.rows(Ledger)
    assert (entry.channel, entry.address, entry.state) == ("email", MAIL, "withdrawn")
    said(client.post(f"{path}?stop=email", data={"mails": "allow"}))
    assert [row.state for row in world.rows(Ledger)] == ["withdrawn", "granted"]


def test_the_mail_programs_own_button_stops_them_at_once(
    world: World, client: FlaskClient, path: str
) -> None:
    for _ in range(2):
        said(client.post(f"{path}?stop=email", data={"List-Unsubscribe": "One-Click"}))
    (entry,) = world.rows(Ledger)
    assert (entry.channel, entry.state, entry.source) == ("email", "withdrawn", "customer_web")
    said(client.get(f"{path}?at=score&value=9"))  # the survey can still be answered


def test_in_another_language_the_buttons_speak_it(world: World, client: FlaskClient) -> None:
    german = {"key": "de", "languages": ["en", "de"], "name": "Survey"}
    text = {"en": "Would you?", "de": "Würden Sie?"}
    survey = {**german, "questions": [{"key": "s", "type": "nps", "text": text}], "thanks": _THANKS}
    world.trigger(world.survey(survey), "email", event_name="other")
    world.happens(world.customer(None, email="b@x.example", locale="de-DE"), name="other")
    world.fire()
    world.post()
    mail = world.mail.phone[-1]
    assert mail.letter is not None and mail.letter["language"] == "de"
    assert "Keine E-Mails mehr von Shop" in mail.body
    token = world.invitation(2).token
    assert "Bestätigen: 3" in said(client.get(f"/s/{token}?at=s&value=3"))
