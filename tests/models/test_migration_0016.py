"""Moving on keeps surveys, exchanges and messages; going back makes reminders questions."""

from __future__ import annotations

import pytest
from old_database import AT, Add, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from models import migrate


def _fill(add: Add) -> None:
    add_shop(add)
    where = {"workspace_id": 1, "sender": "+441", "address": "+442", "provider": "twilio"}
    what = {"direction": "out", "body": "Hi", "segments": 1, "priority": 0, "status_at": AT}
    add("messages", status="sent", kind="question", attempts=0, **where, **what)
    add("surveys", workspace_id=1, key="nps", name="NPS", quarantine_days=90, enabled=True)


@pytest.fixture
def old(begin: Begin) -> Engine:
    """A database at 0015 on each engine in turn, with a survey and a message."""
    return begin.at("0015", _fill)


def test_surveys_are_worth_the_same_and_do_not_remind(old: Engine) -> None:
    migrate.upgrade(old)
    with old.begin() as connection:
        found = connection.execute(text("SELECT worth, remind_after_seconds FROM surveys")).all()
        assert {tuple(row) for row in found} == {(50, None)}
        connection.execute(text("UPDATE messages SET kind = 'reminder'"))
    with pytest.raises(IntegrityError), old.begin() as connection:
        connection.execute(text("UPDATE messages SET kind = 'whatever'"))
    move_back(old, "0015")
    with old.connect() as connection:
        assert connection.scalar(text("SELECT kind FROM messages")) == "question"
    migrate.upgrade(old)
