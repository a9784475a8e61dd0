"""A database with a journey in it moves on to goals, and back."""

from __future__ import annotations

from typing import Any

import pytest
from old_database import AT, add_shop, move_back, rows_at
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import migrate
from models.goal import ScoreGoal
from models.journey import Journey

WORTH = {"point_value": 4000.0, "currency": "EUR"}


@pytest.fixture
def old(empty: Engine) -> Engine:
    """A database at 0007 on each engine in turn, with a journey."""
    with rows_at(empty, "0007") as add:
        add_shop(add)
        add("journeys", workspace_id=1, key="buying", name="Buying")
    return empty


def _goal(**more: Any) -> ScoreGoal:
    return ScoreGoal(**{"workspace_id": 1, "journey_id": 1, "metric": "nps", **more}, updated_at=AT)


def test_a_journey_moves_on_and_goals_can_be_kept(old: Engine) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
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
def test_the_table_refuses_what_makes_no_sense(old: Engine, wrong: dict[str, Any]) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        session.add(_goal(target=40.0))
        session.commit()
        session.add(_goal(**wrong))
        with pytest.raises(IntegrityError):
            session.flush()


def test_it_moves_back_and_on_again(old: Engine) -> None:
    migrate.upgrade(old)
    move_back(old, "0007")
    assert "score_goals" not in inspect(old).get_table_names()
    migrate.upgrade(old)
    with Session(old) as session:
        assert session.scalar(select(func.count(Journey.id))) == 1
