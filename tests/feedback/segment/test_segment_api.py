from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from segment_world import customers, events, post, track
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def refused(reply: TestResponse) -> list[tuple[str, str]]:
    assert reply.json
    return [(one["messageId"], one["error"]["field"]) for one in reply.json["refused"]]


# -- single calls ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("track", {"event": "Ordered"}, "Ordered"),
        ("identify", {"traits": {"plan": "gold"}}, "identify"),
        ("page", {"name": "Start", "properties": {"url": "/"}}, "page"),
        ("screen", {"name": "Basket"}, "screen"),
        ("group", {"groupId": "acme"}, "group"),
    ],
)
def test_each_call_is_an_event(
    client: FlaskClient, session: Session, key: str, path: str, body: dict[str, Any], name: str
) -> None:
    reply = post(client, key, path, {"userId": "u1", "messageId": "m", **body})
    assert reply.status_code == 200
    assert reply.json == {
        "success": True,
        "accepted": 1,
        "duplicates": 0,
        "errors": 0,
        "refused": [],
    }
    stored = events(session)[0]
    assert (stored.name, stored.source, stored.external_id) == (name, "segment", "m")
    again = post(client, key, path, {"userId": "u1", "messageId": "m", **body})
    assert again.json and again.json["duplicates"] == 1


# -- batches --------------------------------------------------------------------------------------


def test_a_bad_message_takes_no_other_with_it(
    client: FlaskClient, session: Session, key: str
) -> None:
    batch = [track(1), track(2, userId=None), {**track(3), "type": "song"}, 5, track(5), track(1)]
    batch += [track(6, context={"traits": {"phone": "1"}})]
    reply = post(client, key, "batch", {"batch": batch})
    assert reply.status_code == 200 and reply.json
    assert (reply.json["accepted"], reply.json["duplicates"], reply.json["errors"]) == (2, 1, 4)
    assert refused(reply) == [
        ("m2", "batch[1].userId"),
        ("m3", "batch[2].type"),
        (None, "batch[3]"),
        ("m6", "batch[6].context.traits.phone"),
    ]
    assert [one.external_id for one in events(session)] == ["m1", "m5"]


def test_what_is_said_of_a_batch_is_said_of_each_message(
    client: FlaskClient, session: Session, key: str
) -> None:
    own = track(2, userId="u2", context={"locale": "fr"})
    post(client, key, "import", {"batch": [track(1), own], "context": {"locale": "de-DE"}})
    assert {one: row.locale for one, row in customers(session).items()} == {
        "u1": "de-DE",
        "u2": "fr",
    }


# -- ids ------------------------------------------------------------------------------------------


def test_without_an_id_the_same_words_of_the_same_time_count_once(
    client: FlaskClient, session: Session, key: str
) -> None:
    said = {"userId": 7, "event": "Ordered", "timestamp": "2026-11-18T10:00:00Z"}
    for sent in ("2026-11-18T10:00:01Z", "2026-11-18T10:00:09Z"):
        post(client, key, "track", {**said, "sentAt": sent})
    assert len(events(session)) == 1 and list(customers(session)) == ["7"]
    for _ in range(2):
        post(client, key, "track", {"userId": "7", "event": "Ordered"})
    assert len(events(session)) == 3


def test_a_shared_device_joins_nobody_but_the_first(
    client: FlaskClient, session: Session, key: str
) -> None:
    for user in ("ada", "bob", "ada"):
        body = {"userId": user, "anonymousId": "tablet", "traits": {"name": user}}
        assert post(client, key, "identify", body).status_code == 200
    post(client, key, "track", {"anonymousId": "tablet", "event": "Ordered"})
    assert set(customers(session)) == {"ada", "bob"}
    last = events(session)[-1]
    assert last.customer_id == customers(session)["ada"].id


