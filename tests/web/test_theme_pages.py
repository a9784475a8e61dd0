"""The themes' pages: added by form, faults at their fields, shown otherwise, taught by a press."""

from __future__ import annotations

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

from feedback import workspaces
from feedback.listening import text_hash
from models.correction import Correction
from models.reading import Comment, Mention
from models.theme import OwnTheme, ThemeExample, ThemeSetting

Open = Callable[..., Page]
TEXT = "Two pots came broken, ring me on 0161 496 0842. Lovely fern though."
BROKEN = (0, TEXT.index(". Lovely"))
THEME = {
    "name": "Broken pots",
    "sentence": "whether the pot came whole",
    "example-1": "my terracotta pot had a crack",
    "example-2": "soil all over the carton, the pot in pieces",
    "example-3": "well packed, not a single pot was broken",
    "example-4": "one of the pots was chipped",
    "example-5": "the pot arrived in one piece",
}


@pytest.fixture(autouse=True)
def as_it_was(shop: Any, shop_session: Session) -> Iterator[None]:
    """The shop without themes of its own before and after."""
    yield
    for table in (ThemeExample, OwnTheme, ThemeSetting):
        shop_session.execute(delete(table))
    shop_session.execute(delete(Comment).where(Comment.source == "theme-test"))
    shop_session.commit()


def _page(client: FlaskClient, path: str, status: int = 200) -> str:
    reply = client.get(path)
    assert reply.status_code == status, (path, reply.status_code)
    return unescape(reply.get_data(as_text=True))


def _token(client: FlaskClient) -> str:
    return _page(client, "/themes/add").split('name="csrf_token" value="')[1].split('"')[0]


def _send(client: FlaskClient, path: str, status: int = 303, **fields: str) -> str:
    reply = client.post(path, data={"csrf_token": _token(client), **fields})
    assert reply.status_code == status, (path, reply.status_code)
    if status != 303:
        return unescape(reply.get_data(as_text=True))
    return _page(client, reply.headers["Location"])


def _ready(session: Session, shop: Any, theme: str = "own_broken_pots") -> Comment:
    """The theme as a worker leaves it: learned, and found in one comment."""
    at, owner = datetime.now(UTC), {"workspace_id": shop.seeded.workspace_id}
    row = session.scalars(select(OwnTheme)).one_or_none()
    if row is not None:
        row.state, row.fitted, row.fits, row.fitted_at = "ready", {}, 1, at
    comment = Comment(
        **owner,
        attached_by="import",
        source="theme-test",
        external_id="1",
        text=TEXT,
        text_hash=text_hash(TEXT),
        occurred_at=at,
        created_at=at,
        read_state="read",
        read_at=at,
        model="seed",
        sentiment="negative",
        sentiment_score=-0.4,
        probabilities={"negative": 0.6},
        emotions={},
        themes={theme: 0.7},
    )
    session.add(comment)
    session.flush()
    start, end = BROKEN
    found = {"theme": theme, "sentiment": "negative", "sentiment_score": -0.8}
    session.add(Mention(**owner, comment_id=comment.id, start=start, end=end, **found))
    session.commit()
    return comment


def test_a_theme_is_added_by_form_and_waits_to_be_learned(
    team: FlaskClient, shop_session: Session
) -> None:
    page = _send(team, "/themes/add", **THEME, area="delivery")
    assert "Saved. Recent comments show it within a minute" in page
    assert "Learning" in page and "Whether the pot came whole." in page
    row = shop_session.scalars(select(OwnTheme)).one()
    assert (row.key, row.state) == ("own_broken_pots", "learning")
    delivery = _page(team, "/themes").split("<h2>Delivery</h2>")[1].split("<h2>")[0]
    assert "Broken pots" in delivery and "your own" in delivery


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"name": "price"}, "name", "There is a theme called price already"),
        ({"sentence": ""}, "sentence", "Say in a sentence"),
        ({"example-1": "", "example-2": "", "example-3": ""}, "examples", "at least 3 different"),
        ({"example-4": "a pot"}, "example-4", "Too short to learn from"),
        ({"counter-1": THEME["example-2"].upper()}, "counter-1", "an example of it as well"),
    ],
)
def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(
    team: FlaskClient, shop_session: Session, fields: dict[str, str], field: str, words: str
) -> None:
    page = _send(team, "/themes/add", 422, **{**THEME, **fields})
    fault = page.split(f'id="wrong-{field}"')[1].split("</p>")[0]
    assert words in fault and f'aria-describedby="wrong-{field}"' in page
    kept = [value for name, value in {**THEME, **fields}.items() if value and name != field]
    assert all(value in page for value in kept)
    assert not shop_session.scalars(select(OwnTheme)).all()


