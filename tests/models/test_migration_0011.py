"""A database whose statistics are counted moves on to the panel, and back."""

from __future__ import annotations

import pytest
from old_database import Add, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session

from models import migrate
from models.statistics import StatisticPanel, StatisticState


def _fill(add: Add) -> None:
    add_shop(add)
    add("statistic_states", workspace_id=1, base="b", segments={}, version=3, taken=9)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """A database at 0010 on each engine in turn, with a state, moved on."""
    return begin.moved("0010", _fill)


def test_a_state_moves_on_without_a_panel_and_days_go_with_their_workspace(moved: Engine) -> None:
    with Session(moved) as session:
        state = session.scalars(select(StatisticState)).one()
        assert (state.version, state.panel_share) == (3, 0)
        session.add(StatisticPanel(workspace_id=1, day=739_000, answers=1, pack=b"x"))
        session.commit()
        session.execute(text("DELETE FROM workspaces"))
        session.commit()
        assert session.scalars(select(StatisticPanel)).all() == []


def test_the_way_back_keeps_the_state(moved: Engine) -> None:
    move_back(moved, "0010")
    assert "statistic_panels" not in inspect(moved).get_table_names()
    with moved.connect() as connection:
        assert connection.scalar(text("SELECT version FROM statistic_states")) == 3
    migrate.upgrade(moved)
