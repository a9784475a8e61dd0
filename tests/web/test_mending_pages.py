"""A misread answer put right on the conversation's page, and the inbox taken away as files."""

from __future__ import annotations

import csv
import io
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from test_inbox_pages import post, says

from feedback.listening import listen
from models.conversation import Conversation
from models.customer import Customer
from models.message import Message
from models.response import Answer, Score
from models.workspace import Workspace
from surveys.delivery import send_pending
from surveys.firing import fire_due
from surveys.invitations import invite

NUMBERS = count(1)
MISREAD = "0 trouble, very happy"


@pytest.fixture
def talk(shop: Any, shop_session: Session) -> Conversation:
    """Somebody new was asked how likely they are to recommend, and was misread."""
    now, place = shop.services.now(), next(NUMBERS)
    workspace = shop_session.get_one(Workspace, shop.seeded.workspace_id)
    row = Customer(
        workspace_id=workspace.id,
        external_id=f"mended-{place}",
        phone=f"+4477010{place:05d}",
        attributes={},
        created_at=now,
        updated_at=now,
    )
    shop_session.add(row)
    shop_session.commit()
    invite(shop_session, workspace, "relationship", row.external_id, "sms", now)
    shop_session.commit()
    fire_due(shop_session, shop.services, now)
    send_pending(shop_session, shop.services, now)
    says(shop, shop_session, MISREAD, str(row.phone))
    wanted = select(Conversation).where(Conversation.customer_id == row.id)
    found: Conversation = shop_session.scalars(wanted).one()
    return found


def seen_in(page: str, key: str) -> str:
    form = page.split(f'/answers/{key}"')[1]
    return form.split('name="seen" value="')[1].split('"')[0]


def mend(client: FlaskClient, at: str, key: str = "score", **form: Any) -> Any:
    seen = seen_in(client.get(at).text, key)
    return post(client, f"{at}/answers/{key}", at, seen=seen, **form)


def test_an_answer_is_put_right_shown_and_undone(
    team: FlaskClient, shop: Any, shop_session: Session, talk: Conversation
) -> None:
    at = f"/conversations/{talk.id}"
    assert "read as 0" in team.get(at).text
    done = mend(team, at, value="10", words="message", reason="=It says how many problems")
    assert done.location.endswith("?done=mended")
    page = team.get(at).text
    assert "read as 0, put right: 10" in page and MISREAD in page
    assert "ada@shop.example put an answer right: 0 → 10" in page
    response = team.get(f"/responses/{talk.response_id}").text
    assert "Put right by ada@shop.example" in response and "how many problems" in response
    assert f'href="{at}"' in response
    listen(shop_session, shop.services.now())
    scored = select(Score.value).where(Score.response_id == talk.response_id)
    assert shop_session.scalars(scored).all() == [10]
    number = page.split("/corrections/")[1].split("/undo")[0]
    for _ in range(2):
        back = post(team, f"{at}/corrections/{number}/undo", at)
        assert back.location.endswith("?done=unmended")
    page = team.get(at).text
    assert "Taken back by ada@shop.example" in page and "put right: 10" not in page
    shop_session.expire_all()
    kept = select(Answer.value).where(Answer.response_id == talk.response_id)
    assert shop_session.scalars(kept).first() == {"value": 0}


def test_what_was_typed_stays_where_it_could_not_be_saved(
    team: FlaskClient, talk: Conversation
) -> None:
    at = f"/conversations/{talk.id}"
    refused = mend(team, at, value="10", words="message", reason="  ")
    assert refused.status_code == 422 and "There is no reason" in refused.text
    assert '<option value="10" selected>' in refused.text
    assert 'value="message" checked' in refused.text
    assert '<details class="mending" open>' in refused.text
    old = post(team, f"{at}/answers/score", at, seen="x", value="9", words="keep", reason="why not")
    assert old.status_code == 409 and ">why not</textarea>" in old.text
    strange = mend(team, at, value="11", words="keep", reason="because")
    assert strange.status_code == 422 and "This is no answer to the question" in strange.text
    nowhere = post(team, f"{at}/answers/nothing", at, seen="x", value="9", reason="because")
    assert nowhere.status_code == 404


def test_several_choices_are_put_right_with_boxes(
    team: FlaskClient, shop: Any, shop_session: Session, talk: Conversation
) -> None:
    at = f"/conversations/{talk.id}"
    says(shop, shop_session, "1 2", talk.address)
    page = team.get(at).text
    boxes = page.split("/answers/topics")[1].split("</form>")[0]
    assert boxes.count('type="checkbox"') >= 3 and boxes.count("checked") >= 2
    key = boxes.split('type="checkbox" name="value" value="')[3].split('"')[0]
    assert (
        mend(team, at, "topics", value=[key], words="keep", reason="The third").status_code == 303
    )
    kept = select(Answer.value).where(
        Answer.response_id == talk.response_id, Answer.question == "topics"
    )
    assert shop_session.scalar(kept) == {"value": [key]}


def rows_of(client: FlaskClient, path: str) -> list[dict[str, str]]:
    got = client.get(path)
    assert got.status_code == 200 and got.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(got.text.removeprefix("\ufeff"))))


def test_the_inbox_is_taken_away_as_it_is_narrowed(
    team: FlaskClient, shop: Any, shop_session: Session, talk: Conversation
) -> None:
    says(shop, shop_session, "=cmd|'/c calc'!A1 zebra, ring 07700 900123", talk.address)
    says(shop, shop_session, "STOP", talk.address)
    (listed,) = [
        row for row in rows_of(team, "/conversations.csv") if row["Conversation"] == str(talk.id)
    ]
    assert listed["Number ends in"] == talk.address[-4:] and talk.address not in str(listed)
    said = [row for row in rows_of(team, "/messages.csv") if row["Conversation"] == str(talk.id)]
    page_order = [MISREAD, "'=cmd|'/c calc'!A1 zebra, ring [phone]", "STOP"]
    assert [row["Words"] for row in said if row["From"] == "customer"] == page_order
    assert said[-1]["Kind"] == "stop" and said[-1]["From"] == "us"
    only = rows_of(team, "/messages.csv?q=zebra")
    assert {row["Conversation"] for row in only} == {str(talk.id)} and len(only) == len(said)
    assert rows_of(team, "/conversations.csv?state=taken&q=zebra") == []
    assert "conversations.csv?q=zebra" in team.get("/conversations?q=zebra").text


def test_files_hold_every_message_of_the_pages(
    team: FlaskClient, shop: Any, shop_session: Session, talk: Conversation
) -> None:
    says(shop, shop_session, "Out of nowhere", f"+4477020{next(NUMBERS):05d}")
    says(shop, shop_session, "HELP", f"+4477020{next(NUMBERS):05d}")
    told = {row["Message"] for row in rows_of(team, "/messages.csv")}
    here = select(Message.id).where(Message.workspace_id == shop.seeded.workspace_id)
    assert told == {str(one) for one in shop_session.scalars(here)}
