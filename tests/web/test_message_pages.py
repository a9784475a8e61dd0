"""The pages of messages and prices: what is said, what it costs, what is refused and kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.apply import apply_text
from models.workspace import Workspace

LONG = f"""
surveys:
  - key: wordy
    name: Wordy
    questions: [{{key: why, type: text, text: "It\u2019s long. {"How did it go? " * 20}"}}]
    thanks: Thank you.
"""


def _text(client: FlaskClient, path: str, status: int = 200) -> str:
    reply = client.get(path)
    assert reply.status_code == status, (path, reply.status_code)
    return unescape(reply.get_data(as_text=True))


def _save(client: FlaskClient, **fields: str) -> Any:
    token = _text(client, "/prices").split('name="csrf_token" value="')[1].split('"')[0]
    return client.post("/prices", data={"csrf_token": token, **fields})


@pytest.fixture
def priced(team: FlaskClient) -> Iterator[FlaskClient]:
    """The shop with prices; without them afterwards, as other tests know it."""
    assert _save(team, prices="GB 0.04 GBP\n+447 0.05 GBP\n+1 0.0079 USD").status_code == 303
    yield team
    _save(team, prices="")


@pytest.mark.parametrize("path", ["/prices", "/surveys/delivery/messages"])
def test_nobody_sees_a_page_without_signing_in(shop: Any, path: str) -> None:
    reply = shop.client().get(path)
    assert reply.status_code == 302 and "/sign-in" in reply.headers["Location"]


def test_a_survey_shows_each_sms_filled_in_and_counted(team: FlaskClient) -> None:
    said = _text(team, "/surveys/delivery/messages")
    assert "Hi Alexandra, how satisfied are you with your delivery?" in said
    assert "Thank you, Alexandra" in said and "In English" in said
    assert "GSM-7, " in said and "1 segment" in said
    assert "No price is known" in said and 'href="/prices"' in said


def test_a_name_shows_the_one_sms_with_the_link(team: FlaskClient, shop_session: Session) -> None:
    here = shop_session.scalars(select(Workspace)).first()
    assert here is not None
    before, here.sender = here.sender, "FernField"
    shop_session.commit()
    try:
        said = _text(team, "/surveys/delivery/messages")
    finally:
        here.sender = before
        shop_session.commit()
    assert "FernField is a name, and nobody can reply to it" in said
    assert said.count("<pre") == 1 and "Please tell us here: " in said
    assert "STOP" not in said and "answers every question by SMS" not in said


def test_the_longest_beginning_of_the_workspaces_numbers_prices_it(priced: FlaskClient) -> None:
    said = _text(priced, "/surveys/delivery/messages")
    assert "+447 a segment costs £0.05" in said
    assert "1,000 invitations cost £50.00" in said
    other = _text(priced, "/surveys/delivery/messages?to=1")
    assert "+1 a segment costs $0.0079" in other and "1,000 invitations cost $7.90" in other


def test_prices_stay_as_they_were_typed(priced: FlaskClient) -> None:
    assert "+1 0.0079 USD\n+44 0.04 GBP\n+447 0.05 GBP" in _text(priced, "/prices")


def test_wrong_lines_are_named_and_nothing_typed_is_lost(priced: FlaskClient) -> None:
    reply = _save(priced, prices="+49 0.07 EUR\nMars 1 EUR", smart="1")
    said = unescape(reply.get_data(as_text=True))
    assert reply.status_code == 422
    assert "Line 2: 'Mars' is no beginning of a number" in said
    assert "+49 0.07 EUR\nMars 1 EUR" in said and "checked" in said
    assert "+44 0.04 GBP" in _text(priced, "/prices")


def test_replacing_typographic_signs_is_off_until_somebody_wants_it(team: FlaskClient) -> None:
    assert "checked" not in _text(team, "/prices")
    assert _save(team, prices="", smart="1").status_code == 303
    assert "checked" in _text(team, "/prices")
    assert _save(team, prices="").status_code == 303
    assert "checked" not in _text(team, "/prices")


def test_a_survey_of_long_messages_says_so_on_its_pages(
    team: FlaskClient, shop_session: Session
) -> None:
    assert "more than two segments" not in _text(team, "/surveys/delivery")
    mine = shop_session.scalars(select(Workspace)).first()
    assert mine is not None
    apply_text(shop_session, mine, LONG, datetime.now(UTC))
    shop_session.commit()
    page = _text(team, "/surveys/wordy")
    assert "1 question</b> takes more than two segments" in page
    assert "1 message</b> takes more than two segments" in _text(team, "/surveys/wordy/messages")
    named = "UCS-2 because of \u2019 (right single quotation mark)"
    assert named in _text(team, "/surveys/wordy/messages")


def test_an_unknown_survey_has_no_messages(team: FlaskClient) -> None:
    assert "There is no survey" in _text(team, "/surveys/moon/messages", 404)
