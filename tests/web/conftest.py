"""A server on loopback with the made-up shop in it, and Chromium to look at it with."""

from __future__ import annotations

import shutil
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy.orm import Session
from web_seed import EMAIL, PASSWORD, Seeded, seed
from werkzeug.serving import WSGIRequestHandler, make_server

from feedback.app import create_app, make_services
from feedback.settings import load
from models.engine import make_engine
from surveys.services import Services

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_report_header() -> str:
    """Say loudly what is skipped."""
    if CHROMIUM:
        return "Chromium: pages are tested in a real browser"
    return "Chromium: NOT FOUND (apt-get install chromium), so the browser tests are SKIPPED"


@dataclass(frozen=True)
class Shop:
    """The running program: its application, address, database and what was seeded."""

    app: Flask
    services: Services
    address: str
    database_url: str
    seeded: Seeded

    def client(self) -> FlaskClient:
        """A client nobody is signed in with."""
        return self.app.test_client()


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def shop(tables_alone: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The shop, served for the whole run; tests leave each other's rows alone."""
    home: Path = tmp_path_factory.mktemp("shop")
    url = f"sqlite:///{shutil.copy(tables_alone, home / 'shop.db')}"
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as probe:
        port = probe.server_address[1]
    address = f"http://127.0.0.1:{port}"
    settings = load(
        {
            "DATABASE_URL": url,
            "SECRET_KEY": "s" * 40,
            "PUBLIC_URL": address,
            "WAYMARK_HOME": str(home),
        }
    )
    services = make_services(settings)
    engine = make_engine(url)
    with Session(engine, expire_on_commit=False) as session:
        seeded = seed(session, services, datetime.now(UTC))
    app = create_app(settings, services)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Shop(app, services, address, url, seeded)
    server.shutdown()
    thread.join(5)
    engine.dispose()


@pytest.fixture
def shop_session(shop: Shop) -> Iterator[Session]:
    """A session on the shop's database."""
    engine = make_engine(shop.database_url)
    with Session(engine, expire_on_commit=False) as made:
        yield made
    engine.dispose()


@pytest.fixture
def team(shop: Shop) -> FlaskClient:
    """A client that is signed in."""
    client = shop.client()
    page = client.get("/sign-in").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"email": EMAIL, "password": PASSWORD, "csrf_token": token}
    assert client.post("/sign-in", data=form).status_code == 303
    return client


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, shop: Shop) -> Iterator[Open]:
    """Open an address: open_page(path, width=390, js=True, signed_in=False, dark=False)."""
    contexts: list[BrowserContext] = []

    def opened(
        path: str, width: int = 390, *, js: bool = True, signed_in: bool = False, dark: bool = False
    ) -> Page:
        context = browser.new_context(
            base_url=shop.address,
            viewport={"width": width, "height": 800},
            java_script_enabled=js,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        page = context.new_page()
        if signed_in:
            sign_in(page)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


def sign_in(page: Page) -> None:
    """Sign in as the team does."""
    page.goto("/sign-in")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.click("button.go")
