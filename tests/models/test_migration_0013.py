"""Packs of the panel's old shape are gone after moving on, and its days are free to be made."""

from __future__ import annotations

import pytest
from old_database import Add, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models import migrate
from models.statistics import StatisticPanel, StatisticState

DAY = 739_000


def _fill(add: Add) -> None:
    add_shop(add)
    state = {"version": 3, "taken": 9, "panel_share": 10_007}
    add("statistic_states", workspace_id=1, base="b", segments={}, **state)
    add("statistic_panels", workspace_id=1, day=DAY, answers=1, pack=b"old")


@pytest.fixture
def old(begin: Begin) -> Engine:
    """A database at 0012 on each engine in turn, with a state and one day of its panel."""
    return begin.at("0012", _fill)


def test_old_packs_go_and_the_state_stays(old: Engine) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        assert session.scalars(select(StatisticPanel)).all() == []
        state = session.scalars(select(StatisticState)).one()
        assert (state.base, state.version, state.panel_share) == ("b", 3, 10_007)
        session.add(StatisticPanel(workspace_id=1, day=DAY, answers=1, pack=b"new"))
        session.commit()
    move_back(old, "0012")
    with Session(old) as session:
        assert session.scalars(select(StatisticPanel)).all() == []
    migrate.upgrade(old)
