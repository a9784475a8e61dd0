"""Moving on keeps the outbox as it is, and gives senders a standing and numbers a suppression."""

from __future__ import annotations

import pytest
from old_database import AT, add_shop, move_back, rows_at
from sqlalchemy import Engine, inspect, text

from models import migrate


@pytest.fixture
def old(empty: Engine) -> Engine:
    """A database at 0014 on each engine in turn, with a message that waits."""
    with rows_at(empty, "0014") as add:
        add_shop(add)
        where = {"workspace_id": 1, "sender": "+441", "address": "+442", "provider": "twilio"}
        what = {"direction": "out", "kind": "help", "body": "Hi", "segments": 1, "priority": 0}
        add("messages", status="pending", attempts=0, status_at=AT, **where, **what)
    return empty


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
