"""After moving on, more channels may be asked by; what hangs on an invitation stays."""

from __future__ import annotations

import pytest
from old_database import AT, Add, add_invitation, add_survey, move_back
from shelf import Begin
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from models import migrate

DUE = {"due_at": AT, "expires_at": AT, "status_at": AT}


def _fill(add: Add) -> None:
    add_survey(add)
    add_invitation(add, status="scheduled")
    decided = {"outcome": "ask", "detail": "", "facts": {}, "decided_at": AT}
    add("decisions", workspace_id=1, invitation_id=1, **decided)


@pytest.fixture
def old(begin: Begin) -> Engine:
    """A database at 0018 on each engine in turn, with an invitation that was decided on."""
    return begin.at("0018", _fill)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """The same, moved on to the newest tables."""
    return begin.moved("0018", _fill)


def _set(engine: Engine, channel: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE invitations SET channel = :one"), {"one": channel})


def _count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


@pytest.mark.parametrize("channel", ["email", "whatsapp"])
def test_new_channels_are_known_and_decisions_stay(old: Engine, channel: str) -> None:
    with pytest.raises(IntegrityError):
        _set(old, channel)
    migrate.upgrade(old)
    _set(old, channel)
    assert (_count(old, "invitations"), _count(old, "decisions")) == (1, 1)


def test_another_channel_is_still_refused(moved: Engine) -> None:
    with pytest.raises(IntegrityError):
        _set(moved, "fax")


def test_the_way_back_makes_links_of_them(old: Engine) -> None:
    migrate.upgrade(old, "0019")
    _set(old, "email")
    move_back(old, "0018")
    with old.connect() as connection:
        assert connection.scalar(text("SELECT channel FROM invitations")) == "web"
    with pytest.raises(IntegrityError):
        _set(old, "email")
    assert _count(old, "decisions") == 1


def test_sqlite_finds_nothing_wrong_with_its_tables(moved: Engine) -> None:
    if moved.dialect.name == "sqlite":
        with moved.connect() as connection:
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    names = {one["name"] for one in inspect(moved).get_check_constraints("invitations")}
    assert "ck_invitations_channel_known" in names
