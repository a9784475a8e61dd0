"""A person's word on urgency, and that a reading is right: both win over what models read later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from people import add_user
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import reading, workspaces
from feedback.corrections.apply import Change
from feedback.corrections.record import correct, undo
from feedback.corrections.rows import confirmed, corrections_of, counted
from feedback.handling import dealt, handle, is_open, open_urgent, reopen
from feedback.listening import text_hash
from models.correction import Correction
from models.errors import Conflict, NotFound
from models.reading import UNREAD, Comment, Mention
from models.workspace import User, Workspace
from nlp.reading import CommentText, Reading
from nlp.reading import Mention as Read

TEXT = "It came late and my solicitor will hear of it."
HASH = text_hash(TEXT)
CONFIRMED = Change("confirmed")


@dataclass
class Model:
    """A reader that says the same of every comment."""

    name: str = "first"
    sentiment: str = "negative"
    theme: str = "delivery_speed"
    urgency: float = 0.9
    risks: dict[str, float] = field(default_factory=lambda: {"legal": 0.8})
    reads: bool = True

    def read(self, comments: Sequence[CommentText]) -> list[Reading]:
        if not self.reads:
            return [Reading("de", self.name) for _ in comments]
        mention = Read(0, 12, self.theme, self.sentiment, -0.8)
        understood = (True, self.sentiment, -0.7, {self.sentiment: 0.9}, {}, {self.theme: 0.9})
        urgent = {"urgency": self.urgency, "urgent": self.urgency > 0.5, "risks": self.risks}
        return [Reading("en", self.name, *understood, (mention,), **urgent) for _ in comments]


CALM = Model("second", "neutral", "price", 0.1, {})


@pytest.fixture
def user(session: Session, workspace: Workspace, now: datetime) -> User:
    add_user(session, workspace, "ada@shop.example", "long enough a word", now)
    session.commit()
    return session.scalars(select(User)).one()


@pytest.fixture
def comment(session: Session, workspace: Workspace, now: datetime) -> Comment:
    row = Comment(
        workspace_id=workspace.id,
        attached_by="import",
        source="import",
        external_id="1",
        text=TEXT,
        text_hash=HASH,
        occurred_at=now,
        created_at=now,
    )
    session.add(row)
    session.commit()
    reading.read_waiting(session, Model(), lambda: now)
    session.refresh(row)
    return row


def _reread(session: Session, comment: Comment, model: Model, now: datetime) -> None:
    comment.reread_at = now
    session.commit()
    assert reading.read_waiting(session, model, lambda: now) == 1
    session.refresh(comment)


def _urgency(comment: Comment) -> tuple[bool, float | None, object]:
    return comment.urgent, comment.urgency, comment.risks


def _mentions(session: Session, comment: Comment) -> list[tuple[str, str, float, str]]:
    query = select(Mention).where(Mention.comment_id == comment.id).order_by(Mention.theme)
    rows = session.scalars(query.execution_options(populate_existing=True))
    return [(m.theme, m.sentiment, m.sentiment_score, m.source) for m in rows]


def _confirm(session: Session, comment: Comment, user: User, now: datetime) -> list[int]:
    stamp = counted(session, comment).stamp
    return correct(session, user, comment.id, HASH, [CONFIRMED], now, stamp)


def test_the_model_s_urgency_and_reasons_are_stored_and_written_again(
    session: Session, comment: Comment, now: datetime
) -> None:
    assert _urgency(comment) == (True, 0.9, {"legal": 0.8})
    _reread(session, comment, CALM, now)
    assert _urgency(comment) == (False, 0.1, {})


def test_not_urgent_by_a_person_wins_until_it_is_taken_back(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    made = correct(session, user, comment.id, HASH, [Change("not_urgent")], now)
    session.refresh(comment)
    assert _urgency(comment) == (False, 0.0, {})
    assert comment.sentiment_score == -0.7, "nothing else was said"
    _reread(session, comment, Model("third", urgency=0.95), now)
    assert _urgency(comment) == (False, 0.0, {})
    assert correct(session, user, comment.id, HASH, [Change("not_urgent")], now) == []
    undo(session, user, comment.id, made, now)
    session.refresh(comment)
    assert _urgency(comment) == (True, 0.95, {"legal": 0.8})


def test_urgent_by_a_person_wins_and_the_last_word_counts(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    _reread(session, comment, CALM, now)
    correct(session, user, comment.id, HASH, [Change("urgent")], now)
    _reread(session, comment, Model("third", urgency=0.2, risks={}), now)
    assert _urgency(comment) == (True, 1.0, {})
    correct(session, user, comment.id, HASH, [Change("not_urgent")], now)
    session.refresh(comment)
    assert not comment.urgent


def test_what_no_model_read_can_be_urgent_and_stays_unread(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    _reread(session, comment, Model("german", reads=False), now)
    correct(session, user, comment.id, HASH, [Change("urgent")], now)
    session.refresh(comment)
    assert (comment.urgent, comment.read_state, comment.sentiment) == (True, "not_read", None)


def test_a_confirmed_reading_wins_over_every_later_one(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    before = counted(session, comment)
    made = _confirm(session, comment, user, now)
    assert len(made) == 1 and counted(session, comment) == before, "nothing moves by it"
    _reread(session, comment, CALM, now)
    assert counted(session, comment) == before and comment.model == "second"
    assert _mentions(session, comment) == [("delivery_speed", "negative", -0.8, "model")]
    _reread(session, comment, Model("german", reads=False), now)
    assert counted(session, comment) == before and comment.read_state == "read"
    _reread(session, comment, CALM, now)
    undo(session, user, comment.id, made, now)
    session.refresh(comment)
    assert (comment.sentiment, comment.urgent, comment.model_reading) == ("neutral", False, None)
    assert _mentions(session, comment)[0][0] == "price"


def test_corrections_before_and_after_a_confirmation(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    correct(session, user, comment.id, HASH, [Change("sentiment", "neutral")], now)
    made = _confirm(session, comment, user, now)
    rows = corrections_of(session, [comment.id])[comment.id]
    assert confirmed(rows, HASH) == made[0]
    later = correct(session, user, comment.id, HASH, [Change("sentiment", "positive")], now)
    _reread(session, comment, Model("third", theme="price"), now)
    assert comment.sentiment == "positive" and _mentions(session, comment)[0][0] == "delivery_speed"
    undo(session, user, comment.id, later, now)
    session.refresh(comment)
    assert comment.sentiment == "neutral", "as it was confirmed"


def test_edits_and_the_rest_are_confirmed_by_one_form_and_it_counts_once(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    stamp = counted(session, comment).stamp
    said = [Change("sentiment", "neutral"), CONFIRMED]
    assert len(correct(session, user, comment.id, HASH, said, now, stamp)) == 2
    assert _confirm(session, comment, user, now) == []
    assert session.scalar(select(func.count(Correction.id))) == 2
    _reread(session, comment, CALM, now)
    assert comment.sentiment == "neutral" and _mentions(session, comment)[0][0] == "delivery_speed"


def test_only_what_was_seen_is_confirmed(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    stamp = counted(session, comment).stamp
    _reread(session, comment, CALM, now)
    with pytest.raises(Conflict, match="read again"):
        correct(session, user, comment.id, HASH, [CONFIRMED], now, stamp)
    session.rollback()
    with pytest.raises(Conflict, match="read again"):
        correct(session, user, comment.id, HASH, [CONFIRMED], now)
    session.rollback()
    _reread(session, comment, Model("german", reads=False), now)
    with pytest.raises(Conflict, match="nothing to confirm"):
        _confirm(session, comment, user, now)


def _open(session: Session) -> list[int]:
    return list(session.scalars(select(Comment.id).where(Comment.urgent, is_open())))


def test_handled_and_opened_again(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    assert _open(session) == [comment.id]
    assert open_urgent(session, comment.workspace_id, now) == 1
    handle(session, user, comment.id, now)
    handle(session, user, comment.id, now.replace(hour=23))
    found = dealt(session, comment)
    assert found is not None and (found.who, found.at) == (user.email, now), "the first stays"
    assert _open(session) == [] and open_urgent(session, comment.workspace_id, now) == 0
    _reread(session, comment, Model("third"), now)
    assert dealt(session, comment) is not None, "reading again opens nothing"
    reopen(session, user, comment.id)
    assert dealt(session, comment) is None and _open(session) == [comment.id]


def test_other_words_are_open_again(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    handle(session, user, comment.id, now)
    other = "There is a fire."
    for name, value in {**UNREAD, "text": other, "text_hash": text_hash(other)}.items():
        setattr(comment, name, value)
    session.commit()
    assert not comment.urgent and comment.risks is None
    reading.read_waiting(session, Model(), lambda: now)
    session.refresh(comment)
    assert dealt(session, comment) is None and _open(session) == [comment.id]
    handle(session, user, comment.id, now)
    assert _open(session) == []


def test_another_workspace_handles_nothing(
    session: Session, comment: Comment, user: User, now: datetime
) -> None:
    other = workspaces.create(session, "other", now)
    add_user(session, other, "eve@other.example", "long enough a word", now)
    session.commit()
    eve = session.scalars(select(User).where(User.workspace_id == other.id)).one()
    with pytest.raises(NotFound):
        handle(session, eve, comment.id, now)
    with pytest.raises(NotFound):
        reopen(session, eve, comment.id)
    assert open_urgent(session, other.id, now) == 0
