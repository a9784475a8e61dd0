"""What needs somebody today: listed, narrowed, ticked off; and why a comment was read so."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from people import add_user
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from test_team_browser import WIDER, serious
from web_seed import EMAIL

from feedback import workspaces
from feedback.explaining import explain_next
from feedback.pages.weighed import asked
from models.explanation import Explanation
from models.handled import Handled
from models.reading import Comment, Mention
from nlp.explain import Piece
from nlp.reading import CommentText
from nlp.why import Why

Open = Callable[..., Page]
LEGAL = "The plug caught fire again on 0161 496 0842 and my solicitor has the photographs."
LEAVING = "I am taking my garden elsewhere from now on."
OLD = "You will hear from my lawyer about the dead fern."
Made = dict[str, int]


class Words:
    """Explains with the words it was given: what stands there, and how much it carried."""

    model = "words-1"

    def __init__(self, **weights: float) -> None:
        self.weights = weights

    def _pieces(self, text: str) -> tuple[Piece, ...]:
        found = [(text.index(word), word, share) for word, share in self.weights.items()]
        return tuple(Piece(at, at + len(word), share) for at, word, share in sorted(found))

    def mentions(self, text: CommentText, mentions: Sequence[Any]) -> list[Why]:
        return [Why(self._pieces(text.text), ()) for _ in mentions]

    def urgency(self, text: CommentText) -> tuple[Piece, ...]:
        return self._pieces(text.text)


@pytest.fixture
def made(shop: Any, shop_session: Session) -> Iterator[Made]:
    """Three urgent comments of their own, one of long ago, taken away again."""
    now, owner = datetime.now(UTC), {"workspace_id": shop.seeded.workspace_id}
    ids: Made = {}
    for text, urgency, risks, days in (
        (LEGAL, 0.91, {"legal": 0.7, "danger": 0.8}, 3),
        (LEAVING, 0.4, {"leaving": 0.6}, 1),
        (OLD, 0.85, {"legal": 0.9}, 45),
    ):
        row = Comment(
            **owner,
            customer_id=shop.seeded.phone_customer,
            attached_by="import",
            source="urgent",
            external_id=text[:10],
            text=text,
            text_hash=hashlib.sha256(text.encode()).hexdigest(),
            occurred_at=now - timedelta(days=days),
            created_at=now,
            read_state="read",
            read_at=now - timedelta(hours=1),
            model="seed",
            sentiment="negative",
            sentiment_score=-0.8,
            probabilities={"negative": 0.9},
            emotions={},
            themes={"safety_care": 0.7},
            urgency=urgency,
            urgent=True,
            risks=risks,
        )
        shop_session.add(row)
        shop_session.flush()
        felt = {"theme": "safety_care", "sentiment": "negative", "sentiment_score": -0.8}
        shop_session.add(Mention(**owner, comment_id=row.id, start=0, end=len(text), **felt))
        ids[text] = row.id
    shop_session.commit()
    yield ids
    shop_session.execute(delete(Comment).where(Comment.id.in_(ids.values())))
    shop_session.commit()


def _page(client: FlaskClient, path: str, status: int = 200) -> str:
    reply = client.get(path)
    assert reply.status_code == status, (path, reply.status_code)
    return unescape(reply.get_data(as_text=True))


def _token(page: str) -> str:
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def _listed(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'<a class="row" href="/comments/(\d+)', page)]


def _post(client: FlaskClient, path: str, **fields: object) -> str:
    """Send a form and follow it; the page it leads to."""
    fields["csrf_token"] = _token(_page(client, "/urgent"))
    reply = client.post(path, data=fields)
    assert reply.status_code == 303, (path, reply.status_code)
    return _page(client, reply.headers["Location"])


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_what_presses_most_comes_first_with_its_reason_and_masked(
    team: FlaskClient, made: Made
) -> None:
    page = _page(team, "/urgent")
    assert _listed(page) == [made[LEGAL], made[LEAVING]], "and what is older is not there"
    assert "Somebody's safety may be at risk; says they may take legal action" in page
    assert "very likely (91%)" in page and "possible (40%)" in page
    assert "0161 496" not in page and "on [phone]" in page
    assert re.search(r'Urgent <span class="count">2<', page)
    assert _listed(_page(team, "/urgent?sort=-when")) == [made[LEAVING], made[LEGAL]]
    assert _listed(_page(team, "/urgent?sort=urgency")) == [made[LEAVING], made[LEGAL]]


def test_the_list_is_narrowed_in_the_address_bar(team: FlaskClient, made: Made) -> None:
    page = _page(team, "/urgent?days=all")
    assert _listed(page) == [made[LEGAL], made[OLD], made[LEAVING]], "newest of the pressing first"
    assert "Any reason 3" in page and "Legal 2" in page and "Leaving 1" in page
    assert "Fraud" not in page
    assert _listed(_page(team, "/urgent?days=all&reason=legal")) == [made[LEGAL], made[OLD]]
    assert _listed(_page(team, "/urgent?reason=leaving&days=7")) == [made[LEAVING]]
    for odd in ("?days=never&reason=whatever&state=odd&page=-1&ticked=99999", "?ticked=x"):
        assert _listed(_page(team, f"/urgent{odd}")) == [made[LEGAL], made[LEAVING]]
    assert "Nothing open matches" in _page(team, "/urgent?reason=none")


def test_handled_leaves_the_list_and_one_press_brings_it_back(
    team: FlaskClient, made: Made, shop_session: Session
) -> None:
    path = f"/comments/{made[LEGAL]}/handled"
    page = _post(team, path, on="1", back="/urgent?days=all")
    assert "Handled: it has left the open list." in page
    assert _listed(page) == [made[OLD], made[LEAVING]]
    row = shop_session.get_one(Handled, made[LEGAL])
    assert (datetime.now(UTC) - row.handled_at) < timedelta(minutes=5)
    handled = _page(team, "/urgent?state=handled")
    assert _listed(handled) == [made[LEGAL]] and f"by {EMAIL}, " in handled
    assert f"Handled by {EMAIL}" in _page(team, f"/comments/{made[LEGAL]}")
    _post(team, path, on="1")
    page = _post(team, path, on="0", back="/urgent")
    assert "Open again" in page and _listed(page) == [made[LEGAL], made[LEAVING]]
    assert _listed(_page(team, "/urgent?state=handled")) == []
    evil = team.post(path, data={"csrf_token": _token(page), "back": "//evil.example"})
    assert evil.headers["Location"].startswith("/urgent?ticked=")


def test_without_its_token_or_in_another_workspace_nothing_is_ticked_off(
    team: FlaskClient, shop: Any, made: Made, shop_session: Session
) -> None:
    path = f"/comments/{made[LEGAL]}"
    assert team.post(f"{path}/handled", data={"on": "1"}).status_code == 400
    assert team.post(f"{path}/why", data={"of": "urgent"}).status_code == 400
    now = datetime.now(UTC)
    other = workspaces.create(shop_session, "curious", now)
    add_user(shop_session, other, "mal@curious.example", "a long password", now)
    shop_session.commit()
    client = shop.client()
    form = {"email": "mal@curious.example", "password": "a long password"}
    token = _token(_page(client, "/sign-in"))
    assert client.post("/sign-in", data={**form, "csrf_token": token}).status_code == 303
    page = _page(client, f"/urgent?ticked={made[LEGAL]}")
    assert _listed(page) == [] and "left the open list" not in page
    assert "Open again" not in page and "count" not in page.split("</nav>")[0]
    for end in ("handled", "why"):
        sent = {"csrf_token": _token(page), "on": "1"}
        assert client.post(f"{path}/{end}", data=sent).status_code == 404
    _page(client, f"{path}/why", 404)
    assert not list(shop_session.scalars(select(Handled)))


def test_the_list_as_csv(team: FlaskClient, made: Made) -> None:
    reply = team.get("/urgent.csv?days=all&reason=legal")
    rows = list(csv.DictReader(io.StringIO(reply.get_data().decode("utf-8-sig"))))
    assert [int(row["Comment"]) for row in rows] == [made[LEGAL], made[OLD]]
    assert rows[0]["Likelihood"] == "0.91" and "[phone]" in rows[0]["In their words"]
    assert rows[1]["Why"] == "says they may take legal action" and rows[1]["Handled by"] == ""


def test_urgency_is_corrected_on_the_comment_s_page(
    team: FlaskClient, made: Made, shop_session: Session
) -> None:
    path = f"/comments/{made[LEAVING]}"
    page = _page(team, path)
    assert "Needs somebody today" in page and "says they are leaving" in page
    sent = {"seen": _field(page, "seen"), "was": "negative", "sentiment": "negative"}
    said = _post(team, path, **sent, **{"was-urgent": "yes", "urgent": "no"})
    assert "Saved." in said and "Needs nobody today" in said and "The model says yes." in said
    assert made[LEAVING] not in _listed(_page(team, "/urgent"))
    _post(team, path, **sent, **{"was-urgent": "no", "urgent": "yes"})
    page = _page(team, "/urgent")
    assert _listed(page) == [made[LEAVING], made[LEGAL]], "a person is sure"
    shop_session.expire_all()
    assert shop_session.get_one(Comment, made[LEAVING]).urgency == 1.0


def test_a_reading_is_confirmed_and_says_so(team: FlaskClient, made: Made) -> None:
    path = f"/comments/{made[LEGAL]}"
    page = _page(team, path)
    sent = {"seen": _field(page, "seen"), "was": "negative", "was-urgent": "yes"}
    stamp = re.search(r'name="confirm" value="([^"]+)"', page)
    assert stamp
    said = _post(team, path, **sent, sentiment="neutral", confirm=stamp[1])
    assert "confirmed by a person" in said and "Confirmed as right, all of it" in said
    assert "Part of what was confirmed as right" in said and 'name="confirm"' not in said
    note = said.split('class="note"')[1].split("</form>")[0]
    undo = re.findall(r'name="undo" value="(\d+)"', note)
    assert len(undo) == 2
    page = _post(team, f"{path}/undo", undo=undo)
    assert "as the model reads it" in page
    token = _token(page)
    stale = team.post(path, data={**sent, "csrf_token": token, "confirm": "0" * 16})
    assert stale.status_code == 409


def _work(session: Session, explainer: Words) -> None:
    assert explain_next(session, lambda workspace_id: explainer, lambda: datetime.now(UTC)) == 1


def test_why_is_asked_waited_for_and_shown(
    team: FlaskClient, made: Made, shop_session: Session
) -> None:
    path = f"/comments/{made[LEGAL]}"
    key = f"0:{len(LEGAL)}:negative:safety_care"
    assert f'value="{key}"' in _page(team, path) and 'value="urgent"' in _page(team, path)
    assert "Nobody asked" in _page(team, f"{path}/why?of={key}")
    waiting = _post(team, f"{path}/why", of=key, back="/urgent")
    assert "Being worked out" in waiting and '<meta http-equiv="refresh"' in waiting
    assert "Being worked out" in _page(team, path)
    _work(shop_session, Words(**{"fire": 0.5, "photographs": 0.3, "again": -0.2}))
    page = _page(team, f"{path}/why?of={key}")
    assert "refresh" not in page and 'href="/comments' in page
    assert "“fire” and “photographs” carried this; “again” spoke against it." in page
    for kind, word in (("much", "fire"), ("some", "photographs"), ("against", "again")):
        assert f'<mark class="why-{kind}">{word}</mark>' in page
    assert "words-1" in page and "0161 496" not in page
    whole = _page(team, path)
    assert whole.count("<summary>Why?</summary>") == 2, "of the mention, and of its urgency"
    part = team.get(f"{path}/why?of=urgent", headers={"HX-Request": "true"})
    assert "<details open>" in part.get_data(as_text=True) and b"<html" not in part.get_data()
    assert "does not find this" in _page(team, f"{path}/why?of=1:2:neutral:price")


def test_words_inside_personal_data_are_shown_as_its_placeholder() -> None:
    text = "Ring 0161 496 0842 now"
    words = {"mentions": [], "urgent": [[10, 13, 0.8], [19, 22, 0.2]]}
    (shown,) = asked(text, "urgent", Explanation(words=words, model="m")).shown or ()
    assert "496" not in shown.words and "496" not in shown.sentence
    assert "“[phone]” carried this." in shown.sentence


def test_nothing_that_stands_out_is_said_so() -> None:
    words: dict[str, Any] = {"mentions": [], "urgent": []}
    (shown,) = asked("All of it", "urgent", Explanation(words=words, model="m")).shown or ()
    assert shown.words == "All of it" and shown.sentence.startswith("No single word")
    words["urgent"] = [[0, 3, -1.0]]
    (shown,) = asked("All of it", "urgent", Explanation(words=words, model="m")).shown or ()
    assert shown.sentence == "No single word carried this; “All” spoke against it."


@pytest.mark.browser
def test_an_analyst_asks_why_and_ticks_it_off(
    open_page: Open, made: Made, shop_session: Session
) -> None:
    page = open_page("/urgent", 1280, signed_in=True)
    page.get_by_role("link", name="customer-1").first.click()
    page.get_by_role("button", name="Why? does it need somebody today").click()
    expect(page.get_by_text("Being worked out").first).to_be_visible()
    _work(shop_session, Words(solicitor=0.7, fire=0.4))
    expect(page.get_by_text("“fire” and “solicitor” carried this.").first).to_be_visible()
    assert not serious(page)
    page.get_by_role("button", name="Mark as handled").click()
    expect(page.get_by_text("Handled by")).to_be_visible()
    page.get_by_role("link", name="Urgent").click()
    expect(page.get_by_text(LEAVING)).to_be_visible()
    expect(page.get_by_text("solicitor")).to_have_count(0)


@pytest.mark.browser
def test_without_javascript_on_a_small_phone(
    open_page: Open, made: Made, shop_session: Session
) -> None:
    page = open_page("/urgent", 320, js=False, signed_in=True)
    assert page.evaluate(WIDER) <= 0
    for button in page.get_by_role("button", name="Handled").all():
        box = button.bounding_box()
        assert box and box["height"] >= 44 and box["x"] + box["width"] <= 320
    page.get_by_role("button", name="Handled").first.click()
    expect(page.get_by_role("status")).to_contain_text("left the open list")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Open again")
    page.goto(f"/comments/{made[LEGAL]}")
    assert page.evaluate(WIDER) <= 0
    page.get_by_role("button", name="Why? was").click()
    expect(page.get_by_text("Being worked out")).to_be_visible()
    _work(shop_session, Words(solicitor=0.7))
    expect(page.get_by_text("“solicitor” carried this.").first).to_be_visible()
    assert page.evaluate(WIDER) <= 0
