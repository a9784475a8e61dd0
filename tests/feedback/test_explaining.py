"""The words behind a reading: asked for once, weighed by the worker, kept while they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from people import add_user
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from feedback import explaining, reading
from feedback.app import make_services
from feedback.asked_why import ask, explanation_of, owed
from feedback.corrections.apply import Change
from feedback.corrections.record import correct
from feedback.jobs import due
from feedback.jobs.bench import Bench
from feedback.jobs.work import JOBS, LANES
from feedback.listening import text_hash
from feedback.settings import load
from models.errors import Conflict
from models.explanation import Explanation
from models.reading import UNREAD, Comment
from models.workspace import User, Workspace
from nlp.explain import Piece
from nlp.reader import Reader
from nlp.reading import CommentText, Mention, Reading
from nlp.why import Why
from tests.nlp.fake_reader import fake_reader

TEXT = "It came late and I will call my solicitor."


@dataclass
class Model:
    """Reads all alike, and explains by the first word of a stretch; remembers what it was asked."""

    model: str = "first"
    heard: list[tuple[CommentText, list[str]]] = field(default_factory=list)
    while_weighing: Callable[[], object] = lambda: None

    def read(self, comments: Sequence[CommentText]) -> list[Reading]:
        mention = Mention(0, 12, "delivery_speed", "negative", -0.9)
        understood = (True, "negative", -0.9, {}, {}, {"delivery_speed": 0.9}, (mention,))
        urgent = {"urgency": 0.9, "urgent": True, "risks": {"legal": 0.8}}
        return [Reading("en", self.model, *understood, **urgent) for _ in comments]

    def mentions(self, text: CommentText, mentions: Sequence[Mention]) -> list[Why]:
        self.heard.append((text, [one.theme for one in mentions]))
        self.while_weighing()
        return [Why((Piece(8, 12, 1.0),), (Piece(3, 7, -0.4), Piece(8, 12, 0.6))) for _ in mentions]

    def urgency(self, text: CommentText) -> tuple[Piece, ...]:
        return (Piece(32, 41, 1.0),)


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def comment(session: Session, workspace: Workspace, model: Model, now: datetime) -> Comment:
    row = Comment(
        workspace_id=workspace.id,
        attached_by="import",
        source="import",
        external_id="1",
        question="Why?",
        text=TEXT,
        text_hash=text_hash(TEXT),
        occurred_at=now,
        created_at=now,
    )
    session.add(row)
    session.commit()
    reading.read_waiting(session, model, lambda: now)
    session.refresh(row)
    return row


def _explain(session: Session, model: Model, now: datetime) -> int:
    return explaining.explain_next(session, lambda workspace_id: model, lambda: now)


def test_a_question_is_owed_until_it_is_answered(
    session: Session, comment: Comment, model: Model, now: datetime
) -> None:
    assert explanation_of(session, comment) is None and owed(session, now) is None
    ask(session, comment, now)
    assert due.explain(session, now) == now
    waiting = explanation_of(session, comment)
    assert waiting is not None and waiting.words is None
    assert _explain(session, model, now) == 1
    found = explanation_of(session, comment)
    assert found is not None and found.model == "first"
    assert found.words == {
        "mentions": [
            {
                "start": 0,
                "end": 12,
                "theme": "delivery_speed",
                "sentiment": "negative",
                "theme_words": [[8, 12, 1.0]],
                "sentiment_words": [[3, 7, -0.4], [8, 12, 0.6]],
            }
        ],
        "urgent": [[32, 41, 1.0]],
    }
    assert model.heard == [(CommentText(TEXT, "Why?", "en", "en"), ["delivery_speed"])]
    assert owed(session, now) is None and _explain(session, model, now) == 0


def test_asked_again_it_is_not_worked_out_again(
    session: Session, comment: Comment, model: Model, now: datetime
) -> None:
    for _ in range(2):
        ask(session, comment, now)
        ask(session, comment, now + timedelta(seconds=1))
        _explain(session, model, now)
    assert len(model.heard) == 1


def test_a_comment_read_again_is_asked_about_anew(
    session: Session, comment: Comment, model: Model, now: datetime
) -> None:
    ask(session, comment, now)
    _explain(session, model, now)
    comment.reread_at = now
    session.commit()
    later = now + timedelta(hours=1)
    reading.read_waiting(session, Model("second"), lambda: later)
    session.refresh(comment)
    assert explanation_of(session, comment) is None
    ask(session, comment, later)
    _explain(session, Model("second"), later)
    found = explanation_of(session, comment)
    assert found is not None and found.model == "second"


def test_words_that_changed_drop_the_question(
    session: Session, comment: Comment, model: Model, now: datetime
) -> None:
    ask(session, comment, now)
    for name, value in {**UNREAD, "text": "Other.", "text_hash": text_hash("Other.")}.items():
        setattr(comment, name, value)
    session.commit()
    assert explanation_of(session, comment) is None
    assert _explain(session, model, now) == 1 and model.heard == []
    assert session.scalar(select(func.count(Explanation.comment_id))) == 0
    with pytest.raises(Conflict, match="waiting"):
        ask(session, comment, now)


def test_a_killed_worker_s_question_is_taken_up_later(
    session: Session, comment: Comment, model: Model, now: datetime
) -> None:
    def die() -> None:
        raise MemoryError

    ask(session, comment, now)
    with pytest.raises(MemoryError):
        _explain(session, Model(while_weighing=die), now)
    session.rollback()
    assert _explain(session, model, now) == 0, "it is still claimed"
    later = now + explaining.CLAIM + timedelta(seconds=1)
    assert due.explain(session, later) == now
    assert _explain(session, model, later) == 1
    found = explanation_of(session, comment)
    assert found is not None and found.words is not None


def test_an_answer_to_words_that_changed_meanwhile_is_not_kept(
    engine: Engine, session: Session, comment: Comment, now: datetime
) -> None:
    ask(session, comment, now)
    later = now + timedelta(seconds=5)

    def change() -> None:
        with Session(engine, expire_on_commit=False) as elsewhere:
            row = elsewhere.get_one(Comment, comment.id)
            row.text, row.text_hash = "Other words.", text_hash("Other words.")
            elsewhere.commit()
            ask(elsewhere, row, later)

    _explain(session, Model(while_weighing=change), now)
    session.refresh(comment)
    found = explanation_of(session, comment)
    assert found is not None and found.done_at is None and found.asked_at == later


def test_what_a_person_said_is_not_explained_and_the_model_s_word_under_it_is(
    session: Session, comment: Comment, model: Model, workspace: Workspace, now: datetime
) -> None:
    add_user(session, workspace, "ada@shop.example", "long enough a word", now)
    session.commit()
    user = session.scalars(select(User)).one()
    added = Change("added", "negative", 13, 42, "communication")
    removed = Change("removed", None, 0, 12, "delivery_speed")
    correct(session, user, comment.id, comment.text_hash, [added, removed], now)
    ask(session, comment, now)
    _explain(session, model, now)
    assert model.heard[0][1] == ["delivery_speed"], "it is there at once should they take it back"


class FakeBench(Bench):
    """A bench whose reader counts words."""

    @property
    def reader(self) -> Reader:
        """The reader of the tests."""
        return fake_reader()[0]


def test_a_worker_answers_in_a_lane_of_its_own(
    engine: Engine, session: Session, comment: Comment, now: datetime
) -> None:
    given = {"DATABASE_URL": "sqlite://", "SECRET_KEY": "s" * 40, "PUBLIC_URL": "http://x.example"}
    bench = FakeBench(engine, make_services(load(given), lambda: now))
    ask(session, comment, now)
    assert JOBS[due.EXPLAIN](bench) == 1 and JOBS[due.EXPLAIN](bench) == 0
    found = explanation_of(session, comment)
    assert found is not None and found.model == "fake-1" and found.words is not None
    assert found.words["mentions"][0]["theme_words"] == [[8, 12, 1.0]], "late"
    assert [kinds for kinds in LANES.values() if due.EXPLAIN in kinds] == [(due.EXPLAIN,)]
