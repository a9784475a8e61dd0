"""From corrections to a candidate, to a promoted model, and back; on both engines."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback import rereading
from feedback.adapting import decide, learning
from feedback.adapting.lessons import lesson, material
from feedback.adapting.promoted import Promoted
from feedback.adapting.rows import LEAST, Shipped, corrected, due, in_state, model_name
from feedback.corrections.apply import Change
from feedback.corrections.record import correct, undo
from feedback.corrections.rows import corrections_of, counted, own, standing
from models.correction import Correction
from models.errors import Conflict, NotFound
from models.model_version import ModelVersion
from models.reading import Comment
from models.workspace import Workspace
from nlp.reader import Reader
from tests.feedback.adapting.adapting_world import add, correct_some, ordinary, read, user_of
from tests.nlp.fake_reader import fake_reader

BASE = Shipped("fake-1", "fake")
FINE = "it was fine for everybody who came along"


@pytest.fixture
def reader() -> Reader:
    return fake_reader()[0]


@pytest.fixture
def history(session: Session, workspace: Workspace, now: datetime) -> Workspace:
    """Enough corrected comments, beside ordinary ones."""
    ordinary(session, workspace, now)
    correct_some(session, workspace, now, LEAST)
    return workspace


def _learn(session: Session, reader: Reader, now: datetime) -> int:
    done, at = 0, now + timedelta(hours=1)
    while rows := learning.learn_next(session, lambda: reader, lambda: at):
        done += rows
    return done


def _candidate(session: Session, workspace: Workspace) -> ModelVersion:
    found = in_state(session, workspace.id, "candidate")
    assert found is not None
    return found


def _promote(session: Session, here: Workspace, number: int, at: datetime) -> ModelVersion:
    return decide.promote(session, here.id, number, None, BASE, at)


def test_nothing_is_learned_before_there_is_enough(
    session: Session, workspace: Workspace, reader: Reader, now: datetime
) -> None:
    ordinary(session, workspace, now)
    rows = correct_some(session, workspace, now, LEAST)
    mine = corrections_of(session, [rows[0].id])[rows[0].id]
    undo(session, user_of(session, workspace, now), rows[0].id, [mine[0].id], now)
    assert corrected(session, workspace.id) == LEAST - 1
    assert due(session, BASE) is None and _learn(session, reader, now) == 0
    with pytest.raises(Conflict, match=f"{LEAST - 1} comments are corrected, {LEAST} are needed"):
        learning.learn(session, workspace.id, reader, lambda: now)


def test_a_candidate_is_learned_once_and_changes_nothing_yet(
    session: Session, history: Workspace, reader: Reader, now: datetime
) -> None:
    assert due(session, BASE) == history.id
    assert _learn(session, reader, now) == 1
    assert due(session, BASE) is None
    made = _candidate(session, history)
    assert (made.name, made.weights) == ("fake-1+w1", "fake")
    assert made.counts["lessons"] == LEAST and made.counts["others"] == 60
    assert set(made.figures["moved"]["themes"]) == {"returns_refunds", "payment_billing"}
    everything = {one["what"]: one for one in made.figures["figures"] if one["all"]}
    assert everything["sentiment"]["low"] > 0, "better, on comments held out"
    assert made.figures["examples"][0]["better"] > 0
    assert model_name(session, history.id, BASE) == "fake-1"
    add(session, history, now, FINE)
    read(session, reader, now)
    assert session.scalars(select(Comment.sentiment).where(Comment.text == FINE)).one() == "neutral"


def test_promoted_heads_read_what_comes_and_history_again(
    session: Session, history: Workspace, reader: Reader, now: datetime
) -> None:
    _learn(session, reader, now)
    [old] = add(session, history, now, FINE)
    read(session, reader, now)
    made = _promote(session, history, 1, now)
    assert (made.state, model_name(session, history.id, BASE)) == ("current", "fake-1+w1")
    [new] = add(session, history, now, f"{FINE} with us")
    kept = Promoted()
    read(session, reader, now, kept)
    session.refresh(new)
    assert (new.model, new.sentiment) == ("fake-1+w1", "negative")
    left = rereading.remaining(session, history.id, made.name)
    assert left == rereading.Remaining(0, 61 + LEAST)
    assert decide.ask_reread(session, history.id, now)
    assert _learn(session, reader, now) == 1, "the worker marks"
    assert rereading.remaining(session, history.id, made.name).marked == 61 + LEAST
    while read(session, reader, now, kept):
        pass
    session.refresh(old)
    assert (old.model, old.sentiment) == ("fake-1+w1", "negative")
    assert rereading.remaining(session, history.id, made.name) == rereading.Remaining(0, 0)


def test_a_correction_wins_over_the_model_that_learned_from_others(
    session: Session, history: Workspace, reader: Reader, now: datetime
) -> None:
    [odd] = add(session, history, now, FINE)
    read(session, reader, now)
    by = user_of(session, history, now)
    correct(session, by, odd.id, odd.text_hash, [Change("sentiment", "positive")], now)
    _learn(session, reader, now)
    made = _promote(session, history, 1, now)
    rereading.mark(session, history.id, made.name, now)
    while read(session, reader, now, Promoted()):
        pass
    session.refresh(odd)
    assert (odd.model, odd.sentiment) == ("fake-1+w1", "positive")
    assert own(session, odd).sentiment == "negative"


def test_rolled_back_what_read_before_reads_again(
    session: Session, history: Workspace, reader: Reader, now: datetime
) -> None:
    _learn(session, reader, now)
    _promote(session, history, 1, now)
    correct_some(session, history, now + timedelta(days=1), LEAST, start=LEAST)
    assert _learn(session, reader, now) == 1
    _promote(session, history, 2, now)
    assert model_name(session, history.id, BASE) == "fake-1+w2"
    before = decide.roll_back(session, history.id, None, BASE, now)
    assert before is not None and model_name(session, history.id, BASE) == "fake-1+w1"
    assert decide.roll_back(session, history.id, None, BASE, now) is None
    assert model_name(session, history.id, BASE) == "fake-1"
    with pytest.raises(Conflict, match="nothing to roll back"):
        decide.roll_back(session, history.id, None, BASE, now)
    _promote(session, history, 2, now)
    assert model_name(session, history.id, BASE) == "fake-1+w2"


def test_a_second_candidate_is_compared_on_what_the_first_did_not_learn(
    session: Session, history: Workspace, reader: Reader, now: datetime
) -> None:
    _learn(session, reader, now)
    _promote(session, history, 1, now)
    correct_some(session, history, now + timedelta(days=1), LEAST, start=LEAST)
    _learn(session, reader, now)
    made = _candidate(session, history)
    assert made.counts["lessons"] == 2 * LEAST
    alone = {one["what"]: one for one in made.figures["figures"] if not one["all"]}
    assert alone["sentiment"]["n"] == LEAST, "those that w1 has not seen"
    assert alone["sentiment"]["today"] == 1.0, "w1 has learned it"


def test_heads_of_another_encoder_neither_promote_nor_read(
    session: Session, history: Workspace, reader: Reader, now: datetime
) -> None:
    _learn(session, reader, now)
    newer = Shipped("fake-2", "another")
    with pytest.raises(Conflict, match=r"another encoder.*Learn again"):
        decide.promote(session, history.id, 1, None, newer, now)
    session.rollback()
    _promote(session, history, 1, now)
    session.execute(update(ModelVersion).values(weights="of-old"))
    session.commit()
    [row] = add(session, history, now, FINE)
    read(session, reader, now)
    session.refresh(row)
    assert (row.model, row.sentiment) == ("fake-1", "neutral"), "the shipped heads read"
    assert model_name(session, history.id, BASE) == "fake-1"
    assert due(session, BASE) == history.id, "it is learned again by itself"
    assert _learn(session, reader, now) == 1
    assert _candidate(session, history).weights == "fake"


def test_one_workspace_does_not_read_by_another_s_heads(
    session: Session, history: Workspace, reader: Reader, now: datetime, make_workspace: Any
) -> None:
    other = make_workspace(session, "other")
    _learn(session, reader, now)
    _promote(session, history, 1, now)
    rows = [*add(session, history, now, FINE), *add(session, other, now, FINE)]
    assert read(session, reader, now) == 2
    for row, felt in zip(rows, ("negative", "neutral"), strict=True):
        session.refresh(row)
        assert row.sentiment == felt
    with pytest.raises(NotFound):
        decide.promote(session, other.id, 1, None, BASE, now)


def test_readers_share_one_encoder_and_are_made_once(
    session: Session, history: Workspace, reader: Reader, now: datetime
) -> None:
    _learn(session, reader, now)
    _promote(session, history, 1, now)
    kept = Promoted()
    first = kept.over(session, reader, {history.id}, {})[history.id]
    again = kept.over(session, reader, {history.id}, {})[history.id]
    assert first.parts()[0] is again.parts()[0] is reader.parts()[0]
    assert first.parts()[1]["themes"] is again.parts()[1]["themes"]
    assert first.parts()[1]["emotions"] is reader.parts()[1]["emotions"]
    assert kept.over(session, reader, {history.id + 1}, {}) == {}


def test_a_new_candidate_takes_the_place_of_the_old_and_a_discarded_one_can_come_back(
    session: Session, history: Workspace, reader: Reader, now: datetime
) -> None:
    _learn(session, reader, now)
    learning.learn(session, history.id, reader, lambda: now)
    rows = session.scalars(select(ModelVersion).order_by(ModelVersion.number)).all()
    assert [(one.number, one.state) for one in rows] == [(1, "retired"), (2, "candidate")]
    decide.discard(session, history.id, 2, None, now)
    assert in_state(session, history.id, "candidate") is None
    assert due(session, BASE) is None, "not learned again until more is corrected"
    assert _promote(session, history, 2, now).state == "current"


def test_what_teaches_nothing_is_kept_with_its_reason(
    session: Session, workspace: Workspace, reader: Reader, now: datetime
) -> None:
    """People confirm what the model reads: there is nothing to change."""
    by = user_of(session, workspace, now)
    rows = add(session, workspace, now, *(f"it was good for all of us {i}" for i in range(LEAST)))
    read(session, reader, now)
    for row in rows:
        session.refresh(row)
        stamp = counted(session, row).stamp
        correct(session, by, row.id, row.text_hash, [Change("confirmed")], now, stamp)
    assert _learn(session, reader, now) == 1
    made = session.scalars(select(ModelVersion)).one()
    assert (made.state, made.heads, made.counts["confirmed"]) == ("failed", None, LEAST)
    with pytest.raises(Conflict, match="learned nothing"):
        _promote(session, workspace, 1, now)


def test_a_lesson_says_what_people_said_and_where(
    session: Session, workspace: Workspace, reader: Reader, now: datetime
) -> None:
    text = "The parcel was late again today. The app was good for us."
    [row] = add(session, workspace, now, text)
    read(session, reader, now)
    by, app = user_of(session, workspace, now), text.index("The app")
    said = [
        Change("changed", "neutral", app, len(text), "website_app", "ordering"),
        Change("removed", None, 0, 32, "delivery_speed"),
        Change("urgent"),
    ]
    correct(session, by, row.id, row.text_hash, said, now)
    session.refresh(row)
    rows = corrections_of(session, [row.id])[row.id]
    made = lesson(row, own(session, row), standing(rows, row.text_hash))
    assert made.themes == {"ordering"} and made.urgent and not made.whole
    assert made.said == {"website_app", "ordering", "delivery_speed", "urgent"}
    places = {(one.start, one.theme, one.sentiment) for one in made.places}
    assert places == {
        (app, "ordering", "neutral"),
        (app, "website_app", None),
        (0, "delivery_speed", None),
    }


def test_words_that_changed_teach_no_more(
    session: Session, history: Workspace, now: datetime
) -> None:
    session.execute(update(Comment).values(text="other words", text_hash="other"))
    session.commit()
    assert corrected(session, history.id) == 0
    assert material(session, history.id).lessons == ()


def test_two_current_versions_are_refused_by_the_table(
    session: Session, history: Workspace, reader: Reader, now: datetime
) -> None:
    _learn(session, reader, now)
    learning.learn(session, history.id, reader, lambda: now)
    with pytest.raises(IntegrityError):
        session.execute(update(ModelVersion).values(state="current", promoted_at=now))


def test_who_left_and_an_erased_comment_leave_the_version_whole(
    session: Session, history: Workspace, reader: Reader, now: datetime
) -> None:
    by = user_of(session, history, now)
    _learn(session, reader, now)
    decide.promote(session, history.id, 1, by, BASE, now)
    session.execute(Correction.__table__.delete())
    session.delete(by)
    session.commit()
    made = session.scalars(select(ModelVersion).execution_options(populate_existing=True)).one()
    assert (made.state, made.promoted_by) == ("current", None)
