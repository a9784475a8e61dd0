from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from search_rows import Shelf
from sqlalchemy.orm import Session

from feedback import workspaces
from feedback.search import asked
from feedback.search.meanings import write
from models.reading import Comment
from models.workspace import Workspace
from tests.nlp.fake_reader import fake_reader

MakeWorkspace = Callable[..., Workspace]
Get = Callable[[str], Any]


@pytest.fixture
def shelf(sqlite_session: Session, make_workspace: MakeWorkspace) -> Shelf:
    return Shelf(sqlite_session, make_workspace(sqlite_session))


@pytest.fixture
def get(app: Flask, shelf: Shelf, now: datetime) -> Get:
    key = workspaces.add_key(shelf.session, shelf.workspace, "search", now)
    shelf.session.commit()
    client: FlaskClient = app.test_client()
    return lambda path: client.get(path, headers={"Authorization": f"Bearer {key}"})


def test_comments_come_masked_a_page_at_a_time(shelf: Shelf, get: Get) -> None:
    ids = [
        shelf.say(f"Late {n}, ring 0161 496 0842", day=n, about=("price", "negative"))
        for n in range(5)
    ]
    shelf.say("On time.", day=9)
    shelf.session.commit()
    seen, address = [], "/api/v1/comments?q=late&limit=2"
    after = ""
    while after is not None:
        page = get(address + (f"&after={after}" if after else "")).json
        seen += [int(one["id"]) for one in page["comments"]]
        assert page["n"] == 5 and not page["more"] and not page["capped"]
        assert all("0161" not in one["text"] for one in page["comments"])
        after = page["next"] and page["next"].replace("+", "%2B")
    assert seen == ids[::-1]
    assert page["comments"][0]["speaks_of"] == [
        {"theme": "price", "theme_name": "Price", "sentiment": "negative"}
    ]


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("sort=upwards", 422, "sort"),
        ("from=2026-11-02&to=2026-11-01T00:00:00Z", 422, "to"),
        ("emotion=meh", 422, "emotion"),
        ("segment=none", 404, "segment"),
        ("after=here", 422, "after"),
        ("colour=red", 422, "colour"),
    ],
)
def test_what_can_t_be_asked_names_its_field_and_the_mend(
    get: Get, query: str, status: int, field: str
) -> None:
    answer = get(f"/api/v1/comments?{query}")
    assert answer.status_code == status
    assert answer.json["error"]["field"] == field
    assert answer.json["error"]["mend"]


def test_nonsense_finds_nothing_and_is_no_error(shelf: Shelf, get: Get) -> None:
    shelf.say("Something.")
    shelf.session.commit()
    for typed in ("%22%22", "AND%20OR", "zzz", "-something", "%25%5f", "a*b"):
        answer = get(f"/api/v1/comments?q={typed}")
        assert answer.status_code == 200, typed


def test_why_a_pain_point_hurts_by_the_api(shelf: Shelf, get: Get) -> None:
    for number in range(12):
        shelf.say(f"The parcel was late, {number}", day=number, about=("price", "negative"))
    shelf.session.commit()
    found = get("/api/v1/journeys/buying/pain-points/parcel/price").json
    assert found["pain_point"]["theme"] == "price" and found["looked_at"]["drawn"] == 12
    assert found["looked_at"]["all_comments"] is True
    assert found["since"]["told"] is False and found["since"]["step"] == "day"
    assert {one["kind"] for one in found["quotes"]} <= {
        *("typical", "different", "newest", "strongest")
    }
    assert all(one["missing"] or one["q"] <= 1 for one in found["places"])
    for path in ("parcel/safety_care", "nowhere/price"):
        refused = get(f"/api/v1/journeys/buying/pain-points/{path}")
        assert refused.status_code == 404 and refused.json["error"]["mend"]
    empty = get("/api/v1/journeys/buying/pain-points/parcel/price?from=2020-01-01&to=2020-02-01")
    assert empty.status_code == 404


def test_by_meaning_comments_come_with_their_nearness(shelf: Shelf, get: Get) -> None:
    reader = fake_reader()[0]
    ids = [shelf.say(text) for text in ("Late. Ring 0161 496 0842", "Late, and rude")]
    texts = {id_: shelf.session.get_one(Comment, id_).text for id_ in ids}
    write(shelf.session, {id_: (shelf.workspace.id, reader.meaning(t)) for id_, t in texts.items()})
    at = datetime.now(UTC)
    asked.meaning_of(shelf.session, shelf.workspace.id, "too late", lambda: at, patience=0.0)
    asked.answer_next(shelf.session, lambda: reader.meaning, lambda: at)
    page = get("/api/v1/comments?q=too+late&by=meaning&limit=1").json
    assert [int(one["id"]) for one in page["comments"]] == ids[:1] and page["n"] == 2
    assert page["comments"][0]["nearness"] == 1.0 and "0161" not in page["comments"][0]["text"]
    assert page["compared"] == 2 and page["all_compared"] is True
    following = get(f"/api/v1/comments?q=too+late&by=meaning&limit=1&after={page['next']}").json
    assert [int(one["id"]) for one in following["comments"]] == ids[1:]
    assert following["next"] is None
    words = get("/api/v1/comments?q=late").json
    assert words["compared"] is None and words["comments"][0]["nearness"] is None
    refused = get("/api/v1/comments?q=unheard+of&by=meaning")
    assert refused.status_code == 409 and "worker" in refused.json["error"]["mend"]


def test_both_are_described(app: Flask) -> None:
    spec = app.test_client().get("/openapi.json").json
    assert spec is not None
    paths = spec["paths"]
    assert "get" in paths["/api/v1/comments"]
    assert "get" in paths["/api/v1/journeys/{journey}/pain-points/{touchpoint}/{theme}"]
    assert {"CommentsFound", "PainPointWhy"} <= set(spec["components"]["schemas"])
