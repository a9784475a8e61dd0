"""The page Model: what reads, what a candidate would change, and its buttons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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

from feedback import workspaces
from feedback.adapting.rows import LEAST, shipped
from feedback.listening import text_hash
from models.correction import Correction
from models.model_version import ModelVersion
from models.reading import Comment
from models.workspace import User

Open = Callable[..., Page]
TEXT = "It was fine, I suppose; ring me on 0161 496 0842."
BETTER = {
    "what": "sentiment",
    "all": True,
    "n": 440,
    "today": 0.81,
    "new": 0.852,
    "differ": 44,
    "low": 0.012,
    "high": 0.071,
}
UNCLEAR = {**BETTER, "what": "themes", "differ": 4, "low": None, "high": None}
ALONE = {**BETTER, "all": False, "n": 41}
THEME = {**UNCLEAR, "what": "price", "all": False, "n": 41}


@pytest.fixture
def comment(shop: Any, shop_session: Session) -> Iterator[int]:
    """A comment on which two models differ, taken away again with all versions."""
    at = datetime.now(UTC)
    row = Comment(
        workspace_id=shop.seeded.workspace_id,
        attached_by="import",
        source="test",
        external_id="to-learn-from",
        text=TEXT,
        text_hash=text_hash(TEXT),
        occurred_at=at,
        created_at=at,
        read_state="read",
        read_at=at,
        model="seed",
        sentiment="neutral",
        sentiment_score=0.0,
    )
    shop_session.add(row)
    shop_session.commit()
    yield row.id
    mine = ModelVersion.workspace_id == row.workspace_id
    shop_session.execute(delete(ModelVersion).where(mine))
    shop_session.execute(delete(Comment).where(Comment.id == row.id))
    shop_session.commit()


@pytest.fixture
def version(shop: Any, shop_session: Session, comment: int) -> ModelVersion:
    """A candidate of the shop."""
    read = {"sentiment": "neutral", "themes": [], "urgent": False}
    people = {"sentiment": "negative", "themes": ["price"], "urgent": False}
    example = {"comment": comment, "today": read, "new": people, "people": people, "better": 2}
    at = datetime.now(UTC) - timedelta(minutes=5)
    made = ModelVersion(
        workspace_id=shop.seeded.workspace_id,
        number=1,
        state="candidate",
        base=shipped().name,
        weights=shipped().weights,
        heads={},
        counts={"lessons": 41, "confirmed": 3, "others": 399, "spoken": {"price": 12}},
        figures={
            "figures": [BETTER, UNCLEAR, ALONE, THEME],
            "changed": [7, 399],
            "moved": {"sentiment": ["negative", "neutral"], "themes": ["price"]},
            "strengths": {"sentiment": 300.0},
            "examples": [example, {**example, "comment": 10**9}],
        },
        learned_to=at,
        created_at=at,
    )
    shop_session.add(made)
    shop_session.commit()
    return made


def _page(client: FlaskClient, path: str = "/model") -> str:
    reply = client.get(path)
    assert reply.status_code == 200
    return " ".join(unescape(reply.get_data(as_text=True)).split())


def _press(client: FlaskClient, what: str, status: int = 303, **fields: str) -> str:
    token = re.findall(r'name="csrf_token" value="([^"]+)"', _page(client))[0]
    reply = client.post(f"/model/{what}", data={"csrf_token": token, **fields})
    assert reply.status_code == status, reply.get_data(as_text=True)
    return _page(client, reply.headers["Location"]) if status == 303 else reply.text


def test_an_empty_page_says_how_many_corrections_are_missing(
    team: FlaskClient, shop: Any, shop_session: Session, comment: int
) -> None:
    said = _page(team)
    assert f"<b>{shipped().name}</b> reads your comments" in said
    before = int(re.findall(r"(\d+) more corrected comments? until a candidate", said)[0])
    at = datetime.now(UTC)
    owner = {"workspace_id": shop.seeded.workspace_id, "comment_id": comment, "created_at": at}
    words = {"text_hash": text_hash(TEXT), "kind": "sentiment", "sentiment": "negative"}
    shop_session.add(Correction(**owner, **words))
    shop_session.commit()
    assert f"{before - 1} more corrected comments until a candidate" in _page(team)
    assert before <= LEAST


def test_a_candidate_is_shown_with_its_figures_and_where_it_differs(
    team: FlaskClient, version: ModelVersion
) -> None:
    said = _page(team)
    assert f"Candidate {shipped().name}+w1" in said
    assert "It reads sentiment better than today's model." in said
    assert "+4.2 points, between +1.2 and +7.1" in said and "too few to tell" in said
    assert "41 comments that people corrected, 3 of them confirmed as right" in said
    assert "It changes how these are read: Negative, Neutral, Price." in said
    assert "Of 399 comments that nobody corrected, 7 would be read differently." in said
    assert "0842" not in said and "[phone]" in said, "through the door for personal data"
    assert "Negative · Price" in said and "Candidate nearer to people" in said
    assert said.count("see the comment") == 1, "an erased comment is left out"


def test_promoted_by_a_person_and_rolled_back(
    team: FlaskClient, shop_session: Session, version: ModelVersion
) -> None:
    said = _press(team, "promote", version="1")
    assert f"{shipped().name}+w1 reads every comment from now on." in said
    assert "promoted by ada@shop.example" in said and "Roll back" in said
    assert "read by another model" in said and "Read history again" in said
    assert "Candidate " not in said.split("</nav>")[-1]
    asked = _press(team, "reread")
    assert "History is read again" in asked
    shop_session.refresh(version)
    assert version.state == "current" and version.reread_asked_at is not None
    said = _press(team, "roll-back")
    assert f"Rolled back: {shipped().name} reads again." in said
    assert "put aside" in said and "by ada@shop.example" in said
    shop_session.refresh(version)
    assert version.state == "retired"


def test_discarded_it_can_be_promoted_after_all(
    team: FlaskClient, shop_session: Session, version: ModelVersion
) -> None:
    said = _press(team, "discard", version="1")
    assert "Discarded. Today's model goes on reading." in said and "after all" in said
    _press(team, "promote", version="1")
    shop_session.refresh(version)
    assert version.state == "current"


def test_heads_of_another_encoder_are_refused_with_the_mend(
    team: FlaskClient, shop_session: Session, version: ModelVersion
) -> None:
    version.weights = "of-old"
    shop_session.commit()
    assert "Learn again" in _press(team, "promote", 409, version="1")
    version.state, version.promoted_at = "current", version.created_at
    shop_session.commit()
    said = _page(team)
    assert "learned on another encoder than today's" in said
    assert f"<b>{shipped().name}</b> reads your comments" in said


def test_what_no_button_sends_is_refused(team: FlaskClient, version: ModelVersion) -> None:
    assert "incomplete" in _press(team, "promote", 422, version="w1")
    assert "no version w9" in _press(team, "discard", 404, version="9")
    assert team.post("/model/promote", data={"version": "1"}).status_code == 400


def test_another_workspace_sees_nothing_of_it(
    shop: Any, shop_session: Session, version: ModelVersion
) -> None:
    at = datetime.now(UTC)
    other = workspaces.create(shop_session, "other-model", at)
    add_user(shop_session, other, "eve@other-model.example", "long enough a word", at)
    shop_session.commit()
    client = shop.client()
    page = client.get("/sign-in").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"email": "eve@other-model.example", "password": "long enough a word"}
    client.post("/sign-in", data={**form, "csrf_token": token})
    assert "+w1" not in _page(client)
    _press(client, "promote", 404, version="1")
    shop_session.execute(delete(User).where(User.workspace_id == other.id))
    shop_session.delete(other)
    shop_session.commit()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_a_candidate_is_promoted_by_keyboard_without_script(
    open_page: Open, shop_session: Session, version: ModelVersion, width: int
) -> None:
    page = open_page("/model", width=width, js=False, signed_in=True)
    assert page.evaluate(WIDER) <= 0
    page.get_by_role("button", name="Promote", exact=False).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("reads every comment from now on")
    rows = shop_session.scalars(select(ModelVersion).execution_options(populate_existing=True))
    assert [one.state for one in rows if one.id == version.id] == ["current"]


@pytest.mark.browser
def test_the_page_has_no_fault_that_axe_finds(open_page: Open, version: ModelVersion) -> None:
    page = open_page("/model", width=1280, signed_in=True)
    page.locator("main details > summary").click()
    assert not serious(page)
