"""The inbox and the consent ledger as the team uses them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from people import add_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import workspaces
from feedback.pages import inbox_words
from models.customer import Consent
from models.message import Message
from models.workspace import Workspace
from surveys.delivery import send_pending
from surveys.inbound import simulator_reply

EMAIL, PASSWORD = "ben@shop.example", "another long password"
NOWHERE = "+447700900888"


def token(page: str) -> str:
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def post(client: FlaskClient, path: str, at: str, **form: Any) -> Any:
    """Send a form as the page at `at` would."""
    return client.post(path, data={"csrf_token": token(client.get(at).text), **form})


def says(shop: Any, session: Session, body: str, address: str = NOWHERE) -> Message:
    with shop.app.app_context():
        got = simulator_reply(
            session, shop.services, shop.seeded.workspace_id, address, body, shop.services.now()
        )
    send_pending(session, shop.services, shop.services.now())
    assert got.message_id
    return session.get_one(Message, got.message_id)


@pytest.fixture
def exchange(shop: Any, shop_session: Session) -> str:
    """Somebody wrote out of nowhere, from a number of their own."""
    last = shop_session.query(Message).count()
    address = f"+4477009{last + 10_000:05d}"
    message = says(shop, shop_session, "Ring me on 07700 900123 about the olive tree", address)
    return f"number-{message.id}"


def fresh_key(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_list_shows_exchanges_masked(
    team: FlaskClient, shop: Any, shop_session: Session, exchange: str
) -> None:
    assert "Automatic answer:" in team.get("/conversations").text
    address = shop_session.get_one(Message, int(exchange.removeprefix("number-"))).address
    says(shop, shop_session, "Ring me on 07700 900123 about the olive tree", address)
    page = team.get("/conversations").text
    assert f'href="/conversations/{exchange}"' in page
    assert "Ring me on [phone] about the olive tree" in page and "900123" not in page


def test_the_list_says_of_a_message_that_is_not_there_why(
    team: FlaskClient, shop_session: Session, exchange: str
) -> None:
    page = team.get("/conversations").text
    assert "is not registered for messages" not in page
    row = shop_session.get_one(Message, int(exchange.removeprefix("number-")))
    answer = shop_session.scalars(
        select(Message).where(Message.address == row.address).order_by(Message.id.desc())
    ).first()
    assert answer is not None and answer.direction == "out"
    answer.status, answer.error_code = "undelivered", "30034"
    shop_session.commit()
    page = team.get("/conversations").text
    assert "Not delivered: the number is not registered for messages" in page
    answer.status, answer.error_code = "pending", None
    shop_session.commit()
    assert "Waiting to be sent" in team.get("/conversations").text


def test_a_message_without_words_is_said_to_have_none(
    team: FlaskClient, shop: Any, shop_session: Session, exchange: str
) -> None:
    row = shop_session.get_one(Message, int(exchange.removeprefix("number-")))
    row.body = " "
    shop_session.commit()
    for path in (f"/conversations/{exchange}", f"/conversations/{exchange}/thread"):
        assert "<i>no words, perhaps a picture</i>" in team.get(path).text
    says(shop, shop_session, "", row.address)
    assert "<i>no words, perhaps a picture</i>" in team.get("/conversations").text


def test_what_never_left_is_told_from_what_the_provider_canceled() -> None:
    never = Message(status="canceled", error_code=None, asked=0, provider_id=None)
    assert inbox_words.fate(never) == "Never sent, as something else came first"
    never.provider_id = "SM1"
    assert inbox_words.fate(never) == "Canceled"
    assert inbox_words.held_up("canceled", None) == inbox_words.held_up("delivered", None) == ""


def test_when_it_left_is_told_where_it_waited() -> None:
    at = datetime(2026, 11, 30, 20, 51, tzinfo=UTC)
    message = Message(created_at=at, attempted_at=None)
    assert inbox_words.left(message) is None
    message.attempted_at = at + timedelta(seconds=59)
    assert inbox_words.left(message) is None
    message.attempted_at = at + timedelta(minutes=15)
    assert inbox_words.left(message) == message.attempted_at


def test_a_sender_that_is_no_number_is_not_called_one() -> None:
    assert inbox_words.ending("+447700900123") == "number ending 0123"
    assert inbox_words.ending("whatsapp:+447700900123") == "WhatsApp number ending 0123"
    assert inbox_words.ending("anonymous") == "a sender without a number"


def test_searching_says_no_number_in_an_address(team: FlaskClient, exchange: str) -> None:
    found = post(team, "/conversations", "/conversations", q="olive tree")
    assert found.location == "/conversations?q=olive+tree"
    assert exchange in team.get(found.location).text
    whole = post(team, "/conversations", "/conversations", q="+44 7700 900555", state="open")
    assert whole.location == "/conversations?with=0&state=open"
    assert "Nothing found" in team.get(whole.location).text


def test_take_over_write_and_hand_back(
    team: FlaskClient, exchange: str, shop_session: Session
) -> None:
    at = f"/conversations/{exchange}"
    before = team.get(at).text
    assert "Ring me on [phone]" in before and 'name="message"' not in before
    assert post(team, f"{at}/take", at).status_code == 303
    page = team.get(at).text
    assert "Ring me on 07700 900123" in page and "You have taken over" in page
    key = fresh_key(page)
    empty = post(team, f"{at}/write", at, key=key, message="  ")
    assert empty.status_code == 422 and "Write a message" in empty.text
    long = post(team, f"{at}/write", at, key=key, message="x" * 1601)
    assert long.status_code == 422 and "x" * 1601 in long.text
    for _ in range(2):
        sent = post(team, f"{at}/write", at, key=key, message="On my way")
        assert sent.status_code == 303
    other = post(team, f"{at}/write", at, key=key, message="Something else")
    assert other.status_code == 422 and "Something else" in other.text
    assert fresh_key(other.text) != key
    address = shop_session.get_one(Message, int(exchange.removeprefix("number-"))).address
    theirs = (Message.kind == "person") & (Message.address == address)
    written = shop_session.scalars(select(Message).where(theirs))
    assert [one.body for one in written if one.direction == "out"] == ["On my way"]
    back = post(team, f"{at}/hand-back", at)
    assert back.location.endswith("?done=over")
    assert post(team, f"{at}/hand-back", at).status_code == 409
    assert "[phone]" in team.get(at).text


@pytest.fixture
def second(shop: Any, shop_session: Session) -> FlaskClient:
    """A client that somebody else of the team is signed in with."""
    workspace = shop_session.get_one(Workspace, shop.seeded.workspace_id)
    add_user(shop_session, workspace, EMAIL, PASSWORD, shop.services.now())
    shop_session.commit()
    client: FlaskClient = shop.client()
    form = {"email": EMAIL, "password": PASSWORD}
    assert post(client, "/sign-in", "/sign-in", **form).status_code == 303
    return client


def test_a_second_person_sees_who_holds_it_and_takes_it_knowingly(
    team: FlaskClient, second: FlaskClient, exchange: str
) -> None:
    at = f"/conversations/{exchange}"
    post(team, f"{at}/take", at)
    blind = post(second, f"{at}/take", at)
    assert blind.status_code == 409 and "somebody else has taken this over" in blind.text.lower()
    page = second.get(at).text
    assert "Take it from ada@shop.example" in page and 'name="message"' not in page
    assert "07700 900123" not in page
    refused = post(second, f"{at}/write", at, key="k" * 20, message="Hello")
    assert refused.status_code == 409
    seen = re.search(r'name="seen" value="(\d+)"', page.split("/take")[1])
    assert seen
    assert post(second, f"{at}/take", at, seen=seen[1]).status_code == 303
    late = post(team, f"{at}/write", at, key="k" * 20, message="Still me")
    assert late.status_code == 409 and "do not hold" in late.text
    assert "taken" in second.get("/conversations?state=taken").text


def test_nothing_can_be_written_after_a_stop(
    team: FlaskClient, shop: Any, shop_session: Session, exchange: str
) -> None:
    at = f"/conversations/{exchange}"
    address = shop_session.get_one(Message, int(exchange.removeprefix("number-"))).address
    key = fresh_key_after_taking(team, at)
    says(shop, shop_session, "STOP", address)
    refused = post(team, f"{at}/write", at, key=key, message="But wait")
    assert refused.status_code == 409 and "withdrew consent" in refused.text
    page = team.get(at).text
    assert "opted out, at once" in page and 'name="message"' not in page


def fresh_key_after_taking(client: FlaskClient, at: str) -> str:
    post(client, f"{at}/take", at)
    return fresh_key(client.get(at).text)


def test_the_thread_moves_only_when_something_changed(
    team: FlaskClient, shop: Any, shop_session: Session, exchange: str
) -> None:
    at = f"/conversations/{exchange}"
    page = team.get(at).text
    seen = re.search(r'id="seen" name="seen" value="([^"]+)"', page)
    assert seen
    assert team.get(f"{at}/thread?seen={seen[1]}").status_code == 204
    address = shop_session.get_one(Message, int(exchange.removeprefix("number-"))).address
    says(shop, shop_session, "And the pot", address)
    assert "And the pot" in team.get(f"{at}/thread?seen={seen[1]}").text


def test_what_went_by_the_fall_back_says_so(
    team: FlaskClient, shop_session: Session, exchange: str
) -> None:
    page = team.get(f"/conversations/{exchange}").text
    assert "the fall-back" not in page
    heard = shop_session.get_one(Message, int(exchange.removeprefix("number-")))
    answer = shop_session.scalars(
        select(Message).where(Message.address == heard.address, Message.direction == "out")
    ).one()
    heard.via = answer.via = "+447700900999"
    shop_session.commit()
    page = team.get(f"/conversations/{exchange}").text
    assert "to the fall-back +447700900999" in page and "from the fall-back" in page


def test_how_long_a_message_is_is_told_while_it_is_written(team: FlaskClient) -> None:
    form = {"message": "x" * 161, "csrf_token": token(team.get("/conversations").text)}
    assert team.post("/conversations/length", data=form).text == "161 characters, 2 SMS"
    assert team.post("/conversations/length", data={"message": "x"}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/conversations/999999", "/conversations/number-999999", "/conversations/x"]
)
def test_no_such_conversation(team: FlaskClient, path: str) -> None:
    assert team.get(path).status_code == 404
    assert post(team, f"{path}/take", "/conversations").status_code == 404


def test_another_workspace_s_exchange_is_not_there(
    shop: Any, shop_session: Session, exchange: str
) -> None:
    now = shop.services.now()
    if not shop_session.scalar(select(Workspace).where(Workspace.name == "next-door")):
        other = workspaces.create(shop_session, "next-door", now, company="Next Door")
        add_user(shop_session, other, "eve@door.example", PASSWORD, now)
        shop_session.commit()
    client = shop.client()
    post(client, "/sign-in", "/sign-in", email="eve@door.example", password=PASSWORD)
    message_id = exchange.removeprefix("number-")
    talk = shop_session.scalars(select(Message.conversation_id).where(Message.conversation_id > 0))
    for path in (
        f"/conversations/{exchange}",
        f"/conversations/{talk.first()}",
        f"/conversations/{exchange}/thread",
        f"/consent?of={exchange}",
        f"/consent?message={message_id}",
    ):
        assert client.get(path).status_code == 404, path
    assert exchange not in client.get(f"/conversations?with={message_id}").text
    assert exchange not in client.get("/conversations?q=olive").text


def test_consent_is_looked_up_recorded_and_told_honestly(
    team: FlaskClient, shop: Any, shop_session: Session, exchange: str
) -> None:
    address = shop_session.get_one(Message, int(exchange.removeprefix("number-"))).address
    found = post(team, "/consent", "/consent", number=address)
    assert found.status_code == 303 and address.lstrip("+") not in found.location
    page = team.get(found.location).text
    assert "Never said" in page and address not in page.replace(shop.services.gateway.sender, "")
    way, id_ = found.location.split("?")[1].split("=")
    form = {way: id_, "state": "granted", "source": "team_form", "seen": 0}
    done = post(team, "/consent/record", "/consent", words="Form of 3 May", **form)
    page = team.get(done.location).text
    assert "it is given now" in page and "Form of 3 May" in page and "recorded by ada" in page
    stale = post(team, "/consent/record", "/consent", words="Form of 3 May", **form)
    assert stale.status_code == 409
    says(shop, shop_session, "STOP", address)
    entry = shop_session.scalars(
        select(Consent.id).where(Consent.address == address).order_by(Consent.id.desc())
    ).first()
    again = {"entry": entry, "state": "granted", "source": "team_call", "seen": entry}
    kept = post(team, "/consent/record", "/consent", words="She rang us", **again)
    page = team.get(kept.location).text
    assert "it changes nothing" in page and "They wrote: “STOP”" in page
    assert "Withdrawn" in page
    past = team.get(f"/consent?entry={entry}&at=2020-01-01T00:00").text
    assert "What held 1 Jan 2020, 00:00" in past and "Nobody said yes or no" in past


def test_a_number_nobody_knows_has_an_empty_ledger(team: FlaskClient) -> None:
    page = post(team, "/consent", "/consent", number="07700 900999").text
    assert "Nothing was ever written down" in page
    wrong = post(team, "/consent", "/consent", number="12")
    assert wrong.status_code == 422 and "phone number" in wrong.text
    assert team.get("/consent?entry=999999").status_code == 404
