"""After moving on, triggers are of events as before, and an address may be an e-mail's."""

from __future__ import annotations

import pytest
from old_database import AT, Add, add_invitation, add_survey, move_back
from shelf import Begin
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from models import migrate

DUE = {"due_at": AT, "expires_at": AT, "status_at": AT}
LONG = "a" * 100 + "@shop.example"


def _fill(add: Add) -> None:
    add_survey(add)
    times = {"delay_seconds": 60, "expires_seconds": 3600, "enabled": True}
    what = {"key": "t", "event_name": "e", "channel": "sms", **times}
    add("triggers", workspace_id=1, survey_id=1, **what)
    add_invitation(add, trigger_id=1, status="sent")
    sent = {
        "sender": "+44",
        "address": "+4477",
        "body": "?",
        "status": "sent",
        "kind": "thanks",
    }
    by = {"provider": "x", "priority": 5, "attempts": 1, "segments": 1, "direction": "out"}
    add("messages", workspace_id=1, invitation_id=1, **sent, **by, status_at=AT)


@pytest.fixture
def old(begin: Begin) -> Engine:
    """A database at 0025 on each engine in turn, with a trigger, an invitation and its SMS."""
    return begin.at("0025", _fill)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """The same, moved on to the newest tables."""
    return begin.moved("0025", _fill)


def _one(engine: Engine, query: str) -> object:
    with engine.connect() as connection:
        return connection.scalar(text(query))


def _write(engine: Engine, statement: str, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement), values)


def test_what_was_there_stays_and_triggers_are_of_events(moved: Engine) -> None:
    assert _one(moved, "SELECT kind FROM triggers") == "event"
    assert _one(moved, "SELECT count(*) FROM invitations WHERE period IS NULL") == 1
    assert _one(moved, "SELECT address FROM messages WHERE letter IS NULL") == "+4477"
    _write(moved, "UPDATE messages SET address = :one", one=LONG)
    assert _one(moved, "SELECT address FROM messages") == LONG


def test_a_customer_has_one_invitation_for_each_appointment(moved: Engine) -> None:
    names = "workspace_id, trigger_id, customer_id, survey_id, version_id, channel, status, "
    rest = "due_at, expires_at, status_at, created_at, token, period"
    again = (
        f"INSERT INTO invitations ({names}{rest}) SELECT {names}due_at, expires_at, status_at, "
        "created_at, :token, :period FROM invitations WHERE token = 't'"
    )
    _write(moved, again, token="a", period=1)
    _write(moved, again, token="b", period=2)
    _write(moved, again, token="c", period=None)
    with pytest.raises(IntegrityError):
        _write(moved, again, token="d", period=1)


def test_the_way_back_keeps_sms_and_triggers_of_events(old: Engine) -> None:
    migrate.upgrade(old, "0026")
    _write(
        old,
        "INSERT INTO triggers (workspace_id, survey_id, key, kind, event_name, channel, "
        "delay_seconds, expires_seconds, enabled, created_at) SELECT workspace_id, survey_id, "
        "'r', 'recurring', '', channel, 0, 60, enabled, created_at FROM triggers",
    )
    move_back(old, "0025")
    assert _one(old, "SELECT key FROM triggers") == "t"
    assert _one(old, "SELECT count(*) FROM messages") == 1
    assert "appointments" not in inspect(old).get_table_names()


def test_sqlite_finds_nothing_wrong_with_its_tables(moved: Engine) -> None:
    if moved.dialect.name == "sqlite":
        assert _one(moved, "PRAGMA integrity_check") == "ok"
