from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from feedback import workspaces
from feedback.app import create_app
from feedback.settings import load
from models.base import db
from models.journey import Journey
from models.workspace import Workspace
from surveys.access import Access, access_of, allow

PASSWORD = "correct horse battery"


@pytest.fixture
def app(sqlite_url: str, sqlite_session: Session, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(load({"WAYMARK_HOME": str(tmp_path), "DATABASE_URL": sqlite_url}))
    made.config["TESTING"] = True
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def shop(sqlite_session: Session, now: datetime) -> Workspace:
    workspace = workspaces.create(sqlite_session, "shop", now)
    workspaces.set_user(sqlite_session, workspace, "ada@shop.example", PASSWORD, now)
    sqlite_session.commit()
    return workspace


def test_every_route_declares_who_may_call_it(app: Flask) -> None:
    silent = {
        str(rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and access_of(app.view_functions[rule.endpoint]) is None
    }
    assert not silent


def test_a_route_that_declares_nothing_is_refused(app: Flask) -> None:
    app.view_functions["undeclared"] = lambda: "secret"
    app.url_map.add(app.url_rule_class("/undeclared", endpoint="undeclared"))
    answer = app.test_client().get("/undeclared")
    assert answer.status_code == 403 and b"secret" not in answer.data


def test_routes_that_anybody_may_call_are_these(app: Flask) -> None:
    public = {
        str(rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        and access_of(app.view_functions[rule.endpoint]) is Access.PUBLIC
    }
    assets = "/assets/<stamp>/<path:name>"
    health = {"/healthz", "/readyz", "/metrics"}
    assert public == health | {"/openapi.json", "/docs", "/sign-in", assets}


def test_no_private_route_answers_a_stranger(app: Flask) -> None:
    client = app.test_client()
    private = (Access.KEY, Access.SESSION, Access.KEY_OR_SESSION)
    for rule in app.url_map.iter_rules():
        if access_of(app.view_functions[rule.endpoint]) not in private:
            continue
        path = re.sub(r"<[^>]+>", "1", str(rule))
        for method in (rule.methods or set()) & {"GET", "POST"}:
            status = client.open(path, method=method).status_code
            assert status in {302, 401}, f"{method} {path} answered {status}"


def test_a_key_opens_its_own_workspace_alone(
    client: FlaskClient, sqlite_session: Session, shop: Workspace, now: datetime
) -> None:
    other = workspaces.create(sqlite_session, "other", now)
    key = workspaces.add_key(sqlite_session, other, "test", now)
    journey = Journey(workspace_id=shop.id, key="buying", name="Buying", created_at=now)
    sqlite_session.add(journey)
    sqlite_session.commit()
    path = f"/api/v1/journeys/{journey.id}/pain-points"
    assert client.get(path).status_code == 401
    answer = client.get(path, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 404
    own = workspaces.add_key(sqlite_session, shop, "test", now)
    sqlite_session.commit()
    assert client.get(path, headers={"Authorization": f"Bearer {own}"}).status_code == 200


def test_a_revoked_key_opens_nothing(
    client: FlaskClient, sqlite_session: Session, shop: Workspace, now: datetime
) -> None:
    key = workspaces.add_key(sqlite_session, shop, "test", now)
    workspaces.revoke_key(sqlite_session, shop, "test", now)
    sqlite_session.commit()
    answer = client.post("/api/v1/events", json={}, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 401
    assert answer.get_json()["error"]["field"] == "Authorization"


def test_a_form_without_its_token_changes_nothing(client: FlaskClient, shop: Workspace) -> None:
    form = {"email": "ada@shop.example", "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 400
    assert client.get("/").status_code == 302


def test_pages_are_sent_with_headers_that_keep_strangers_out(client: FlaskClient) -> None:
    headers = client.get("/sign-in").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src" in headers["Content-Security-Policy"] or (
        "default-src 'self'" in headers["Content-Security-Policy"]
    )


def test_readiness_names_what_is_missing(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "clock" in answer.get_json()["reasons"][0]
    assert client.get("/healthz").status_code == 200


def test_prometheus_reads_counters_and_levels(client: FlaskClient, shop: Workspace) -> None:
    text = client.get("/metrics").get_data(as_text=True)
    for name in ("waymark_events_total", "waymark_messages_total", "waymark_jobs_lateness_seconds"):
        assert f"# TYPE {name.removesuffix('_total')}" in text


def test_access_is_kept_on_the_view() -> None:
    assert access_of(allow(Access.KEY)(lambda: None)) is Access.KEY
    assert access_of(len) is None


def test_a_request_without_a_cookie_sets_none_and_still_signs_in(
    client: FlaskClient, shop: Workspace
) -> None:
    assert "Set-Cookie" not in client.get("/healthz").headers
    assert "session=" in client.get("/sign-in").headers.get("Set-Cookie", "")


def test_every_answer_carries_the_headers_once(client: FlaskClient) -> None:
    for path in ("/healthz", "/nothing", "/s/unknown"):
        headers = client.get(path).headers
        assert headers.getlist("X-Content-Type-Options") == ["nosniff"]
        assert len(headers.getlist("Referrer-Policy")) == 1
    assert client.get("/s/unknown").headers["Referrer-Policy"] == "no-referrer"
