from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import REGISTRY
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from feedback.workspaces import add_key
from models.base import db
from models.event import Event
from models.workspace import Workspace

TOTAL = "waymark_events_total"


@pytest.fixture
def workspace(sqlite_session: Session, make_workspace: Any) -> Workspace:
    made: Workspace = make_workspace(sqlite_session)
    return made


@pytest.fixture
def key(sqlite_session: Session, workspace: Workspace, now: datetime) -> str:
    made = add_key(sqlite_session, workspace, "shop", now)
    sqlite_session.commit()
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def event(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {"id": f"e{number}", "event": "ordered", "customer": {"id": "c"}, **changes}


def post(client: FlaskClient, key: str, body: object) -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return client.post("/api/v1/events", data=data, headers=headers)


def stored(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(Event.id))) or 0


def test_one_event_is_accepted_and_the_second_time_a_duplicate(
    app: Flask, client: FlaskClient, key: str
) -> None:
    first, again = post(client, key, event()), post(client, key, event())
    assert first.status_code == again.status_code == 202
    assert first.json == {
        "accepted": 1,
        "duplicates": 0,
        "errors": 0,
        "results": [{"id": "e1", "status": "accepted"}],
    }
    assert again.json and again.json["results"] == [{"id": "e1", "status": "duplicate"}]
    assert stored(app) == 1


def test_a_batch_is_answered_event_by_event(app: Flask, client: FlaskClient, key: str) -> None:
    bad = event(2, customer={"id": "c", "phone": "nonsense"})
    answer = post(client, key, {"events": [event(1), bad, event(3), event(1)]})
    assert answer.status_code == 202
    assert answer.json
    results = answer.json["results"]
    told = [result["status"] for result in results]
    assert told == ["accepted", "error", "accepted", "duplicate"]
    assert results[1]["error"]["field"] == "events[1].customer.phone"
    assert results[1]["error"]["mend"]
    assert stored(app) == 2


def test_a_single_bad_event_is_a_422_in_the_same_shape(
    app: Flask, client: FlaskClient, key: str
) -> None:
    answer = post(client, key, {"id": "e1", "event": "ordered"})
    assert answer.status_code == 422
    assert answer.json
    assert answer.json["error"] == {
        "message": "is missing",
        "field": "customer",
        "mend": "Add it.",
    }
    assert answer.json["results"][0]["id"] == "e1"
    assert stored(app) == 0


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"{", 400, "body"),
        (b"\xff\xfe", 400, "body"),
        (b"", 400, "body"),
        (b"[" * 100_000, 400, "body"),
        (b'{"id": NaN}', 400, "body"),
        (b'{"id": "\\ud800"}', 400, "body"),
        (b"[]", 422, "body"),
        (b"7", 422, "body"),
        (b'{"events": {}}', 422, "events"),
        (b'{"events": []}', 422, "events"),
        (b'{"events": [], "dry": 1}', 422, "dry"),
        (b'{"events": [1]}', 422, "events[0]"),
    ],
)
def test_what_is_no_event_is_refused_in_words(
    client: FlaskClient, key: str, body: bytes, status: int, field: str
) -> None:
    answer = post(client, key, body)
    assert answer.status_code == status
    assert answer.json
    error = answer.json["error"]
    assert error["field"] == field
    assert error["message"]
    assert error["mend"]


def test_more_than_500_events_are_refused_whole(app: Flask, client: FlaskClient, key: str) -> None:
    answer = post(client, key, {"events": [event(number) for number in range(501)]})
    assert answer.status_code == 422
    assert answer.json and answer.json["error"]["field"] == "events"
    assert "500" in answer.json["error"]["mend"]
    assert stored(app) == 0


@pytest.mark.parametrize("given", ["", "Bearer wmk_wrong", "Basic eDp5"])
def test_without_a_key_nothing_is_taken(app: Flask, client: FlaskClient, given: str) -> None:
    answer = client.post("/api/v1/events", json=event(), headers={"Authorization": given})
    assert answer.status_code == 401
    assert answer.json and answer.json["error"]["mend"]
    assert stored(app) == 0


def test_a_key_writes_into_its_own_workspace(
    app: Flask,
    client: FlaskClient,
    key: str,
    workspace: Workspace,
    sqlite_session: Session,
    make_workspace: Any,
    now: datetime,
) -> None:
    other = make_workspace(sqlite_session, "other")
    second = add_key(sqlite_session, other, "shop", now)
    sqlite_session.commit()
    for one in (key, second):
        assert post(client, one, event()).json["accepted"] == 1  # type: ignore[index]
    owners = sqlite_session.scalars(select(Event.workspace_id).order_by(Event.id)).all()
    assert owners == [workspace.id, other.id]


def test_a_time_without_a_value_is_the_time_of_the_request(
    app: Flask, client: FlaskClient, key: str
) -> None:
    before = datetime.now(UTC)
    post(client, key, event())
    with app.app_context():
        at = db.session.scalars(select(Event.occurred_at)).one()
    assert before <= at <= datetime.now(UTC)


def test_events_are_counted_for_prometheus(client: FlaskClient, key: str) -> None:
    def counts() -> dict[str, float]:
        kinds = ("accepted", "duplicate", "rejected")
        found = {kind: REGISTRY.get_sample_value(TOTAL, {"result": kind}) for kind in kinds}
        return {kind: value or 0 for kind, value in found.items()}

    post(client, key, event())
    before = counts()
    post(client, key, {"events": [event(1), event(2), event(3, event=7)]})
    after = counts()
    grown = {name: after[name] - before[name] for name in after}
    assert grown == {"accepted": 1, "duplicate": 1, "rejected": 1}
