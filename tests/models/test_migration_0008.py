"""A database with a journey in it moves on to goals, and back."""

from __future__ import annotations

from typing import Any

import pytest
from old_database import AT, Add, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import migrate
from models.goal import ScoreGoal
from models.journey import Journey

WORTH = {"point_value": 4000.0, "currency": "EUR"}


def _fill(add: Add) -> None:
    add_shop(add)
    add("journeys", workspace_id=1, key="buying", name="Buying")


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """A database at 0007 on each engine in turn, with a journey, moved on."""
    return begin.moved("0007", _fill)


@pytest.fixture
def untouched(begin: Begin) -> Engine:
    """The same, for what leaves nothing in it."""
    return begin.untouched("0007", _fill)


def _goal(**more: Any) -> ScoreGoal:
    return ScoreGoal(**{"workspace_id": 1, "journey_id": 1, "metric": "nps", **more}, updated_at=AT)


def test_a_journey_moves_on_and_goals_can_be_kept(moved: Engine) -> None:
    with Session(moved) as session:
        session.add_all([_goal(target=40.0, **WORTH), _goal(metric="csat", benchmark=80.0)])
        session.commit()
        assert session.scalar(select(func.count(Journey.id))) == 1
        session.execute(text("DELETE FROM journeys"))
        session.commit()
        assert session.scalar(select(func.count(ScoreGoal.id))) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"metric": "joy"},
        {"metric": "nps"},
        {"metric": "ces", "point_value": 3.0},
        {"metric": "ces", "currency": "EUR"},
        {"metric": "ces", "point_value": 0.0, "currency": "EUR"},
    ],
)
def test_the_table_refuses_what_makes_no_sense(untouched: Engine, wrong: dict[str, Any]) -> None:
    with Session(untouched) as session:
        session.add(_goal(target=40.0))
        session.flush()
        session.add(_goal(**wrong))
        with pytest.raises(IntegrityError):
            session.flush()


def test_it_moves_back_and_on_again(moved: Engine) -> None:
    move_back(moved, "0007")
    assert "score_goals" not in inspect(moved).get_table_names()
    migrate.upgrade(moved)
    with Session(moved) as session:
        assert session.scalar(select(func.count(Journey.id))) == 1
