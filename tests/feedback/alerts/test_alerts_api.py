"""GET /api/v1/alerts: open and past, a page at a time, of one workspace only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alert_rows import alert
from alert_world import BAD_DAY, MORNING, journey
from flask import Flask
from sqlalchemy.orm import Session

from feedback import workspaces
from feedback.alerts import rows
from feedback.app import create_app, make_services
from feedback.settings import load
from models.alert import Alert
from models.base import db
from models.workspace import Workspace

Get = Callable[..., Any]
OTHER = -1
THEME = "theme/parcel/delivery_speed"


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    home = {"WAYMARK_HOME": str(tmp_path), "DATABASE_URL": sqlite_url}
    settings = load({**home, "PUBLIC_URL": "https://w.example"})
    made = create_app(settings, make_services(settings, lambda: MORNING))
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def shop(sqlite_session: Session, make_workspace: Any) -> Workspace:
    """A workspace in which one Tuesday went wrong, and two that came back before."""
    workspace: Workspace = make_workspace(sqlite_session)
    made = journey(sqlite_session, workspace)
    back = {"closed_at": MORNING, "told_in": None}
    for days, more in ((120, back), (60, back), (0, {})):
        since = BAD_DAY - timedelta(days=days)
        sqlite_session.add(alert(workspace.id, made.id, THEME, since, **more))
    sqlite_session.commit()
    return workspace


@pytest.fixture
def get(app: Flask, sqlite_session: Session, shop: Workspace) -> Get:
    keys = {shop.id: workspaces.add_key(sqlite_session, shop, "alerts", MORNING)}
    other = workspaces.create(sqlite_session, "curious", MORNING)
    keys[OTHER] = workspaces.add_key(sqlite_session, other, "alerts", MORNING)
    sqlite_session.commit()

    def got(path: str, of: int = shop.id) -> Any:
        key = keys[of]
        return app.test_client().get(path, headers={"Authorization": f"Bearer {key}"})

    return got


def test_an_open_alert_has_its_figures_and_links(
    get: Get, sqlite_session: Session, shop: Workspace
) -> None:
    found = get("/api/v1/alerts?state=open").json
    (told,) = found["alerts"]
    assert found["next"] is None
    assert (told["state"], told["rhythm"], told["side"]) == ("outside", "day", "above")
    assert (told["journey"], told["touchpoint"], told["theme"]) == (
        *("buying", "parcel", "delivery_speed"),
    )
    assert (told["metric"], told["better"], told["told"]) == (None, False, True)
    assert (told["since"], told["until"]) == ("2026-11-17", "2026-11-18")
    figures = told["figures"]
    assert (figures["n"], figures["value"], figures["first"]) == (20, 0.8, "2026-11-17")
    assert figures["low"] < figures["expected"] < figures["high"] < 0.8 and figures["q"] < 0.001
    assert told["links"]["alert"] == f"https://w.example/alerts/{told['id']}"
    assert "/pain-points/parcel/delivery_speed?" in told["links"]["place"]
    row = sqlite_session.get_one(Alert, int(told["id"]))
    row.known_at = MORNING
    rows.mute(sqlite_session, shop.id, row.series, 7, MORNING)
    sqlite_session.commit()
    (told,) = get("/api/v1/alerts?state=open").json["alerts"]
    assert (told["state"], told["muted_until"]) == ("known", "2026-11-25T07:00:00Z")


def test_past_alerts_come_a_page_at_a_time(get: Get) -> None:
    first = get("/api/v1/alerts?state=past&limit=1").json
    second = get(f"/api/v1/alerts?state=past&limit=1&after={first['next']}").json
    listed = [*first["alerts"], *second["alerts"]]
    assert second["next"] is None
    assert [one["since"] for one in listed] == ["2026-09-18", "2026-07-20"]
    assert {(one["state"], one["told"]) for one in listed} == {("back", False)}
    assert len(get("/api/v1/alerts").json["alerts"]) == 3


def test_another_workspace_sees_none_and_nobody_gets_in_without_a_key(app: Flask, get: Get) -> None:
    assert get("/api/v1/alerts", OTHER).json == {"alerts": [], "next": None}
    assert app.test_client().get("/api/v1/alerts").status_code == 401


def test_what_is_asked_wrongly_is_said(get: Get) -> None:
    for query in ("state=odd", "limit=0", "limit=201", "after=x", "after=0", "a=1"):
        reply = get(f"/api/v1/alerts?{query}")
        assert reply.status_code == 422
        assert reply.json["error"]["field"] == query.partition("=")[0]
