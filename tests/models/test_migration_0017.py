"""After moving on, people's messages and take-overs can be kept, and every old message is there."""

from __future__ import annotations

from typing import Any

import pytest
from old_database import AT, Add, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import migrate
from models.message import Message
from models.takeover import Takeover

WHERE = {"workspace_id": 1, "sender": "+447700900000", "address": "+447700900123"}
SAID = {**WHERE, "direction": "in", "segments": 1, "status": "received", "provider": "twilio"}
SAID |= {"priority": 5, "attempts": 0, "status_at": AT}


def _fill(add: Add) -> None:
    add_shop(add)
    add("messages", kind="reply", body="9", provider_id="SM1", **SAID)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """A database at 0016 on each engine in turn, with a reply in it, moved on."""
    return begin.moved("0016", _fill)


@pytest.fixture
def untouched(begin: Begin) -> Engine:
    """The same, for what leaves nothing in it."""
    return begin.untouched("0016", _fill)


def _held(**more: Any) -> Takeover:
    return Takeover(**WHERE, user_id=1, taken_at=AT, until=AT, **more)


def test_messages_stay_and_a_person_may_write(moved: Engine) -> None:
    with Session(moved) as session:
        kept = session.scalars(select(Message)).one()
        assert (kept.body, kept.kind, kept.created_at) == ("9", "reply", AT)
        session.add(Message(kind="person", body="Hello", created_at=AT, **SAID))
        session.add(_held())
        session.commit()
    move_back(moved, "0016")
    with moved.connect() as connection:
        kinds = list(connection.scalars(text("SELECT kind FROM messages ORDER BY id")))
    assert kinds == ["reply", "reply"]
    migrate.upgrade(moved)


@pytest.mark.parametrize("wrong", [{"kind": "poem"}, {"direction": "up"}, {"segments": -1}])
def test_what_messages_may_be_is_still_checked(untouched: Engine, wrong: dict[str, Any]) -> None:
    with Session(untouched) as session, pytest.raises(IntegrityError):
        session.add(Message(**{"kind": "reply", "body": "", "created_at": AT, **SAID, **wrong}))
        session.flush()


def test_each_provider_id_still_counts_once_and_indexes_are_there(moved: Engine) -> None:
    with Session(moved) as session, pytest.raises(IntegrityError):
        session.add(Message(kind="reply", body="9", provider_id="SM1", created_at=AT, **SAID))
        session.flush()
    names = {index["name"] for index in inspect(moved).get_indexes("messages")}
    assert {"ix_messages_provider_id", "ix_messages_workspace_id_address"} <= names
    assert "ix_messages_workspace_id_id" in names


def test_one_person_holds_a_number_at_a_time(moved: Engine) -> None:
    with Session(moved) as session:
        session.add(_held(status="lapsed"))
        session.add(_held())
        session.commit()
        session.add(_held())
        with pytest.raises(IntegrityError):
            session.flush()
