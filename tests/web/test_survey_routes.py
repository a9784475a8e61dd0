"""What the survey page answers: status, weight, words, and nothing lost."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.customer import Customer
from models.invitation import Invitation
from models.response import Answer, Response
from models.workspace import Workspace
from surveys.invitations import invite

Invite = Callable[..., str]


@pytest.fixture
def customer_link(shop: Any, shop_session: Session) -> Invite:
    """A fresh link: customer_link(survey="delivery", locale=None)."""

    def made(survey: str = "delivery", locale: str | None = None, number: int = 40) -> str:
        now = datetime.now(UTC)
        workspace = shop_session.get(Workspace, shop.seeded.workspace_id)
        assert workspace is not None
        who = f"customer-{number}"
        mine = update(Customer).where(Customer.external_id == who)
        shop_session.execute(mine.values(locale=locale or "en-GB"))
        invitation = invite(shop_session, workspace, survey, who, "web", now)
        shop_session.commit()
        return invitation.token

    return made


@pytest.fixture
def client(shop: Any) -> FlaskClient:
    made: FlaskClient = shop.client()
    return made


def _post(client: FlaskClient, token: str, **form: str) -> str:
    reply = client.post(f"/s/{token}", data=form)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    return reply.get_data(as_text=True)


def test_a_whole_response_page_by_page(client: FlaskClient, customer_link: Invite) -> None:
    token = customer_link()
    first = client.get(f"/s/{token}")
    assert "how satisfied are you with your delivery" in first.get_data(as_text=True)
    assert "Question 1 of 3" in first.get_data(as_text=True)
    assert "main reason" in _post(client, token, question="score", value="2")
    assert "order from us again" in _post(client, token, question="why", value="It was late")
    assert "Thank you" in _post(client, token, question="again", value="no")
    again = client.get(f"/s/{token}")
    assert again.status_code == 200 and "Thank you" in again.get_data(as_text=True)


def test_each_page_is_light_and_sets_no_cookie(client: FlaskClient, customer_link: Invite) -> None:
    reply = client.get(f"/s/{customer_link('relationship')}")
    assert len(reply.data) < 20_000
    assert len(gzip.compress(reply.data)) < 6_000
    assert "Set-Cookie" not in reply.headers
    assert reply.headers["Cache-Control"] == "no-store"
    assert b"<script" not in reply.data and b"http://" not in reply.data


def test_an_unknown_link_is_a_kind_page(client: FlaskClient) -> None:
    reply = client.get("/s/nothing-here")
    assert reply.status_code == 404
    assert "open it again from the message" in reply.get_data(as_text=True)


@pytest.mark.parametrize("answered", [False, True])
def test_an_ended_survey_says_so_and_what_is_kept(
    client: FlaskClient, customer_link: Invite, shop_session: Session, answered: bool
) -> None:
    token = customer_link()
    if answered:
        _post(client, token, question="score", value="4")
    past = datetime.now(UTC) - timedelta(minutes=1)
    shop_session.execute(
        update(Invitation).where(Invitation.token == token).values(expires_at=past)
    )
    shop_session.commit()
    for reply in (
        client.get(f"/s/{token}"),
        client.post(f"/s/{token}", data={"question": "why", "value": "Too late"}),
    ):
        assert reply.status_code == 410
        said = reply.get_data(as_text=True)
        assert ("already gave are kept" in said) is answered


def test_a_finished_survey_is_thanked_for_even_after_its_end(
    client: FlaskClient, customer_link: Invite, shop_session: Session
) -> None:
    token = customer_link()
    for question, value in (("score", "4"), ("why", "Fine"), ("again", "yes")):
        _post(client, token, question=question, value=value)
    past = datetime.now(UTC) - timedelta(minutes=1)
    shop_session.execute(
        update(Invitation).where(Invitation.token == token).values(expires_at=past)
    )
    shop_session.commit()
    assert client.get(f"/s/{token}").status_code == 200


def test_a_value_that_does_not_fit_is_asked_again(
    client: FlaskClient, customer_link: Invite
) -> None:
    token = customer_link()
    reply = client.post(f"/s/{token}", data={"question": "score", "value": "17"})
    said = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert 'role="alert"' in said and "from 1 to 5" in said


def test_nothing_typed_is_lost(client: FlaskClient, customer_link: Invite) -> None:
    token = customer_link()
    _post(client, token, question="score", value="4")
    long = "It was late. " * 900
    reply = client.post(f"/s/{token}", data={"question": "why", "value": long})
    assert reply.status_code == 422 and long.strip() in reply.get_data(as_text=True)


def test_words_of_a_customer_are_shown_as_words(client: FlaskClient, customer_link: Invite) -> None:
    token = customer_link()
    _post(client, token, question="score", value="4")
    _post(client, token, question="why", value="<script>alert(1)</script>")
    shown = client.get(f"/s/{token}?at=why").get_data(as_text=True)
    assert "<script>" not in shown and "&lt;script&gt;" in shown


def test_going_back_shows_the_answer_and_revises_it(
    client: FlaskClient, customer_link: Invite, shop_session: Session
) -> None:
    token = customer_link()
    page = _post(client, token, question="score", value="4")
    assert 'href="?at=score"' in page
    before = client.get(f"/s/{token}?at=score").get_data(as_text=True)
    assert 'value="4" class="given" aria-current="true"' in before
    assert "main reason" in _post(client, token, question="score", value="2")
    values = shop_session.scalars(
        select(Answer.value)
        .join(Response, Response.id == Answer.response_id)
        .join(Invitation, Invitation.id == Response.invitation_id)
        .where(Invitation.token == token)
    )
    assert list(values) == [{"value": 2}]


def test_several_choices_at_once(client: FlaskClient, customer_link: Invite) -> None:
    token = customer_link("relationship")
    _post(client, token, question="score", value="9")
    form = {"question": "topics", "value": ["the_plants", "the_people"]}
    assert client.post(f"/s/{token}", data=form).status_code == 200
    shown = client.get(f"/s/{token}?at=topics").get_data(as_text=True)
    assert shown.count("checked") == 2


def test_the_page_speaks_the_language_it_is_written_in(
    client: FlaskClient, customer_link: Invite
) -> None:
    """The survey is in English only, so that a French customer gets an English page."""
    said = client.get(f"/s/{customer_link(locale='fr-FR')}").get_data(as_text=True)
    assert '<html lang="en" dir="ltr">' in said
    assert "Question 1 of 3" in said
