"""The comments page and why a pain point hurts, as people meet them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from test_team_browser import WIDER, serious

from feedback.search import asked
from feedback.search.meanings import write
from models.reading import Comment
from tests.nlp.fake_reader import fake_reader

Open = Callable[..., Page]
PAIN = "/pain-points/support_call/waiting_time"


def _page(client: FlaskClient, path: str, status: int = 200) -> str:
    reply = client.get(path)
    assert reply.status_code == status, (path, reply.status_code)
    return unescape(reply.get_data(as_text=True))


@pytest.fixture
def odd(shop: Any, shop_session: Session) -> Iterator[int]:
    """A comment of fifty thousand characters, HTML among them, taken away again."""
    now = datetime.now(UTC)
    words = "<script>alert(1)</script> zebra 0161 496 0842 " + "so much to say & no end " * 2_100
    row = Comment(
        workspace_id=shop.seeded.workspace_id,
        attached_by="import",
        source="odd",
        external_id="odd",
        text=words,
        text_hash="odd",
        occurred_at=now - timedelta(days=400),
        created_at=now,
        read_state="waiting",
    )
    shop_session.add(row)
    shop_session.commit()
    yield row.id
    shop_session.execute(delete(Comment).where(Comment.id == row.id))
    shop_session.commit()


def test_words_are_found_masked_and_marked_and_lead_to_the_conversation(team: FlaskClient) -> None:
    page = _page(team, "/comments?q=holding+minute")
    assert "Forty minutes on hold on [phone]" in page and "<mark" in page
    assert "0161" not in page and "whole conversation" in page
    assert "No comment found" in _page(team, "/comments?q=unicorns")
    assert "Show all comments" in _page(team, "/comments?q=hold&sentiment=positive")


def test_filters_in_the_address_bar_narrow_and_pages_follow(
    team: FlaskClient, shop: Any, shop_session: Session
) -> None:
    late = _page(team, "/comments?theme=delivery_speed&sentiment=negative&touchpoint=parcel")
    assert "four days late" in late and "a day early" not in late
    assert "The feeling is that of what is said of the theme." in late
    mine = (Comment.workspace_id == shop.seeded.workspace_id, Comment.sentiment_score.is_not(None))
    n = len(shop_session.scalars(select(Comment.id).where(*mine)).all())
    page = _page(team, "/comments?sort=unhappiest")
    assert f"{n} comments." in page and "Next page" in page
    following = page.split('<a class="button" href="')[1].split('"')[0]
    assert "sort=unhappiest" in following and "First page" in _page(team, following)


@pytest.mark.parametrize(
    "query",
    [
        "?q=%22%22",
        "?q=-late",
        "?q=AND+OR+NOT+NEAR(",
        "?sentiment=odd&sort=odd&from=soon&emotion=x",
        "?after=nowhere",
        "?after=2026-01-01T00:00:00%2B00:00~x&q=late",
        "?theme=nobody_speaks_of&q=late",
        "?from=2019-01-01&to=2019-02-01",
        "?stage=none&touchpoint=none&language=tlh",
    ],
)
def test_what_makes_no_sense_gives_a_sensible_page(team: FlaskClient, query: str) -> None:
    assert "<h1>Comments</h1>" in _page(team, f"/comments{query}")
    assert team.get(f"/comments.csv{query}").status_code == 200


def test_what_is_left_out_is_said(team: FlaskClient) -> None:
    page = _page(team, "/comments?sentiment=odd&q=late")
    assert "Left out what can" in page and "no sentiment 'odd'" in page
    assert "There is no word to look for" in _page(team, "/comments?q=-late")


def test_a_comment_of_fifty_thousand_characters_and_html_stays_in_its_place(
    team: FlaskClient, odd: int
) -> None:
    reply = team.get("/comments?q=zebra").get_data(as_text=True)
    assert "<script>alert" not in reply and "&lt;script&gt;" in reply
    assert len(reply) < 60_000 and "0161" not in reply


def test_the_list_as_csv(team: FlaskClient) -> None:
    reply = team.get("/comments.csv?q=hold&sort=oldest")
    rows = list(csv.DictReader(io.StringIO(reply.get_data().decode("utf-8-sig"))))
    assert rows and all("hold" in row["In their words"] for row in rows)
    assert [row["When"] for row in rows] == sorted(row["When"] for row in rows)
    assert rows[0]["Themes"] == "Waiting time" and "[phone]" in rows[0]["In their words"]


def _answer(session: Session, words: str) -> None:
    """What the worker does for the shop: vectors of all comments, and of what was asked."""
    reader, now = fake_reader()[0], datetime.now(UTC)
    shop = session.scalars(select(Comment.workspace_id)).first()
    assert shop is not None
    rows = session.scalars(select(Comment).where(Comment.read_state == "read")).all()
    write(session, {row.id: (row.workspace_id, reader.meaning(row.text)) for row in rows})
    asked.meaning_of(session, shop, words, lambda: now, patience=0.0)
    assert asked.answer_next(session, lambda: reader.meaning, lambda: now) == 1


def test_what_means_the_same_is_found_nearest_first(
    team: FlaskClient, shop_session: Session
) -> None:
    _answer(shop_session, "so late")
    page = _page(team, "/comments?q=so+late&by=meaning")
    assert "nearest to what you typed, by meaning" in page and "four days late" in page
    assert "Nearness 1.00" in page and "other languages are not read." in page
    assert 'value="meaning" checked' in page and 'aria-label="Order"' not in page
    reply = team.get("/comments.csv?q=so+late&by=meaning").get_data().decode("utf-8-sig")
    assert "four days late" in next(csv.DictReader(io.StringIO(reply)))["In their words"]
    none = _page(team, "/comments?q=so+late&by=meaning&from=2019-01-01&to=2019-02-01")
    assert "No comment comes near to what you typed and matches the filters" in none


def test_without_a_worker_the_page_says_so_and_looks_again(team: FlaskClient) -> None:
    page = _page(team, "/comments?q=nobody+answers+this&by=meaning")
    assert "A worker is making out what you mean." in page and 'http-equiv="refresh"' in page
    assert "No comment found" not in page
    assert "Type what comments should mean" in _page(team, "/comments?by=meaning")


def test_why_it_hurts_is_there_without_javascript_too(team: FlaskClient) -> None:
    first = _page(team, PAIN)
    assert f'hx-get="{PAIN}/why"' in first and f'href="{PAIN}?why=1"' in first
    for page in (_page(team, f"{PAIN}?why=1"), _page(team, f"{PAIN}/why")):
        assert "Why it hurts here" in page and "of which complain of this." in page
        assert "It gathers nowhere" in page or "times as often" in page
        assert "Forty minutes on hold on [phone]" in page and "0161" not in page
        assert "/comments?touchpoint=support_call&theme=waiting_time&sentiment=negative" in page
    assert "There is no answer to look at." in _page(
        team, f"{PAIN}/why?from=2019-01-01&to=2019-02-01"
    )
    _page(team, "/pain-points/nowhere/waiting_time/why", 404)
    _page(team, "/pain-points/parcel/no_theme/why", 404)
    assert "Nobody complains of this here" in _page(team, "/pain-points/parcel/food_drink/why")


@pytest.mark.parametrize("width", [390, 1280])
def test_in_a_browser_both_pages_are_whole_and_reachable(open_page: Open, width: int) -> None:
    page = open_page(PAIN, width, signed_in=True)
    expect(page.locator("#why")).to_contain_text("of which complain of this.")
    expect(page.locator("#why .quote").first).to_be_visible()
    assert not page.evaluate(WIDER)
    assert serious(page) == []
    page.get_by_role("link", name="All of them, to search").click()
    expect(page.locator("h1")).to_have_text("Comments")
    page.fill("#q", "holding")
    page.keyboard.press("Enter")
    expect(page.locator(".entry").first).to_contain_text("on hold")
    assert "theme=waiting_time" in page.url and not page.evaluate(WIDER)
    assert serious(page) == []
