from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from dying import dies_at
from sqlalchemy import select
from sqlalchemy.orm import ORMExecuteState, Session

from feedback import comment_claims, reading, rereading
from feedback.jobs import due
from feedback.listening import text_hash
from models.reading import Comment, Mention
from models.workspace import Workspace
from nlp.reading import CommentText, Reading
from nlp.reading import Mention as Read


@dataclass
class Model:
    """A reader with a name, that finds one theme in all it reads; it may die half-way."""

    name: str
    theme: str = "price"
    dies: bool = False
    heard: list[str] = field(default_factory=list)

    def read(self, comments: Sequence[CommentText]) -> list[Reading]:
        if self.dies:
            raise MemoryError
        self.heard += [one.text for one in comments]
        mention = Read(0, 4, self.theme, "negative", -0.9)
        understood = (True, "negative", -0.9, {}, {}, {self.theme: 0.9}, (mention,))
        return [Reading("en", self.name, *understood) for _ in comments]


def _add(session: Session, workspace: Workspace, now: datetime, *numbers: int) -> None:
    for number in numbers:
        words = f"words of number {number}"
        session.add(
            Comment(
                workspace_id=workspace.id,
                attached_by="import",
                source="import",
                external_id=str(number),
                text=words,
                text_hash=text_hash(words),
                occurred_at=now,
                created_at=now,
            )
        )
    session.commit()


@pytest.fixture
def history(session: Session, workspace: Workspace, now: datetime) -> Workspace:
    """Five comments, read by the model `old`."""
    _add(session, workspace, now, 1, 2, 3, 4, 5)
    reading.read_waiting(session, Model("old"), lambda: now)
    return workspace


def _rows(session: Session, column: Any) -> list[Any]:
    """A column's values, in the order in which comments are read."""
    session.expire_all()
    query = select(column).join(Mention, Mention.comment_id == Comment.id, isouter=True)
    return list(session.scalars(query.select_from(Comment).order_by(Comment.id)))


def test_marking_changes_no_reading_and_happens_once(
    session: Session, history: Workspace, now: datetime
) -> None:
    assert rereading.mark(session, history.id, "new", now, batch=2) == 5
    assert rereading.mark(session, history.id, "new", now, batch=2) == 0
    assert rereading.remaining(session, history.id, "new") == rereading.Remaining(5, 0)
    assert _rows(session, Comment.model) == ["old"] * 5
    assert _rows(session, Comment.read_state) == ["read"] * 5


def test_marking_that_was_stopped_goes_on(
    session: Session, history: Workspace, now: datetime
) -> None:
    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rereading.mark(session, history.id, "new", now, stop, batch=2)
    assert rereading.remaining(session, history.id, "new") == rereading.Remaining(2, 3)
    assert rereading.mark(session, history.id, "new", now, batch=2) == 3


def test_other_workspaces_and_the_newest_model_s_comments_are_left_alone(
    session: Session, history: Workspace, make_workspace: Any, now: datetime
) -> None:
    other = make_workspace(session, "other")
    _add(session, other, now, 6)
    _add(session, history, now, 7)
    reading.read_waiting(session, Model("new"), lambda: now)
    _add(session, history, now, 8)
    assert rereading.mark(session, other.id, "new", now) == 0
    assert rereading.mark(session, history.id, "new", now) == 5, "not 7, and not 8 that waits"


def test_the_old_reading_counts_until_the_new_one_is_written(
    session: Session, history: Workspace, now: datetime
) -> None:
    rereading.mark(session, history.id, "new", now)
    new = Model("new", "delivery_speed")
    for left in (3, 1, 0):
        reading.read_waiting(session, new, lambda: now, limit=2)
        assert rereading.remaining(session, history.id, "new").marked == left
        models, themes = _rows(session, Comment.model), _rows(session, Mention.theme)
        assert models == ["old"] * left + ["new"] * (5 - left), "the newest first"
        assert themes == ["price"] * left + ["delivery_speed"] * (5 - left)
    assert reading.read_waiting(session, new, lambda: now) == 0
    assert len(new.heard) == len(set(new.heard)) == 5


def test_a_killed_reader_leaves_the_old_reading_and_the_next_one_goes_on(
    session: Session, history: Workspace, now: datetime
) -> None:
    rereading.mark(session, history.id, "new", now)
    with pytest.raises(MemoryError):
        reading.read_waiting(session, Model("new", dies=True), lambda: now, limit=3)
    session.rollback()
    assert _rows(session, Comment.model) == ["old"] * 5
    assert reading.read_waiting(session, Model("new"), lambda: now) == 2, "three are still claimed"
    later = now + comment_claims.CLAIM + timedelta(seconds=1)
    assert due.read(session, later) == now
    assert reading.read_waiting(session, Model("new"), lambda: later) == 3
    assert _rows(session, Comment.model) == ["new"] * 5
    assert _rows(session, Mention.theme) == ["price"] * 5


def test_killed_while_writing_nothing_is_half_written(
    session: Session, history: Workspace, now: datetime
) -> None:
    rereading.mark(session, history.id, "new", now)

    def writing(told: ORMExecuteState) -> bool:
        return told.is_insert and told.bind_mapper is Mention.__mapper__

    with dies_at(session, "do_orm_execute", writing):
        reading.read_waiting(session, Model("new", "delivery_speed"), lambda: now)
    session.rollback()
    assert _rows(session, Comment.model) == ["old"] * 5
    assert _rows(session, Mention.theme) == ["price"] * 5


def test_new_comments_go_before_history(
    session: Session, history: Workspace, now: datetime
) -> None:
    rereading.mark(session, history.id, "new", now)
    _add(session, history, now + timedelta(hours=1), 6)
    assert due.read(session, now) == now + timedelta(hours=1)
    new = Model("new")
    assert reading.read_waiting(session, new, lambda: now) == 1
    assert new.heard == ["words of number 6"]
    assert due.read(session, now) == now
    assert reading.read_waiting(session, new, lambda: now) == 5
    assert due.read(session, now) is None


def test_a_slow_reader_does_not_write_over_a_newer_reading(
    session: Session, history: Workspace, now: datetime
) -> None:
    rereading.mark(session, history.id, "newer", now)
    later = now + comment_claims.CLAIM + timedelta(seconds=1)

    class Slow(Model):
        def read(self, comments: Sequence[CommentText]) -> list[Reading]:
            reading.read_waiting(session, Model("newer"), lambda: later)
            return super().read(comments)

    reading.read_waiting(session, Slow("new"), lambda: now)
    assert _rows(session, Comment.model) == ["newer"] * 5
