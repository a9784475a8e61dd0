"""After moving on, files are as they were, and events may wait."""

from __future__ import annotations

import pytest
from old_database import AT, Add, add_survey, move_back
from shelf import Begin
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import migrate
from models.intake import IntakeFile, IntakeWaiting
from models.survey import Trigger

COUNTS = dict.fromkeys(("rows", "accepted", "duplicates", "rejected", "rejects_size"), 0)


WINDOWS = (None, {"from": "23:00", "to": "00:00", "days": ["mon"]}, {"from": "08:00", "to": "9:00"})


def _fill(add: Add) -> None:
    add_survey(add)
    for number, window in enumerate(WINDOWS):
        rule = {"key": f"t{number}", "event_name": "e", "channel": "sms", "enabled": True}
        times = {"delay_seconds": 0, "expires_seconds": 60, "created_at": AT}
        add("triggers", workspace_id=1, survey_id=1, kind="event", window=window, **rule, **times)
    about = {"source": "csv:x", "path": "x.csv", "sha256": "0" * 64, "state": "taken"}
    add("intake_files", workspace_id=1, **about, **COUNTS, started_at=AT)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """A database at 0031 on each engine in turn, with a file under way, moved on."""
    return begin.moved("0031", _fill)


def test_of_a_file_under_way_nothing_waits(moved: Engine) -> None:
    with Session(moved) as session:
        assert session.scalars(select(IntakeFile)).one().waiting == 0


def test_a_window_to_midnight_ends_with_the_day(moved: Engine) -> None:
    with Session(moved) as session:
        kept = list(session.scalars(select(Trigger.window).order_by(Trigger.key)))
    assert kept == [None, {"from": "23:00", "to": "24:00", "days": ["mon"]}, WINDOWS[2]]


def test_an_event_waits_once(moved: Engine) -> None:
    row = {"workspace_id": 1, "source": "s", "external_id": "e", "waits_for": "o", "came_at": AT}
    with Session(moved) as session:
        session.add_all([IntakeWaiting(**row, item={}), IntakeWaiting(**row, item={})])
        with pytest.raises(IntegrityError):
            session.flush()


def test_moving_back_takes_the_table_away_and_no_file(moved: Engine) -> None:
    move_back(moved, "0031")
    assert "intake_waiting" not in inspect(moved).get_table_names()
    with moved.connect() as connection:
        assert connection.scalar(text("SELECT path FROM intake_files")) == "x.csv"
    migrate.upgrade(moved)
    assert "intake_waiting" in inspect(moved).get_table_names()
