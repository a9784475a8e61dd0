"""A database with corrections in it moves on to urgency, and back."""

from __future__ import annotations

import pytest
from old_database import AT, Add, add_comment, add_correction, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback.corrections.apply import Change
from feedback.corrections.record import correct, undo
from models import migrate
from models.correction import Correction
from models.reading import Comment
from models.workspace import User

READ = {"read_state": "read", "read_at": AT, "model": "old", "sentiment_score": -0.5}
OWNER = "INSERT INTO corrections (workspace_id, comment_id, created_at, text_hash, kind"


def _fill(add: Add) -> None:
    add_shop(add)
    own = {"read": True, "sentiment": "positive", "sentiment_score": 0.5, "mentions": []}
    kept = {**own, "probabilities": {}, "themes": {}}
    add_comment(add, **READ, sentiment="negative", urgency=0.9, model_reading=kept)
    add_comment(add, **READ, sentiment="negative", urgency=0.1, external_id="2")
    add_correction(add)
    add_correction(add, kind="undone", sentiment=None, undoes_id=1)
    add_correction(add, sentiment="negative")


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """A database at 0004 on each engine in turn, with corrections, one of them undone, moved on."""
    return begin.moved("0004", _fill)


def _ledger(session: Session) -> list[tuple[int, str, int | None]]:
    rows = session.execute(select(Correction.id, Correction.kind, Correction.undoes_id))
    return sorted((row[0], row[1], row[2]) for row in rows)


def test_corrections_and_what_undid_them_move_on(moved: Engine) -> None:
    with Session(moved, expire_on_commit=False) as session:
        whole = [(1, "sentiment", None), (2, "undone", 1), (3, "sentiment", None)]
        assert _ledger(session) == whole
        urgent = dict(session.execute(select(Comment.id, Comment.urgent)).all())
        assert urgent == {1: True, 2: False}, "by the threshold of the model of that time"
        user = session.get_one(User, 1)
        made = correct(session, user, 1, "h", [Change("not_urgent")], AT)
        comment = session.get_one(Comment, 1)
        assert made == [4] and (comment.urgent, comment.urgency) == (False, 0.0)
        undo(session, user, 1, [3, 4], AT)
        assert (comment.urgent, comment.urgency) == (True, 0.9), "the model's, kept before it said"
        assert comment.sentiment == "positive"
        assert _ledger(session)[-2:] == [(5, "undone", 3), (6, "undone", 4)]


def test_an_undone_correction_still_goes_with_what_it_undoes(moved: Engine) -> None:
    with Session(moved) as session:
        session.execute(text("DELETE FROM corrections WHERE id = 1"))
        session.commit()
        assert _ledger(session) == [(3, "sentiment", None)]
    with pytest.raises(IntegrityError), moved.begin() as connection:
        connection.execute(
            text(f"{OWNER}, undoes_id) VALUES (1, 1, '2026-11-01', 'h', 'undone', 99)")
        )


def test_the_tables_refuse_what_makes_no_sense(moved: Engine) -> None:
    at = "VALUES (1, 1, '2026-11-01', 'h'"
    done = "(comment_id, workspace_id, asked_at, text_hash, done_at)"
    for statement in (
        f"{OWNER}) {at}, 'confirmed')",
        f"{OWNER}, reading) {at}, 'urgent', '{{}}')",
        f"{OWNER}) {at}, 'furious')",
        f"{OWNER}) {at}, 'sentiment')",
        f"INSERT INTO explanations {done} {at}, '2026-11-01')",
    ):
        with pytest.raises(IntegrityError), moved.begin() as connection:
            connection.execute(text(statement))


def test_there_and_back_and_there_again(moved: Engine) -> None:
    with Session(moved) as session:
        user = session.get_one(User, 1)
        urgent = correct(session, user, 2, "h", [Change("urgent")], AT)
        undo(session, user, 2, urgent, AT)
    move_back(moved, "0004")
    with moved.connect() as connection:
        kinds = list(connection.execute(text("SELECT kind FROM corrections ORDER BY id")).scalars())
        assert kinds == ["sentiment", "undone", "sentiment"]
    migrate.upgrade(moved)
    with Session(moved) as session:
        assert len(_ledger(session)) == 3
