"""Correcting a comment on its page: without JavaScript, by form, and undone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from people import add_user
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from web_seed import EMAIL

from feedback import workspaces
from models.correction import Correction
from models.reading import Comment, Mention

Open = Callable[..., Page]
TEXT = (
    "The fern itself is lovely. But it came four days late, call me on 0161 496 0842. "
    "Nobody told me why."
)
LATE = (TEXT.index("it came"), TEXT.index(", call"))


@pytest.fixture
def comment(shop: Any, shop_session: Session) -> Iterator[int]:
    """A comment of its own with one mention, taken away again."""
    at = datetime.now(UTC)
    owner = {"workspace_id": shop.seeded.workspace_id}
    row = Comment(
        **owner,
        attached_by="import",
        source="test",
        external_id="to-correct",
        text=TEXT,
        text_hash=hashlib.sha256(TEXT.encode()).hexdigest(),
        occurred_at=at,
        created_at=at,
        read_state="read",
        read_at=at,
        model="seed",
        sentiment="positive",
        sentiment_score=0.4,
        probabilities={"positive": 0.6},
        emotions={},
        themes={"price": 0.7},
    )
    shop_session.add(row)
    shop_session.flush()
    start, end = LATE
    felt = {"theme": "price", "sentiment": "neutral", "sentiment_score": 0.0}
    shop_session.add(Mention(**owner, comment_id=row.id, start=start, end=end, **felt))
    shop_session.commit()
    yield row.id
    shop_session.execute(delete(Comment).where(Comment.id == row.id))
    shop_session.commit()


def _page(client: FlaskClient, path: str, status: int = 200) -> str:
    reply = client.get(path)
    assert reply.status_code == status, (path, reply.status_code)
    return unescape(reply.get_data(as_text=True))


def _form(page: str) -> dict[str, str]:
    """What a browser would send of the form, untouched."""
    form = page.split('<form class="correct"')[1].split("</form>")[0]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    for name, inner in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', form):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        fields[name] = chosen[1] if chosen else ""
    fields |= dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)" checked', form))
    return fields


def _said(session: Session, comment: int) -> Comment:
    session.expire_all()
    return session.get_one(Comment, comment)


def test_a_form_sent_untouched_says_nothing(
    team: FlaskClient, shop_session: Session, comment: int
) -> None:
    path = f"/comments/{comment}"
    reply = team.post(path, data=_form(_page(team, path)), follow_redirects=True)
    assert "Nothing was changed" in reply.get_data(as_text=True)
    assert not shop_session.scalars(
        select(Correction).where(Correction.comment_id == comment)
    ).all()


def test_a_comment_is_corrected_and_one_press_takes_it_back(
    team: FlaskClient, shop_session: Session, comment: int
) -> None:
    path = f"/comments/{comment}"
    fields = _form(_page(team, path)) | {
        "sentiment": "negative",
        "m0-theme": "delivery_speed",
        "m0-sentiment": "negative",
        "add-theme": "communication",
        "add-sentiment": "negative",
        "add-where": f"{TEXT.index('Nobody')}:{len(TEXT)}",
    }
    reply = team.post(path, data=fields)
    assert reply.status_code == 303
    page = _page(team, reply.headers["Location"])
    assert "Saved. Reports count it from now on." in page
    assert f"{EMAIL}, " in page and "Sentiment: positive → negative" in page
    assert "Price → Delivery speed, neutral → negative" in page
    assert "Added Communication, negative, to “Nobody told me why.”" in page
    assert "The model reads it as positive." in page
    row = _said(shop_session, comment)
    assert (row.sentiment, set(row.themes or ())) == (
        "negative",
        {"delivery_speed", "communication"},
    )
    note = page.split('class="note"')[1].split("</form>")[0]
    undo = re.findall(r'name="undo" value="(\d+)"', note)
    assert len(undo) == 3
    back = team.post(f"{path}/undo", data={"undo": undo, "csrf_token": fields["csrf_token"]})
    page = _page(team, back.headers["Location"])
    assert "Taken back" in page and f"Taken back by {EMAIL}" in page
    row = _said(shop_session, comment)
    assert (row.sentiment, row.themes, row.model_reading) == ("positive", {"price": 0.7}, None)


def test_what_a_comment_does_not_speak_of_is_taken_out(
    team: FlaskClient, shop_session: Session, comment: int
) -> None:
    path = f"/comments/{comment}"
    team.post(path, data=_form(_page(team, path)) | {"m0-gone": "on"})
    page = _page(team, path)
    assert "No theme was found in it" in page and "Took Price out of" in page
    assert not _said(shop_session, comment).themes


def test_words_chosen_without_a_theme_are_asked_about_and_nothing_typed_is_lost(
    team: FlaskClient, comment: int
) -> None:
    path = f"/comments/{comment}"
    place = f"{TEXT.index('Nobody')}:{len(TEXT)}"
    fields = _form(_page(team, path)) | {"sentiment": "negative", "add-where": place}
    reply = team.post(path, data=fields)
    page = reply.get_data(as_text=True)
    assert reply.status_code == 422 and "Choose the theme these words speak of" in page
    kept = _form(page)
    assert (kept["sentiment"], kept["was"], kept["add-where"]) == ("negative", "positive", place)


def test_words_that_changed_meanwhile_are_not_overruled(team: FlaskClient, comment: int) -> None:
    path = f"/comments/{comment}"
    fields = _form(_page(team, path)) | {"sentiment": "negative", "seen": "0" * 64}
    reply = team.post(path, data=fields)
    assert reply.status_code == 409
    assert "changed these words" in reply.get_data(as_text=True)


@pytest.mark.parametrize(
    "fields",
    [
        {"m0": "1:2"},
        {"m0": "x:2:neutral:price", "m0-gone": "on"},
        {"m0": "0:99999:neutral:price", "m0-gone": "on"},
        {"sentiment": "furious"},
        {"m0-theme": "nothing of ours"},
        {"add-theme": "price", "add-where": "-1:4"},
        {"add-theme": "price", "add-where": ""},
        {"add-theme": "price", "add-sentiment": ""},
    ],
)
def test_a_form_that_is_not_ours_is_refused(
    team: FlaskClient, shop_session: Session, comment: int, fields: dict[str, str]
) -> None:
    path = f"/comments/{comment}"
    assert team.post(path, data=_form(_page(team, path)) | fields).status_code == 422
    assert _said(shop_session, comment).model_reading is None


def test_without_its_token_a_form_changes_nothing(team: FlaskClient, comment: int) -> None:
    path = f"/comments/{comment}"
    fields = _form(_page(team, path)) | {"sentiment": "negative"}
    del fields["csrf_token"]
    assert team.post(path, data=fields).status_code == 400
    assert team.post(f"{path}/undo", data={"undo": "1"}).status_code == 400


def test_numbers_are_masked_wherever_words_are_shown(team: FlaskClient, comment: int) -> None:
    page = _page(team, f"/comments/{comment}")
    assert "0161 496" not in page and "call me on [" in page


def test_another_workspace_finds_no_comment(shop: Any, shop_session: Session, comment: int) -> None:
    now = datetime.now(UTC)
    other = workspaces.create(shop_session, "stranger", now)
    add_user(shop_session, other, "mal@stranger.example", "a long password", now)
    shop_session.commit()
    client = shop.client()
    token = _page(client, "/sign-in").split('name="csrf_token" value="')[1].split('"')[0]
    form = {"email": "mal@stranger.example", "password": "a long password", "csrf_token": token}
    client.post("/sign-in", data=form)
    token = _page(client, "/surveys").split('name="csrf_token" value="')[1].split('"')[0]
    path, sent = f"/comments/{comment}", {"csrf_token": token, "sentiment": "negative"}
    _page(client, path, 404)
    assert client.post(path, data=sent).status_code == 404
    assert client.post(f"{path}/undo", data={**sent, "undo": "1"}).status_code == 404
    assert _said(shop_session, comment).sentiment == "positive"


def test_comments_are_corrected_from_where_they_are_read(
    team: FlaskClient, shop_session: Session
) -> None:
    path = "/pain-points/support_call/waiting_time"
    link = re.search(r'href="(/comments/\d+\?back=[^"]*)">correct this', _page(team, path))
    assert link
    assert f'<a href="{path}">Back</a>' in _page(team, link[1])
    response = shop_session.scalar(
        select(Comment.response_id).where(Comment.response_id.is_not(None)).limit(1)
    )
    assert re.search(r'href="/comments/\d+\?back=', _page(team, f"/responses/{response}"))
    evil = _page(team, f"{link[1].split('?')[0]}?back=//evil.example")
    assert "evil" not in evil


@pytest.mark.browser
def test_a_comment_is_corrected_by_keyboard_without_javascript(
    open_page: Open, comment: int
) -> None:
    page = open_page(f"/comments/{comment}", 320, js=False, signed_in=True)
    page.get_by_role("radio", name="Positive").focus()
    page.keyboard.press("ArrowLeft")
    page.get_by_label("Theme", exact=True).select_option(label="Delivery speed")
    page.get_by_label("Theme to add").select_option(label="Communication")
    page.get_by_role("radio", name="Nobody told me why").check()
    for control in page.locator(".choices label, main button, main select").all():
        box = control.bounding_box()
        assert box and box["height"] >= 44 and box["x"] + box["width"] <= 320
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved")
    expect(page.locator("mark", has_text="it came four days late")).to_be_visible()
    expect(page.get_by_role("radio", name="Neutral")).to_be_checked()
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Taken back")
    expect(page.get_by_role("radio", name="Positive")).to_be_checked()
