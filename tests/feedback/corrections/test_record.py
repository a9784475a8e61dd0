from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from people import add_user
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from feedback import reading, workspaces
from feedback.corrections.apply import Change
from feedback.corrections.record import correct, undo
from feedback.listening import text_hash
from models.correction import Correction
from models.errors import Conflict, InvalidInput, NotFound
from models.reading import UNREAD, Comment, Mention
from models.workspace import User, Workspace
from nlp.reading import CommentText, Reading
from nlp.reading import Mention as Read

TEXT = "It came late and nobody was sorry."
HASH = text_hash(TEXT)
POSITIVE = Change("sentiment", "positive")
TO_PRICE = Change("changed", "neutral", 0, 12, "delivery_speed", "price")
NOT_STAFF = Change("removed", None, 13, 34, "staff_attitude")
Shown = list[tuple[int, int, str, str, str]]


@dataclass
class Model:
    """A reader that says the same of every comment, under its own name."""

    name: str = "first"
    sentiment: str = "negative"
    score: float = -0.7
    mentions: tuple[Read, ...] = (
        Read(0, 12, "delivery_speed", "negative", -0.8),
        Read(13, 34, "staff_attitude", "negative", -0.6),
    )
    reads: bool = True
    heard: list[CommentText] = field(default_factory=list)

    def read(self, comments: Sequence[CommentText]) -> list[Reading]:
        self.heard += comments
        themes = {one.theme: 0.9 for one in self.mentions}
        chances = {self.sentiment: 0.9}
        understood = (True, self.sentiment, self.score, chances, {"anger": 0.8}, themes)
        if not self.reads:
            return [Reading("de", self.name) for _ in comments]
        return [Reading("en", self.name, *understood, self.mentions) for _ in comments]


SECOND = Model(
    "second",
    "neutral",
    0.1,
    (
        Read(3, 20, "delivery_speed", "negative", -0.9),
        Read(0, 34, "staff_attitude", "neutral", 0.0),
        Read(0, 34, "communication", "negative", -0.5),
    ),
)


@pytest.fixture
def user(session: Session, workspace: Workspace, now: datetime) -> User:
    add_user(session, workspace, "ada@shop.example", "long enough a word", now)
    session.commit()
    return session.scalars(select(User)).one()


@pytest.fixture
def comment(session: Session, workspace: Workspace, now: datetime) -> Comment:
    row = _waiting(workspace.id, now)
    session.add(row)
    session.commit()
    reading.read_waiting(session, Model(), lambda: now)
    session.refresh(row)
    return row


def _waiting(workspace_id: int, now: datetime, number: int = 1) -> Comment:
    return Comment(
        workspace_id=workspace_id,
        attached_by="import",
        source="import",
        external_id=str(number),
        text=TEXT,
        text_hash=HASH,
        occurred_at=now,
        created_at=now,
    )


def _mentions(session: Session, comment: Comment) -> Shown:
    rows = session.scalars(
        select(Mention)
        .where(Mention.comment_id == comment.id)
        .order_by(Mention.start, Mention.end, Mention.theme)
        .execution_options(populate_existing=True)
    )
    return [(m.start, m.end, m.theme, m.sentiment, m.source) for m in rows]


def _reread(session: Session, comment: Comment, model: Model, now: datetime) -> None:
    comment.reread_at = now
    session.commit()
    assert reading.read_waiting(session, model, lambda: now) == 1
    session.refresh(comment)


