"""Moving on keeps the outbox as it is, and gives senders a standing and numbers a suppression."""

from __future__ import annotations

import pytest
from old_database import AT, Add, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, inspect, text

from models import migrate


def _fill(add: Add) -> None:
    add_shop(add)
    where = {"workspace_id": 1, "sender": "+441", "address": "+442", "provider": "twilio"}
    what = {"direction": "out", "kind": "help", "body": "Hi", "segments": 1, "priority": 0}
    add("messages", status="pending", attempts=0, status_at=AT, **where, **what)


@pytest.fixture
def old(begin: Begin) -> Engine:
    """A database at 0014 on each engine in turn, with a message that waits."""
    return begin.at("0014", _fill)


def test_the_outbox_stays_and_is_found_by_its_sender(old: Engine) -> None:
    migrate.upgrade(old)
    tables = inspect(old)
    indexes = {one["name"] for one in tables.get_indexes("messages")}
    assert "ix_messages_outbox" in indexes and "ix_messages_status_priority" not in indexes
    assert {"sender_states", "suppressions"} <= set(tables.get_table_names())
    with old.connect() as connection:
        assert connection.scalar(text("SELECT status FROM messages")) == "pending"
    move_back(old, "0014")
    indexes = {one["name"] for one in inspect(old).get_indexes("messages")}
    assert "ix_messages_status_priority" in indexes
    migrate.upgrade(old)
