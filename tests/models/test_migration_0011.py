"""A database whose statistics are counted moves on to the panel, and back."""

from __future__ import annotations

import pytest
from old_database import add_shop, move_back, rows_at
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session

from models import migrate
from models.statistics import StatisticPanel, StatisticState


@pytest.fixture
def old(empty: Engine) -> Engine:
    """A database at 0010 on each engine in turn, with a state."""
    with rows_at(empty, "0010") as add:
        add_shop(add)
        add("statistic_states", workspace_id=1, base="b", segments={}, version=3, taken=9)
    return empty


def test_a_state_moves_on_without_a_panel_and_days_go_with_their_workspace(old: Engine) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        state = session.scalars(select(StatisticState)).one()
        assert (state.version, state.panel_share) == (3, 0)
        session.add(StatisticPanel(workspace_id=1, day=739_000, answers=1, pack=b"x"))
        session.commit()
        session.execute(text("DELETE FROM workspaces"))
        session.commit()
        assert session.scalars(select(StatisticPanel)).all() == []


def test_the_way_back_keeps_the_state(old: Engine) -> None:
    migrate.upgrade(old)
    move_back(old, "0010")
    assert "statistic_panels" not in inspect(old).get_table_names()
    with old.connect() as connection:
        assert connection.scalar(text("SELECT version FROM statistic_states")) == 3
    migrate.upgrade(old)
