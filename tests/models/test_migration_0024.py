"""After moving on there is a place for WhatsApp; what was there stays as it was."""

from __future__ import annotations

import pytest
from old_database import AT, Add, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, inspect, text

from models import migrate

NEW = {
    "workspaces": {"whatsapp_sender"},
    "surveys": {"whatsapp"},
    "messages": {"content_sid", "content_variables"},
}


def _fill(add: Add) -> None:
    add_shop(add)
    survey = {"key": "s", "name": "S", "enabled": True, "quarantine_days": 1.0}
    add("surveys", workspace_id=1, **survey)
    said = {"direction": "out", "kind": "help", "sender": "a", "address": "b", "body": "c"}
    sent = {"segments": 1, "status": "sent", "provider": "p", "priority": 0, "attempts": 1}
    add("messages", workspace_id=1, **said, **sent, status_at=AT)


@pytest.fixture
def old(begin: Begin) -> Engine:
    """A database at 0023 on each engine in turn, with a survey and a message."""
    return begin.at("0023", _fill)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """The same, moved on to the newest tables."""
    return begin.moved("0023", _fill)


def _columns(engine: Engine, table: str) -> set[str]:
    return {one["name"] for one in inspect(engine).get_columns(table)}


def test_rows_stay_and_know_nothing_of_whatsapp(moved: Engine) -> None:
    with moved.connect() as connection:
        sender = connection.scalar(text("SELECT whatsapp_sender FROM workspaces"))
        templates = connection.scalar(text("SELECT whatsapp FROM surveys"))
        said = connection.execute(text("SELECT body, content_sid FROM messages")).one()
    assert (sender, templates, tuple(said)) == (None, None, ("c", None))
    indexes = {one["name"] for one in inspect(moved).get_indexes("workspaces")}
    assert "ix_workspaces_whatsapp_sender" in indexes


def test_the_way_back(old: Engine) -> None:
    migrate.upgrade(old, "0024")
    move_back(old, "0023")
    for table, gone in NEW.items():
        assert not gone & _columns(old, table)
    with old.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM messages")) == 1
