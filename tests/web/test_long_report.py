"""The report of a journey with more pain points than anybody reads at once."""

from __future__ import annotations

import re
import shutil
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session
from web_seed import EMAIL, PASSWORD, seed
from werkzeug.serving import WSGIRequestHandler, make_server

from feedback.app import create_app, make_services
from feedback.pages.report_page import SHOWN
from feedback.settings import load
from models.engine import make_engine
from models.reading import Comment, Mention
from nlp.themes import built_in_themes

COMPLAINTS = 150


@pytest.fixture(scope="module")
def address() -> str:
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as probe:
        return f"http://127.0.0.1:{probe.server_address[1]}"


@pytest.fixture(scope="module")
def app(
    tables_alone: Path, tmp_path_factory: pytest.TempPathFactory, address: str
) -> Iterator[Flask]:
    """A shop whose customers complain of thirty themes at each of five touchpoints."""
    home: Path = tmp_path_factory.mktemp("long")
    url = f"sqlite:///{shutil.copy(tables_alone, home / 'shop.db')}"
    given = {"DATABASE_URL": url, "SECRET_KEY": "s" * 40, "WAYMARK_HOME": str(home)}
    settings = load({**given, "PUBLIC_URL": address})
    services, engine = make_services(settings), make_engine(url)
    with Session(engine, expire_on_commit=False) as session:
        seed(session, services, datetime.now(UTC), responses=60)
        session.query(Mention).delete()
        _complain(session)
        session.commit()
    engine.dispose()
    return create_app(settings, services)


def _complain(session: Session) -> None:
    """Every theme but one once at every touchpoint."""
    themes = [theme.key for theme in built_in_themes()][:30]
    comments: dict[int, list[Comment]] = {}
    for comment in session.scalars(select(Comment).where(Comment.touchpoint_id.is_not(None))):
        comments.setdefault(comment.touchpoint_id or 0, []).append(comment)
    assert len(comments) == COMPLAINTS // len(themes)
    for said in comments.values():
        for place, theme in enumerate(themes):
            comment = said[place % len(said)]
            feeling = {"sentiment": "negative", "sentiment_score": -0.5}
            hangs = {"comment_id": comment.id, "response_id": comment.response_id}
            words = {"theme": theme, "start": 0, "end": 4, "workspace_id": comment.workspace_id}
            session.add(Mention(**hangs, **words, **feeling))


@pytest.fixture
def team(app: Flask) -> FlaskClient:
    client = app.test_client()
    token = client.get("/sign-in").get_data(as_text=True).split('name="csrf_token" value="')[1]
    form = {"email": EMAIL, "password": PASSWORD, "csrf_token": token.split('"')[0]}
    assert client.post("/sign-in", data=form).status_code == 303
    return client


def _page(client: FlaskClient, path: str) -> str:
    reply = client.get(path)
    assert reply.status_code == 200
    return unescape(reply.get_data(as_text=True))


def _part(page: str, part: str) -> str:
    """What stands in one part of the page."""
    return page.split(f'id="{part}"')[1].split("</details>")[0]


def _ranks(page: str) -> list[int]:
    """The pain points of the table by rank, as they stand."""
    return [int(one) for one in re.findall(r'<tr><td class="num">(\d+)', _part(page, "pain-data"))]


def test_so_many_are_there_at_first_and_all_on_request(team: FlaskClient) -> None:
    page = _page(team, "/?channel=")
    assert page.count('<span class="rank">') == SHOWN["untold"]
    assert _ranks(page) == list(range(1, SHOWN["pain-data"] + 1))
    assert '<details id="pain-data">' in page
    (link,) = re.findall(rf'href="([^"]*)">Show all {COMPLAINTS}', _part(page, "pain-data"))
    whole = _page(team, link)
    assert link.endswith("all=pain-data#pain-data") and '<details id="pain-data" open>' in whole
    assert _ranks(whole) == list(range(1, COMPLAINTS + 1))
    assert whole.count('<span class="rank">') == SHOWN["untold"]
    (back,) = re.findall(r'href="([^"]*)">Show the first', whole)
    assert "all=" not in back
    long = _page(team, "/?all=untold")
    assert long.count('<span class="rank">') == COMPLAINTS and '<details id="untold" open' in long
    assert len(_ranks(long)) == SHOWN["pain-data"]


def test_what_is_shown_is_the_top_of_the_order_asked_for(team: FlaskClient) -> None:
    up, down = (_page(team, f"/?sort={asked}rank") for asked in ("", "-"))
    assert _ranks(up)[0] == 1 and _ranks(down)[0] == COMPLAINTS
    assert f'href="/?sort=-rank&all=pain-data#pain-data">Show all {COMPLAINTS}' in down
    whole = _page(team, "/?sort=-rank&all=pain-data&from=2020-01-01")
    assert _ranks(whole) == list(range(COMPLAINTS, 0, -1))
    assert 'name="all" value="pain-data"' in whole
    assert re.search(r'href="/\?sort=rank&all=pain-data&from=2020-01-01#pain-data">Rank', whole)


def test_a_part_nobody_knows_is_none(team: FlaskClient) -> None:
    assert _ranks(_page(team, "/?all=told")) == _ranks(_page(team, "/?all=nothing'\"<")) != []


def test_a_pain_point_s_address_keeps_what_was_asked(team: FlaskClient) -> None:
    page = _page(team, "/?from=2020-01-01&channel=web&all=untold")
    links = re.findall(r'<h3><a href="(/pain-points/[^"]*)"', page)
    assert links and all(one.endswith("?from=2020-01-01&channel=web") for one in links)
    assert team.get(links[0]).status_code == 200


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture
def served(app: Flask, address: str) -> Iterator[str]:
    port = int(address.rpartition(":")[2])
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address
    server.shutdown()
    thread.join(5)
    server.server_close()


def _opened(browser: Browser, served: str, width: int, *, js: bool) -> Page:
    size = {"width": width, "height": 800}
    context = browser.new_context(base_url=served, viewport=size, java_script_enabled=js)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.click("button.go")
    return page


@pytest.mark.browser
def test_all_are_reached_by_keyboard_without_javascript(browser: Browser, served: str) -> None:
    page = _opened(browser, served, 1280, js=False)
    page.locator("#pain-data > summary").focus()
    page.keyboard.press("Enter")
    rows = page.locator("#pain-data tbody tr")
    expect(rows).to_have_count(SHOWN["pain-data"])
    link = page.locator("#pain-data").get_by_role("link", name=f"Show all {COMPLAINTS}")
    link.focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(COMPLAINTS)
    expect(rows.first).to_be_visible()
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_it_can_be_used_by_everybody(browser: Browser, served: str, width: int) -> None:
    page = _opened(browser, served, width, js=True)
    for path in ("/?all=untold", "/?all=pain-data&sort=-complaints"):
        page.goto(path)
        found = Axe().run(page).response["violations"]
        assert not [one["id"] for one in found if one["impact"] in {"serious", "critical"}]
        room = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(room) <= 0
        box = page.locator("main .show-all a:visible").first.bounding_box()
        assert box and box["height"] >= 44
    page.context.close()
