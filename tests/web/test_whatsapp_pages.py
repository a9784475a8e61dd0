"""WhatsApp on the team's pages: the channel is always said, and its day is kept."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from test_inbox_pages import post

from models.customer import Consent, Customer
from models.message import Message
from models.survey import Survey
from surveys.inbound import Inbound, receive

PHONE = "+447700900456"
ADDRESS = f"whatsapp:{PHONE}"


@pytest.fixture
def wrote(shop: Any, shop_session: Session) -> Message:
    """Somebody wrote by WhatsApp, out of nowhere."""
    owner = shop_session.get_one(Customer, shop.seeded.phone_customer)
    inbound = Inbound(
        provider="simulator",
        provider_id="SIM-whatsapp",
        sender_to=shop.services.whatsapp_sender,
        address_from=f"whatsapp:{owner.phone}",
        body="the lamp is broken",
    )
    receive(shop_session, shop.services, inbound, shop.services.now(), owner.workspace_id)
    return shop_session.scalars(
        select(Message).where(Message.provider_id == inbound.provider_id)
    ).one()


def test_the_inbox_and_the_conversation_say_the_channel(
    team: FlaskClient, shop_session: Session, wrote: Message
) -> None:
    page = team.get("/conversations").text
    assert f"WhatsApp number ending {wrote.address[-4:]}" in page
    one = team.get(f"/conversations/number-{wrote.id}").text
    assert "<dd>WhatsApp</dd>" in one
    assert wrote.address not in one
    found = post(team, "/conversations", "/conversations", q=wrote.address[9:])
    assert wrote.address[9:] not in found.location
    assert "WhatsApp number ending" in team.get(found.location).text


def test_the_phone_shows_both_channels_and_answers_on_the_last(
    team: FlaskClient, shop: Any, shop_session: Session, wrote: Message
) -> None:
    path = f"/phones/{shop.seeded.phone_customer}"
    page = team.get(path).text
    assert "the lamp is broken" in page
    assert "· WhatsApp" in page
    post(team, path, path, body="hello?")
    last = shop_session.scalars(
        select(Message).where(Message.direction == "in").order_by(Message.id.desc()).limit(1)
    ).one()
    assert (last.body, last.address) == ("hello?", wrote.address)


def test_consent_is_kept_by_channel(team: FlaskClient, shop_session: Session) -> None:
    page = post(team, "/consent", "/consent", number=PHONE, by="whatsapp").text
    assert "WhatsApp wants that first" in page
    form = {"number": ADDRESS, "state": "granted", "source": "team_form", "seen": 0}
    done = post(team, "/consent/record", "/consent", words="Form of 3 May", **form)
    assert "it is given now" in team.get(done.location).text
    (row,) = shop_session.scalars(select(Consent).where(Consent.address == ADDRESS))
    assert (row.channel, row.state) == ("whatsapp", "granted")
    assert "Nobody said yes or no" in post(team, "/consent", "/consent", number=PHONE).text


def test_the_survey_shows_its_templates_filled_in(
    team: FlaskClient, shop: Any, shop_session: Session
) -> None:
    survey = shop_session.scalars(select(Survey).where(Survey.key == "delivery")).one()
    text = "Hi {{1}}, a word on your order? {{2}} STOP ends it."
    variables = {"1": "{customer.first_name|there}", "2": "{link}"}
    template = {"sid": "HX" + "a" * 32, "text": text, "variables": variables}
    survey.whatsapp = {"invitation": {"en": template}}
    shop_session.commit()
    page = team.get("/surveys/delivery/messages").text
    assert "Hi Alexandra, a word on your order?" in page
    assert template["sid"] in page
    survey.whatsapp = None
    shop_session.commit()
    assert "By WhatsApp" not in team.get("/surveys/delivery/messages").text
