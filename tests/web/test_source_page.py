from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from people import add_user
from sqlalchemy.orm import Session

from feedback.api.schemas import FieldError
from feedback.app import create_app
from feedback.files.inbox import begun
from feedback.hooks import sources, waiting
from feedback.refusals import Refused, keep
from feedback.settings import load
from models.workspace import Workspace

KEY = "k" * 40
PASSWORD = "quite-long-enough"


@pytest.fixture
def shop(sqlite_session: Session, make_workspace: Any, now: datetime) -> Workspace:
    made: Workspace = make_workspace(sqlite_session)
    add_user(sqlite_session, made, "ada@shop.example", PASSWORD, now)
    sqlite_session.commit()
    return made


@pytest.fixture
def client(sqlite_url: str, tmp_path: Path, shop: Workspace) -> FlaskClient:
    app = create_app(load({"WAYMARK_HOME": str(tmp_path), "DATABASE_URL": sqlite_url}))
    made = app.test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', made.get("/sign-in").text)
    assert found
    form = {"email": "ada@shop.example", "password": PASSWORD, "csrf_token": found[1]}
    made.post("/sign-in", data=form)
    return made


def test_without_sources_the_page_says_how_to_add_one(client: FlaskClient) -> None:
    page = client.get("/sources").text
    assert "waymark source add --workspace shop" in page and "Nothing was refused" in page


def test_sources_files_and_refusals_stand_on_it(
    client: FlaskClient, sqlite_session: Session, shop: Workspace, tmp_path: Path, now: datetime
) -> None:
    for kind, secret in (("shopify", "shpss_0123456789"), ("stripe", None), ("folder", None)):
        made = sources.add(sqlite_session, shop, kind, kind, secret, KEY, now).source
        made.taken_at = now if kind == "shopify" else None
    (tmp_path / "a.csv").write_text("x")
    file = begun(shop.id, "file:folder", tmp_path / "a.csv", now)
    file.rows, file.rejected, file.state = 1234, 7, "done"
    sqlite_session.add(file)
    error = FieldError(message="is no phone number", field="customer.phone", mend="Mend it.")
    keep(sqlite_session, shop.id, "hook:shopify", [Refused("<order>", error)], now)
    sqlite_session.commit()
    page = client.get("/sources").text
    for words in ("Waits for its secret", "Sends", "1,234", "Webhook shopify", "&lt;order&gt;"):
        assert words in page
    assert "shpss_0123456789" not in page and made.token not in page


def test_another_workspace_sees_nothing_of_it(
    client: FlaskClient, sqlite_session: Session, make_workspace: Any, now: datetime
) -> None:
    other = make_workspace(sqlite_session, name="other", sender="+447700900009")
    sources.add(sqlite_session, other, "json", "theirs", None, KEY, now)
    keep(sqlite_session, other.id, "api", [Refused("e", FieldError(message="theirs"))], now)
    sqlite_session.commit()
    assert "theirs" not in client.get("/sources").text


def test_nobody_sees_it_unsigned(sqlite_url: str, tmp_path: Path) -> None:
    app = create_app(load({"WAYMARK_HOME": str(tmp_path), "DATABASE_URL": sqlite_url}))
    assert app.test_client().get("/sources").status_code == 302


def test_what_waits_for_another_event_is_named_and_counted(
    client: FlaskClient, sqlite_session: Session, shop: Workspace, now: datetime
) -> None:
    item = {"id": "refund:1", "event": "refunded", "occurred_at": None, "customer": {}}
    where = waiting.Where(shop.id, "hook:shopify")
    waiting.hold(sqlite_session, where, [(item, "paid:<1>")], now)
    sqlite_session.commit()
    page = client.get("/sources").text
    assert "Waiting for another event" in page and "1 event names no customer" in page
    assert "refund:1" in page and "paid:&lt;1&gt;" in page and "30 days" in page
