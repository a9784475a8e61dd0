"""A database with corrections in it moves on to alerts, and back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from old_database import AT, Add, add_comment, add_correction, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import migrate
from models.alert import Alert
from models.correction import Correction
from models.journey import Journey


def _fill(add: Add) -> None:
    add_shop(add)
    add_comment(add)
    add_correction(add)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """A database at 0009 on each engine in turn, with a correction, moved on."""
    return begin.moved("0009", _fill)


def _alert(**more: Any) -> Alert:
    given: dict[str, Any] = {"side": "above", "rhythm": "day", "signal": "s", **more}
    figures: dict[str, Any] = {"figures": {}, "latest": {}, "points": []}
    days = {"since": AT.date(), "until": AT.date() + timedelta(days=1)}
    ids = {"workspace_id": 1, "journey_id": 1, "series": "1/score/nps", "opened_at": AT}
    return Alert(**{**ids, **days, **figures, "settled": False, **given})


def _journey(session: Session) -> None:
    session.add(Journey(workspace_id=1, key="buying", name="Buying", created_at=AT))
    session.flush()


def test_what_is_there_moves_on_and_alerts_go_with_their_workspace(moved: Engine) -> None:
    with Session(moved) as session:
        assert session.scalar(select(func.count(Correction.id))) == 1
        _journey(session)
        session.add(_alert(known_by=1, known_at=AT))
        session.commit()
        session.execute(text("DELETE FROM users"))
        session.commit()
        assert session.scalars(select(Alert.known_by)).one() is None
        session.execute(text("DELETE FROM workspaces"))
        session.commit()
        assert session.scalar(select(func.count(Alert.id))) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"side": "left"},
        {"rhythm": "hour"},
        {"settled": True},
        {"until": AT.date()},
        {"signal": "s"},
    ],
)
def test_the_table_refuses_what_makes_no_sense(moved: Engine, wrong: dict[str, Any]) -> None:
    with Session(moved) as session:
        _journey(session)
        session.add(_alert())
        session.flush()
        session.add(_alert(**{"signal": "t", **wrong}))
        with pytest.raises(IntegrityError):
            session.flush()


def test_it_moves_back_and_on_again(moved: Engine) -> None:
    move_back(moved, "0009")
    assert "alerts" not in inspect(moved).get_table_names()
    migrate.upgrade(moved)
    with Session(moved) as session:
        assert session.scalar(select(func.count(Correction.id))) == 1
