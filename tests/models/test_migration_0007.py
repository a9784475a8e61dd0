"""A database with a history moves on to the additive statistics: it is marked, not counted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from old_database import AT, Add, add_comment, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.orm import Session

from models import marking, migrate
from models.customer import Customer, Segment
from models.marked import names
from models.reading import Comment, Mention
from models.statistics import StatisticCell, StatisticMark

LATE = datetime(2026, 10, 3, 23, 30, tzinfo=UTC)


def _fill(add: Add) -> None:
    add_shop(add)
    add("journeys", workspace_id=1, key="buying", name="Buying")
    add("stages", workspace_id=1, journey_id=1, key="after", name="After", position=0)
    point = {"key": "delivery", "name": "Delivery", "position": 0}
    add("touchpoints", workspace_id=1, stage_id=1, **point)
    add_comment(add, touchpoint_id=1, occurred_at=LATE)


@pytest.fixture
def old(begin: Begin) -> Engine:
    """A database at 0006 on each engine in turn, with a comment at a touchpoint."""
    return begin.at("0006", _fill)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """The same, moved on to the newest tables."""
    return begin.moved("0006", _fill)


def marks(session: Session) -> list[tuple[int | None, str | None, int | None]]:
    columns = (StatisticMark.touchpoint_id, StatisticMark.hour, StatisticMark.customer_id)
    return [tuple(row) for row in session.execute(select(*columns).distinct())]


def test_the_history_is_marked_and_nothing_is_counted(old: Engine) -> None:
    migrate.upgrade(old, "0007")
    with Session(old) as session:
        assert marks(session) == [(None, None, None)]
        assert session.scalar(select(func.count()).select_from(StatisticCell)) == 0
        assert marking.missing(session.connection()) == []


def test_every_change_marks_its_place(moved: Engine) -> None:
    place = (1, "2026-10-03 23", None)
    with Session(moved) as session:
        session.execute(text("DELETE FROM statistic_marks"))
        said = {"start": 0, "end": 4, "theme": "speed", "sentiment": "negative"}
        session.add(Mention(workspace_id=1, comment_id=1, sentiment_score=-0.5, **said))
        session.commit()
        assert marks(session) == [place]
        session.execute(text("DELETE FROM statistic_marks"))
        session.execute(text("UPDATE comments SET claimed_until = NULL"))
        session.commit()
        assert marks(session) == []
        session.execute(text("UPDATE comments SET text = 'later'"))
        session.commit()
        assert marks(session) == [place]
        session.execute(text("DELETE FROM statistic_marks"))
        session.execute(text("UPDATE comments SET touchpoint_id = NULL"))
        session.commit()
        assert marks(session) == [place]
        session.add(Segment(workspace_id=1, key="all", name="All", filter={}, created_at=AT))
        session.flush()
        session.execute(text("DELETE FROM statistic_marks"))
        new = {"external_id": "c", "attributes": {}, "created_at": AT, "updated_at": AT}
        session.add(Customer(workspace_id=1, **new))
        session.commit()
        assert marks(session) == [(None, None, 1)]
        session.execute(text("DELETE FROM workspaces"))
        session.commit()
        assert session.scalar(select(func.count(Comment.id))) == 0


def test_it_moves_back_and_on_again(moved: Engine) -> None:
    move_back(moved, "0006")
    with moved.connect() as connection:
        assert marking.missing(connection) == names(rates=False)
    assert "statistic_cells" not in inspect(moved).get_table_names()
    migrate.upgrade(moved)
    with Session(moved) as session:
        assert session.scalar(select(func.count(Comment.id))) == 1
