"""A database with corrections in it moves on to model versions, and back."""

from __future__ import annotations

from typing import Any

import pytest
from old_database import AT, Add, add_comment, add_correction, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import migrate
from models.correction import Correction
from models.model_version import ModelVersion


def _fill(add: Add) -> None:
    add_shop(add)
    add_comment(add)
    add_correction(add)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """A database at 0005 on each engine in turn, with a correction, moved on."""
    return begin.moved("0005", _fill)


@pytest.fixture
def untouched(begin: Begin) -> Engine:
    """The same, for what leaves nothing in it."""
    return begin.untouched("0005", _fill)


def _version(number: int, state: str = "candidate", **more: Any) -> ModelVersion:
    heads = None if state == "failed" else {"sentiment": {}}
    given = {"heads": heads, "reason": "none" if state == "failed" else None, **more}
    return ModelVersion(
        workspace_id=1,
        number=number,
        state=state,
        base="waymark-1",
        weights="w",
        counts={},
        figures={},
        learned_to=AT,
        created_at=AT,
        **given,
    )


def test_corrections_move_on_and_versions_can_be_kept(moved: Engine) -> None:
    with moved.connect() as connection:
        assert migrate.current(connection) == migrate.heads()
    with Session(moved) as session:
        assert session.scalar(select(func.count(Correction.id))) == 1
        first = _version(1, "current", promoted_at=AT, promoted_by=1)
        session.add(first)
        session.flush()
        session.add_all([_version(2, replaces_id=first.id), _version(3, "failed")])
        session.commit()
        assert first.name == "waymark-1+w1"
        session.execute(text("DELETE FROM users"))
        session.execute(text("DELETE FROM model_versions WHERE number = 1"))
        session.commit()
        left = session.scalars(select(ModelVersion).order_by(ModelVersion.number)).all()
        assert [(one.number, one.replaces_id) for one in left] == [(2, None), (3, None)]
        session.execute(text("DELETE FROM workspaces"))
        session.commit()
        assert session.scalar(select(func.count(ModelVersion.id))) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "wished"},
        {"state": "failed", "reason": None},
        {"state": "candidate", "heads": None},
        {"state": "candidate", "reason": "none"},
        {"state": "current"},
        {"number": 1},
    ],
)
def test_the_table_refuses_what_makes_no_sense(untouched: Engine, wrong: dict[str, Any]) -> None:
    with Session(untouched) as session:
        session.add(_version(1))
        session.flush()
        session.add(_version(**{"number": 2, "state": "retired", **wrong}))
        with pytest.raises(IntegrityError):
            session.flush()


def test_two_candidates_of_one_workspace_are_refused(moved: Engine) -> None:
    with Session(moved) as session:
        session.add_all([_version(1), _version(2)])
        with pytest.raises(IntegrityError):
            session.flush()


def test_it_moves_back_and_on_again(moved: Engine) -> None:
    move_back(moved, "0005")
    assert "model_versions" not in inspect(moved).get_table_names()
    migrate.upgrade(moved)
    with Session(moved) as session:
        assert session.scalar(select(func.count(Correction.id))) == 1