def test_a_theme_s_page_shows_what_was_found_without_personal_data(
    team: FlaskClient, shop: Any, shop_session: Session
) -> None:
    _send(team, "/themes/add", **THEME)
    _ready(shop_session, shop)
    page = _page(team, "/themes/own_broken_pots")
    assert 'title="Broken pots, negative">Two pots came broken' in page
    assert "0161 496" not in page and "Ready" in page
    file = _page(team, "/themes/own_broken_pots/mentions.csv")
    assert "Two pots came broken, ring me on [" in file and "0161" not in file
    assert "own_broken_pots,Broken pots,yes" in _page(team, "/themes.csv")


def test_not_this_corrects_and_teaches_and_one_press_takes_it_back(
    team: FlaskClient, shop: Any, shop_session: Session
) -> None:
    _send(team, "/themes/add", **THEME)
    comment = _ready(shop_session, shop)
    path = "/themes/own_broken_pots"
    form = _page(team, path).split(f'action="{path}/not-this"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    page = _send(team, f"{path}/not-this", **fields)
    assert "Taken out. The theme is learning that this is not of it." in page
    assert "No comment speaks" in page or "being learned" in page
    counter = shop_session.scalars(select(ThemeExample).where(ThemeExample.kind == "counter")).one()
    assert counter.comment_id == comment.id and "0161" not in counter.text
    assert "Not of it" in page
    note = page.split('class="note"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', note))
    page = _send(team, f"{path}/take-back", **fields)
    assert "Taken back: it counts as before." in page and "<mark" in page
    assert (
        len(
            shop_session.scalars(
                select(Correction).where(Correction.comment_id == comment.id)
            ).all()
        )
        == 2
    )
    assert not shop_session.scalars(
        select(ThemeExample).where(ThemeExample.kind == "counter")
    ).all()


def test_a_built_in_theme_is_renamed_everywhere_and_put_back(team: FlaskClient) -> None:
    path = "/themes/waiting_time"
    page = _send(team, f"{path}/show", name="On hold", parent="people", merged_into="", hidden="0")
    assert "<h1>On hold</h1>" in page and "Came as" in page
    assert "On hold" in _page(team, "/pain-points.csv")
    assert "On hold" in _page(team, "/pain-points/support_call/waiting_time")
    assert "On hold" in _page(team, "/themes").split("<h2>People</h2>")[1].split("<h2>")[0]
    assert "On hold" in _page(team, "/responses.csv")
    assert ">On hold</option>" in _page(team, "/comments/1")
    _send(team, f"{path}/show", name="", parent="contact")
    assert "<h1>Waiting time</h1>" in _page(team, path)


def test_a_theme_is_hidden_merged_and_counted_by_itself_again(team: FlaskClient) -> None:
    path = "/themes/waiting_time"
    shown = "Waiting time"
    page = _send(team, f"{path}/show", hidden="1")
    assert "It is hidden" in page and shown in _page(team, "/themes").split("<h2>Hidden</h2>")[1]
    assert shown not in _page(team, "/pain-points.csv")
    _page(team, "/pain-points/support_call/waiting_time", 404)
    _send(team, f"{path}/show", hidden="0")
    _send(team, f"{path}/show", merged_into="staff_competence")
    assert shown not in _page(team, "/pain-points.csv")
    merged = _page(team, "/pain-points/support_call/waiting_time")
    assert "Forty minutes on hold" in merged and '<h1 class="headline">Staff competence' in merged
    assert "Forty minutes" in _page(team, "/themes/staff_competence")
    _send(team, f"{path}/show", merged_into="")
    assert shown in _page(team, "/pain-points.csv")


def test_a_circle_is_refused_at_its_field(team: FlaskClient) -> None:
    _send(team, "/themes/price/show", parent="discounts")
    page = _send(team, "/themes/discounts/show", 422, parent="price")
    assert "stands under this one already" in page.split('id="wrong-parent"')[1].split("</p>")[0]


