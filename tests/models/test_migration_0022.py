"""After moving on, answers can be put right, and every old comment is there, asking for nobody."""

from __future__ import annotations

from typing import Any

import pytest
from old_database import AT, Add, add_comment, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import marking, migrate
from models.answer_correction import AnswerCorrection
from models.reading import Comment

OF = {"workspace_id": 1, "survey_id": 1}
GIVEN = {"channel": "sms", "source": "waymark", "external_id": "1", "status": "open", "state": {}}


def _fill(add: Add) -> None:
    add_shop(add)
    add("surveys", workspace_id=1, key="k", name="K", enabled=True, quarantine_days=1.0)
    add("survey_versions", **OF, number=1, definition={}, content_hash="h", published_at=AT)
    add("responses", **OF, **GIVEN, version_id=1, occurred_at=AT, started_at=AT, updated_at=AT)
    add_comment(add, response_id=1, text="call me")


@pytest.fixture
def old(begin: Begin) -> Engine:
    """A database at 0021 on each engine in turn, with a comment of a response in it."""
    return begin.at("0021", _fill)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """The same, moved on to the newest tables."""
    return begin.moved("0021", _fill)


def put_right(**more: Any) -> AnswerCorrection:
    given = {"kind": "corrected", "reason": "minutes", "was": {"value": 8}, "said": {}, **more}
    return AnswerCorrection(
        workspace_id=1, response_id=1, question="score", user_id=1, created_at=AT, **given
    )


def test_comments_stay_and_answers_can_be_put_right(old: Engine) -> None:
    with old.connect() as connection:
        before = connection.scalar(text("SELECT count(*) FROM comments"))
    migrate.upgrade(old)
    with Session(old) as session:
        kept = session.query(Comment).all()
        assert len(kept) == before == 1 and not any(one.wants_contact for one in kept)
        first = put_right()
        session.add(first)
        session.commit()
        session.add(put_right(kind="undone", undoes_id=first.id))
        session.commit()
        assert first.said == {}
    with old.connect() as connection:
        assert marking.missing(connection) == []
    names = {index["name"] for index in inspect(old).get_indexes("comments")}
    assert {"ix_comments_needed", "ix_comments_urgent"} <= names
    move_back(old, "0021")
    with old.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM comments")) == before
    migrate.upgrade(old)


@pytest.mark.parametrize("wrong", [{"kind": "guessed"}, {"kind": "undone"}, {"undoes_id": 1}])
def test_what_corrections_may_be_is_checked(moved: Engine, wrong: dict[str, Any]) -> None:
    with Session(moved) as session:
        session.add(put_right())
        session.commit()
        session.add(put_right(**wrong))
        with pytest.raises(IntegrityError):
            session.flush()


def test_a_correction_is_undone_once_and_goes_with_its_response(moved: Engine) -> None:
    with Session(moved) as session:
        first = put_right()
        session.add(first)
        session.commit()
        session.add(put_right(kind="undone", undoes_id=first.id))
        session.commit()
        session.add(put_right(kind="undone", undoes_id=first.id))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
        session.execute(text("DELETE FROM responses WHERE id = 1"))
        session.commit()
        assert session.query(AnswerCorrection).count() == 0
