"""After moving on, whoever was asked before is marked to be counted, and reports know at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from old_database import AT, Add, add_invitation, add_survey, move_back
from shelf import Begin
from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from models import marking, migrate
from models.rates import RateMark


def _fill(add: Add) -> None:
    add_survey(add)
    add("journeys", workspace_id=1, key="buying", name="Buying")
    add("stages", workspace_id=1, journey_id=1, key="after", name="After", position=0)
    add("touchpoints", workspace_id=1, stage_id=1, key="delivery", name="D", position=0)
    at = AT + timedelta(hours=3)
    add_invitation(add, token="a", status="sent", touchpoint_id=1, sent_at=at, created_at=at)
    add_invitation(add, token="b", status="sent", touchpoint_id=1, sent_at=at, created_at=at)
    add_invitation(add, token="c", status="scheduled", touchpoint_id=1, created_at=AT)
    add_invitation(add, token="d", status="sent", sent_at=AT, created_at=AT)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """A database at 0033 on each engine in turn, with invitations, moved on."""
    return begin.moved("0033", _fill)


def test_each_hour_at_a_touchpoint_is_marked_once(moved: Engine) -> None:
    with Session(moved) as session:
        marks = session.execute(
            select(RateMark.workspace_id, RateMark.touchpoint_id, RateMark.hour)
        )
        assert [tuple(mark) for mark in marks] == [(1, 1, "2026-11-01 03")]


def test_moving_back_takes_the_tables_away_and_leaves_triggers_that_work(moved: Engine) -> None:
    move_back(moved, "0033")
    assert not {"rate_cells", "rate_marks"} & {*inspect(moved).get_table_names()}
    with moved.begin() as connection:
        connection.exec_driver_sql("UPDATE invitations SET status = 'completed'")
        gone = [name for name in marking.missing(connection) if "invitations" not in name]
        assert gone == []
    migrate.upgrade(moved)
    with moved.connect() as connection:
        assert marking.missing(connection) == []