def test_an_alias_joins_what_it_names(client: FlaskClient, session: Session, key: str) -> None:
    post(client, key, "track", track(1, userId="old"))
    post(client, key, "track", track(2, userId="new"))
    for _ in range(2):
        reply = post(client, key, "alias", {"previousId": "old", "userId": "new"})
        assert reply.json and reply.json["accepted"] == 1
    assert list(customers(session)) == ["new"]
    assert post(client, key, "alias", {"previousId": "new", "userId": "new"}).status_code == 200


def test_two_ids_are_joined_in_the_batch_that_says_so(
    client: FlaskClient, session: Session, key: str
) -> None:
    batch = [
        {"type": "track", "anonymousId": "v", "event": "Seen", "messageId": "1"},
        {"type": "identify", "anonymousId": "v", "userId": "u", "messageId": "2"},
        {"type": "identify", "anonymousId": "w", "userId": "u", "messageId": "3"},
        {"type": "alias", "previousId": "u", "userId": "U"},
        {"type": "track", "userId": "u", "event": "Ordered", "messageId": "5"},
    ]
    reply = post(client, key, "batch", {"batch": batch})
    assert reply.json and reply.json["accepted"] == 5
    assert list(customers(session)) == ["U"]
    assert len({one.customer_id for one in events(session)}) == 1


# -- times ----------------------------------------------------------------------------------------


def test_the_senders_clock_is_corrected(
    client: FlaskClient, session: Session, key: str, now: datetime
) -> None:
    wrong = "1999-12-31T22:00:00Z", "2000-01-01T00:00:00Z"
    post(client, key, "batch", {"batch": [track(1, timestamp=wrong[0])], "sentAt": wrong[1]})
    own = track(2, originalTimestamp=wrong[0], sentAt=wrong[1])
    post(client, key, "batch", {"batch": [own], "sentAt": "2026-01-01T00:00:00Z"})
    assert {one.occurred_at for one in events(session)} == {now - timedelta(hours=2)}


@pytest.mark.parametrize("sent", [None, "soon", "2026-11-18T12:00:00", ""])
def test_without_a_readable_sending_time_the_time_stands(
    client: FlaskClient, session: Session, key: str, sent: str | None
) -> None:
    post(client, key, "track", track(timestamp="2026-11-18T09:00:00+01:00", sentAt=sent))
    assert events(session)[0].occurred_at.isoformat() == "2026-11-18T08:00:00+00:00"


def test_a_late_word_does_not_move_a_phone_back(
    client: FlaskClient, session: Session, key: str
) -> None:
    def identify(hour: int, **traits: Any) -> None:
        at = f"2026-11-18T{hour:02}:00:00Z"
        reply = post(client, key, "identify", {"userId": "u", "timestamp": at, "traits": traits})
        assert reply.status_code == 200

    identify(9, phone="07700 900002", plan="gold")
    identify(8, phone="07700 900001", email="ada@example.org", plan="none", city="Leeds")
    person = customers(session)["u"]
    assert (person.phone, person.email) == ("+447700900002", "ada@example.org")
    assert person.attributes == {"plan": "gold", "city": "Leeds"}
    identify(10, phone="07700 900003", city=None)
    person = customers(session)["u"]
    assert person.phone == "+447700900003"
    assert person.attributes == {"plan": "gold"}


def test_out_of_order_in_one_batch_the_latest_word_wins(
    client: FlaskClient, session: Session, key: str
) -> None:
    said = [(10, "07700 900003"), (8, "07700 900001"), (9, "07700 900002")]
    batch = [
        track(hour, timestamp=f"2026-11-18T{hour:02}:00:00Z", context={"traits": {"phone": phone}})
        for hour, phone in said
    ]
    post(client, key, "batch", {"batch": batch})
    assert customers(session)["u1"].phone == "+447700900003"


def test_a_device_locale_that_cannot_be_read_is_let_go(
    client: FlaskClient, session: Session, key: str
) -> None:
    device = {"locale": "C.UTF-8", "timezone": "Europe/London"}
    assert post(client, key, "track", track(context=device)).status_code == 200
    person = customers(session)["u1"]
    assert (person.locale, person.timezone) == (None, "Europe/London")