def test_a_correction_counts_at_once_and_the_model_s_word_is_kept(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    made = correct(session, user, comment.id, HASH, [POSITIVE, TO_PRICE, NOT_STAFF], now)
    session.refresh(comment)
    assert len(made) == 3
    assert (comment.sentiment, comment.sentiment_score) == ("positive", 1.0)
    assert comment.themes == {"price": 1.0}
    assert comment.model_reading is not None
    assert comment.model_reading["sentiment_score"] == -0.7
    assert _mentions(session, comment) == [(0, 12, "price", "neutral", "person")]
    row = session.get_one(Correction, made[1])
    assert (row.user_id, row.created_at, row.was) == (user.id, now, "negative")


def test_undo_is_another_row_and_gives_the_model_s_reading_back(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    before = (comment.sentiment_score, comment.themes, _mentions(session, comment))
    made = correct(session, user, comment.id, HASH, [POSITIVE, TO_PRICE, NOT_STAFF], now)
    assert undo(session, user, comment.id, made, now) == 3
    session.refresh(comment)
    assert (comment.sentiment_score, comment.themes, _mentions(session, comment)) == before
    assert comment.model_reading is None
    assert session.scalar(select(func.count(Correction.id))) == 6
    assert undo(session, user, comment.id, made, now) == 0


def test_corrections_win_over_another_model_and_undo_gives_the_newest_one(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    made = correct(session, user, comment.id, HASH, [POSITIVE, TO_PRICE, NOT_STAFF], now)
    _reread(session, comment, SECOND, now)
    assert (comment.model, comment.sentiment, comment.sentiment_score) == (
        *("second", "positive"),
        1.0,
    )
    assert _mentions(session, comment) == [
        (0, 12, "price", "neutral", "person"),
        (0, 34, "communication", "negative", "model"),
    ]
    undo(session, user, comment.id, made, now)
    session.refresh(comment)
    assert (comment.sentiment, comment.sentiment_score) == ("neutral", 0.1)
    wanted = [(m.start, m.end, m.theme, m.sentiment, "model") for m in SECOND.mentions]
    assert _mentions(session, comment) == sorted(wanted)
    assert comment.emotions == {"anger": 0.8}


def test_undoing_one_of_two_leaves_the_older_word(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    correct(session, user, comment.id, HASH, [POSITIVE], now)
    newer = correct(session, user, comment.id, HASH, [Change("sentiment", "neutral")], now)
    undo(session, user, comment.id, newer, now)
    session.refresh(comment)
    assert comment.sentiment == "positive"


def test_the_same_form_sent_twice_counts_once(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    said = [POSITIVE, TO_PRICE, NOT_STAFF]
    assert len(correct(session, user, comment.id, HASH, said, now)) == 3
    assert correct(session, user, comment.id, HASH, said, now) == []
    _reread(session, comment, SECOND, now)
    once = (comment.sentiment, comment.themes, _mentions(session, comment))
    _reread(session, comment, SECOND, now)
    assert (comment.sentiment, comment.themes, _mentions(session, comment)) == once


def test_words_that_changed_lose_their_corrections_until_they_are_back(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    correct(session, user, comment.id, HASH, [POSITIVE, TO_PRICE], now)

    def say(text: str) -> None:
        for name, value in {**UNREAD, "text": text, "text_hash": text_hash(text)}.items():
            setattr(comment, name, value)
        session.commit()
        reading.read_waiting(session, Model(), lambda: now)
        session.refresh(comment)

    with pytest.raises(Conflict, match="changed these words"):
        correct(session, user, comment.id, text_hash("other"), [POSITIVE], now)
    session.rollback()
    say("It came late, and I changed my mind.")
    assert (comment.sentiment, comment.model_reading) == ("negative", None)
    assert {source for *_, source in _mentions(session, comment)} == {"model"}
    say(TEXT)
    assert comment.sentiment == "positive"


def test_a_comment_that_waits_can_not_be_corrected_yet(
    session: Session, workspace: Workspace, user: User, now: datetime
) -> None:
    row = _waiting(workspace.id, now)
    session.add(row)
    session.commit()
    with pytest.raises(Conflict, match="waiting"):
        correct(session, user, row.id, HASH, [POSITIVE], now)


def test_what_no_model_read_counts_once_a_person_read_it(
    session: Session, workspace: Workspace, user: User, now: datetime
) -> None:
    row = _waiting(workspace.id, now)
    session.add(row)
    session.commit()
    reading.read_waiting(session, Model(reads=False), lambda: now)
    added = Change("added", "negative", 0, 12, "delivery_speed")
    made = correct(session, user, row.id, HASH, [added], now)
    session.refresh(row)
    assert (row.read_state, row.sentiment, row.themes) == (
        "read",
        "negative",
        {"delivery_speed": 1},
    )
    undo(session, user, row.id, made, now)
    session.refresh(row)
    assert (row.read_state, row.sentiment, _mentions(session, row)) == ("not_read", None, [])


@pytest.mark.parametrize(
    "change",
    [
        Change("sentiment", "delighted"),
        Change("added", "negative", 0, 12, "nonsense"),
        Change("added", "negative", 0, 99, "price"),
        Change("added", "negative", 5, 5, "price"),
        Change("changed", "negative", 0, 12, "delivery_speed", "nonsense"),
    ],
)
def test_what_no_form_sends_is_refused(
    session: Session, comment: Comment, user: User, now: datetime, change: Change
) -> None:
    with pytest.raises(InvalidInput):
        correct(session, user, comment.id, HASH, [POSITIVE, change], now)
    session.rollback()
    assert session.scalar(select(func.count(Correction.id))) == 0


def test_another_workspace_corrects_nothing(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    made = correct(session, user, comment.id, HASH, [POSITIVE], now)
    other = workspaces.create(session, "other", now)
    add_user(session, other, "eve@other.example", "long enough a word", now)
    session.commit()
    eve = session.scalars(select(User).where(User.workspace_id == other.id)).one()
    for attempt in (
        lambda: correct(session, eve, comment.id, HASH, [TO_PRICE], now),
        lambda: undo(session, eve, comment.id, made, now),
    ):
        with pytest.raises(NotFound):
            attempt()
        session.rollback()


def test_a_correction_while_a_reading_is_on_its_way_is_laid_over_it(
    engine: Engine, session: Session, comment: Comment, user: User, now: datetime
) -> None:
    """The new reading was computed before the correction, and is written after it."""
    comment.reread_at = now
    session.commit()

    class Slow(Model):
        def read(self, comments: Sequence[CommentText]) -> list[Reading]:
            with Session(engine, expire_on_commit=False) as elsewhere:
                correct(elsewhere, user, comment.id, HASH, [POSITIVE], now)
            return super().read(comments)

    reading.read_waiting(session, Slow("second"), lambda: now)
    session.refresh(comment)
    assert (comment.model, comment.sentiment) == ("second", "positive")


def test_two_people_at_once_lose_nothing(
    engine: Engine, session: Session, comment: Comment, user: User, now: datetime
) -> None:
    barrier = threading.Barrier(2)

    def say(change: Change) -> None:
        with Session(engine, expire_on_commit=False) as own:
            barrier.wait()
            correct(own, user, comment.id, HASH, [change], now)

    threads = [threading.Thread(target=say, args=(one,)) for one in (TO_PRICE, NOT_STAFF)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert _mentions(session, comment) == [(0, 12, "price", "neutral", "person")]


def test_erasing_a_comment_erases_what_was_said_of_it(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    made = correct(session, user, comment.id, HASH, [POSITIVE], now)
    undo(session, user, comment.id, made, now + timedelta(seconds=1))
    session.delete(comment)
    session.commit()
    assert session.scalar(select(func.count(Correction.id))) == 0
