from __future__ import annotations

import gzip
import json
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import REGISTRY
from segment_world import events, post, track
from sqlalchemy.orm import Session

from feedback.api.schemas import FieldError
from feedback.refusals import KEEP, Refused, keep, latest
from models.workspace import Workspace


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: what is refused never reaches the tables of events."""
    return sqlite_url


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("track", {"event": "x"}, "userId"),
        ("track", {"userId": "u", "event": ""}, "event"),
        ("track", {"userId": "u", "event": "x" * 121}, "event"),
        ("track", {"userId": ["u"], "event": "x"}, "userId"),
        ("track", {"userId": "u", "event": "x", "timestamp": "yesterday"}, "timestamp"),
        ("track", {"userId": "u", "event": "x", "timestamp": "2026-11-18T10:00"}, "timestamp"),
        ("track", {"userId": "u", "event": "x", "timestamp": "2027-11-18T10:00Z"}, "timestamp"),
        ("track", {"userId": "u", "event": "x", "properties": {"a": "\0"}}, "properties"),
        ("track", {"userId": "u\0", "event": "x"}, "userId"),
        ("track", {"userId": "u", "event": "x", "messageId": "m" * 201}, "messageId"),
        ("identify", {"userId": "u", "traits": {"phone": "none"}}, "traits.phone"),
        ("identify", {"userId": "u", "traits": {"email": "ada"}}, "traits.email"),
        ("identify", {"userId": "u", "traits": {"timezone": "Mars"}}, "traits.timezone"),
        ("identify", {"userId": "u", "traits": {"a": "\0"}}, "traits"),
        (
            "track",
            {"userId": "u", "event": "x", "context": {"traits": {"phone": "1"}}},
            "context.traits.phone",
        ),
        ("group", {"userId": "u"}, "groupId"),
        ("alias", {"userId": "u"}, "previousId"),
        ("alias", {"previousId": "u"}, "userId"),
        ("alias", {"previousId": "a\0", "userId": "u"}, "previousId"),
    ],
)
def test_what_is_wrong_is_named_and_kept(
    client: FlaskClient,
    session: Session,
    shop: Workspace,
    key: str,
    path: str,
    body: Any,
    field: str,
) -> None:
    before = REGISTRY.get_sample_value("waymark_events_total", {"result": "rejected"}) or 0
    reply = post(client, key, path, body)
    assert reply.status_code == 400 and reply.json
    error = reply.json["error"]
    assert error["field"] == field and error["message"] and error["mend"]
    assert reply.json["code"] == "invalid_request" and error["message"] in reply.json["message"]
    kept = latest(session, shop.id)
    assert [(one.source, one.field, one.message) for one in kept] == [
        ("segment", field, error["message"])
    ]
    assert REGISTRY.get_sample_value("waymark_events_total", {"result": "rejected"}) == before + 1
    assert events(session) == []


def test_no_words_of_a_person_are_kept_with_a_refusal(
    client: FlaskClient, session: Session, shop: Workspace, key: str
) -> None:
    said = {"phone": "+44 07700 nine", "email": "ada@example.org"}
    post(client, key, "identify", {"userId": "u", "messageId": "m", "traits": said})
    one = latest(session, shop.id)[0]
    told = f"{one.message} {one.mend} {one.field} {one.external_id}"
    assert "ada@" not in told and "nine" not in told


def test_the_oldest_refusals_are_forgotten(
    session: Session, shop: Workspace, now: datetime
) -> None:
    error = FieldError(message="is wrong", field="event")
    for start in (0, KEEP - 5):
        some = [Refused(str(start + number), error) for number in range(KEEP - 5)]
        keep(session, shop.id, "segment", some, now)
    kept = latest(session, shop.id)
    assert len(kept) == KEEP and kept[0].external_id == str(2 * (KEEP - 5) - 1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "body"),
        ({}, "batch"),
        ({"batch": []}, "batch"),
        ({"batch": {}}, "batch"),
        ({"batch": [track()], "sentAt": 5}, "sentAt"),
        ({"batch": [track()] * 2501}, "batch"),
        (b"{", "body"),
        (b"\xff", "body"),
    ],
)
def test_a_batch_that_is_none_says_why(
    client: FlaskClient, session: Session, key: str, body: Any, field: str
) -> None:
    reply = post(client, key, "batch", body)
    assert reply.status_code == 400 and reply.json
    assert reply.json["error"]["field"] == field and reply.json["error"]["mend"]
    assert events(session) == []


# -- bodies ---------------------------------------------------------------------------------------


def test_a_packed_body_is_unpacked(client: FlaskClient, session: Session, key: str) -> None:
    packed = gzip.compress(json.dumps({"batch": [track()]}).encode())
    assert post(client, key, "batch", packed, Content_Encoding="gzip").status_code == 200
    assert len(events(session)) == 1


@pytest.mark.parametrize(
    ("body", "encoding", "words"),
    [
        (gzip.compress(b" " * 600_000, mtime=0), "gzip", "more than 500 KB"),
        (gzip.compress(b"{}", mtime=0)[:-9], "gzip", "cut short"),
        (b"{}", "gzip", "no gzip"),
        (b"{}", "br", "packed as 'br'"),
        (b" " * 600_000, "", "more than 500 KB"),
    ],
)
def test_a_body_that_cannot_be_taken_says_why(
    client: FlaskClient, key: str, body: bytes, encoding: str, words: str
) -> None:
    reply = post(client, key, "batch", body, Content_Encoding=encoding)
    assert reply.status_code == 400 and reply.json
    assert words in reply.json["message"] and reply.json["error"]["mend"]
    assert reply.json["code"] == ("too_large" if "500" in words else "invalid_request")


def test_a_message_past_32_kb_is_refused_alone(
    client: FlaskClient, session: Session, key: str
) -> None:
    long = track(2, properties={"note": "x" * 33_000})
    reply = post(client, key, "batch", {"batch": [track(1), long]})
    assert reply.json and reply.json["accepted"] == 1
    assert "32 KB" in reply.json["refused"][0]["error"]["message"]
    assert post(client, key, "track", long).status_code == 400


def test_an_unknown_key_is_refused_in_the_words_of_sdks(client: FlaskClient) -> None:
    reply = post(client, "wmk_x", "batch", {"batch": [track()]})
    assert reply.status_code == 401 and reply.json
    assert reply.json["code"] == "http_401" and "API key" in reply.json["message"]
