"""After moving on, changed words of a comment are a mark in a database that was there before."""

from __future__ import annotations

import pytest
from old_database import Add, add_comment, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from models import marking, migrate
from models.statistics import StatisticMark


def _fill(add: Add) -> None:
    add_shop(add)
    add("journeys", workspace_id=1, key="buying", name="Buying")
    add("stages", workspace_id=1, journey_id=1, key="after", name="After", position=0)
    point = {"key": "delivery", "name": "Delivery", "position": 0}
    add("touchpoints", workspace_id=1, stage_id=1, **point)
    add_comment(add, touchpoint_id=1)


@pytest.fixture
def old(begin: Begin) -> Engine:
    """A database at 0013 on each engine in turn, with a comment at a touchpoint."""
    return begin.at("0013", _fill)


def test_changed_words_are_a_mark(old: Engine) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        assert marking.missing(session.connection()) == []
        session.execute(text("DELETE FROM statistic_marks"))
        session.execute(text("UPDATE comments SET text = 'taken out'"))
        session.commit()
        assert session.scalar(select(func.count(StatisticMark.id))) == 1
    move_back(old, "0013")
    migrate.upgrade(old)