def test_what_it_is_learned_from_is_changed(team: FlaskClient, shop_session: Session) -> None:
    _send(team, "/themes/add", **THEME)
    page = _page(team, "/themes/own_broken_pots/edit")
    assert THEME["example-5"] in page and 'name="name"' not in page
    fields = {name: text for name, text in THEME.items() if name != "name"}
    assert "Nothing was changed" in _send(team, "/themes/own_broken_pots/edit", **fields)
    _send(team, "/themes/own_broken_pots/edit", 422, **{**fields, "example-1": "no"})
    more = {**fields, "counter-1": "the pots are a lovely blue"}
    assert "Saved" in _send(team, "/themes/own_broken_pots/edit", **more)
    shop_session.expire_all()
    assert shop_session.scalars(select(OwnTheme.edition)).one() == 2


def test_responses_are_listed_by_what_they_speak_of(team: FlaskClient) -> None:
    page = _page(team, "/responses?theme=waiting_time")
    assert "Only those that speak of" in page and page.count("Forty minutes on hold") > 1
    assert "thriving" not in page
    assert "Waiting time" in _page(team, "/responses.csv?theme=waiting_time")


def test_without_its_token_no_theme_changes(team: FlaskClient, shop_session: Session) -> None:
    for path in ("add", "price/show", "price/not-this", "price/take-back"):
        assert team.post(f"/themes/{path}", data=THEME).status_code == 400
    assert not shop_session.scalars(select(OwnTheme)).all()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"comment": "x", "start": "0", "end": "4"},
        {"comment": "999999", "start": "0", "end": "4"},
        {"comment": "1", "start": "0", "end": "99999"},
        {"comment": "1", "start": "0", "end": "4", "theme": "discounts"},
    ],
)
def test_a_theme_s_form_that_is_not_ours_is_refused(
    team: FlaskClient, shop_session: Session, fields: dict[str, str]
) -> None:
    reply = team.post("/themes/price/not-this", data={"csrf_token": _token(team), **fields})
    assert reply.status_code in {404, 409, 422}
    assert team.post("/themes/nothing/show", data={"csrf_token": _token(team)}).status_code == 404


def test_another_workspace_sees_none_of_it(
    team: FlaskClient, shop: Any, shop_session: Session
) -> None:
    _send(team, "/themes/add", **THEME)
    comment = _ready(shop_session, shop)
    now = datetime.now(UTC)
    other = workspaces.create(shop_session, "onlooker", now)
    add_user(shop_session, other, "eve@onlooker.example", "a long password", now)
    shop_session.commit()
    client = shop.client()
    token = _page(client, "/sign-in").split('name="csrf_token" value="')[1].split('"')[0]
    form = {"email": "eve@onlooker.example", "password": "a long password", "csrf_token": token}
    client.post("/sign-in", data=form)
    assert "Broken pots" not in _page(client, "/themes")
    assert "Broken pots" not in _page(client, "/themes.csv")
    for path in ("", "/edit", "/mentions.csv"):
        _page(client, f"/themes/own_broken_pots{path}", 404)
    seen = {"comment": str(comment.id), "start": "0", "end": "5", "seen": comment.text_hash}
    sent = {"csrf_token": _token(client), **seen}
    assert client.post("/themes/price/not-this", data=sent).status_code == 404


@pytest.mark.browser
def test_a_theme_is_added_and_taught_by_keyboard_without_javascript(
    open_page: Open, shop: Any, shop_session: Session
) -> None:
    page = open_page("/themes", 320, js=False, signed_in=True)
    page.get_by_role("link", name="Add a theme").click()
    page.get_by_label("Name").fill("Broken pots")
    page.get_by_role("button", name="Add the theme").click()
    expect(page.get_by_text("Say in a sentence what belongs to it.")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Broken pots")
    for name, text in THEME.items():
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name="Add the theme").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved")
    _ready(shop_session, shop)
    page.goto("/themes/own_broken_pots")
    for control in page.locator("main button, main select, main input:visible").all():
        box = control.bounding_box()
        assert box and box["height"] >= 44 and box["x"] + box["width"] <= 320
    page.get_by_role("button", name="Not this").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Taken out")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("mark", has_text="Two pots came broken")).to_be_visible()
