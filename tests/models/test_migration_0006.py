"""A database with corrections in it moves on to model versions, and back."""

from __future__ import annotations

from typing import Any

import pytest
from old_database import AT, add_comment, add_correction, add_shop, move_back, rows_at
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import migrate
from models.correction import Correction
from models.model_version import ModelVersion


@pytest.fixture
def old(empty: Engine) -> Engine:
    """A database at 0005 on each engine in turn, with a correction."""
    with rows_at(empty, "0005") as add:
        add_shop(add)
        add_comment(add)
        add_correction(add)
    return empty


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


def test_corrections_move_on_and_versions_can_be_kept(old: Engine) -> None:
    migrate.upgrade(old)
    with old.connect() as connection:
        assert migrate.current(connection) == migrate.heads()
    with Session(old) as session:
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
def test_the_table_refuses_what_makes_no_sense(old: Engine, wrong: dict[str, Any]) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        session.add(_version(1))
        session.commit()
        session.add(_version(**{"number": 2, "state": "retired", **wrong}))
        with pytest.raises(IntegrityError):
            session.flush()


def test_two_candidates_of_one_workspace_are_refused(old: Engine) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        session.add_all([_version(1), _version(2)])
        with pytest.raises(IntegrityError):
            session.flush()


def test_it_moves_back_and_on_again(old: Engine) -> None:
    migrate.upgrade(old)
    move_back(old, "0005")
    assert "model_versions" not in inspect(old).get_table_names()
    migrate.upgrade(old)
    with Session(old) as session:
        assert session.scalar(select(func.count(Correction.id))) == 1
