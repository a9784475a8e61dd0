"""A misread answer is put right by a person: kept, counted, undone, and never lost to a reading."""

from __future__ import annotations

from typing import Any

import pytest
from asking_world import World, asked_world
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.cells.work import count_next
from feedback.listening import listen
from models.answer_correction import AnswerCorrection
from models.errors import Conflict, InvalidInput, NotFound
from models.message import Message
from models.reading import Comment
from models.response import Answer, Score
from models.statistics import StatisticMark
from models.workspace import User, Workspace
from surveys.answer_corrections import About, By, correct, undo
from surveys.put_right import NOTHING, Given, Said, Words, stamp

MISREAD = "0 trouble, very happy"


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return asked_world(session, workspace)


@pytest.fixture
def by(world: World) -> By:
    row = User(
        workspace_id=world.workspace.id, email="a@b.example", password_hash="", created_at=world.now
    )
    return By(user_id=world.add(row).id)


def answer(world: World, question: str = "score") -> Answer | None:
    rows = {row.question: row for row in world.rows(Answer)}
    return rows.get(question)


def put(
    world: World, by: By, value: object, words: Words = "keep", question: str = "score", **more: Any
) -> int | None:
    seen = more.get("seen", stamp(Said.of(answer(world, question))))
    about = About(world.workspace.id, world.response().id, question, seen)
    message = more.get("message", MISREAD)
    reason = more.get("reason", "It says how many problems.")
    return correct(world.session, about, Given(value, words), message, by, reason, world.now)


def scores(world: World) -> list[float]:
    listen(world.session, world.later(seconds=5))
    return [row.value for row in world.rows(Score)]


def comments(world: World) -> list[str]:
    return [row.text for row in world.rows(Comment)]


def test_what_counts_follows_and_what_was_written_stays(
    session: Session, workspace: Workspace
) -> None:
    world = World(session, workspace)
    world.trigger(world.survey())
    world.happens(world.customer(), touchpoint_id=world.touchpoint().id)
    world.ask()
    world.says(MISREAD)
    assert scores(world) == [0]
    while count_next(session, lambda: world.now):
        pass
    assert not session.scalar(select(func.count(StatisticMark.id)))
    assert put(world, By(name="Ada"), 10, "message")
    row = answer(world)
    assert row and (row.value, row.comment) == ({"value": 10}, MISREAD)
    assert scores(world) == [10] and comments(world) == [MISREAD]
    assert session.scalar(select(func.count(StatisticMark.id))), "the report counts it anew"
    inbound = [one.body for one in world.rows(Message) if one.direction == "in"]
    assert inbound == [MISREAD]
    (kept,) = world.rows(AnswerCorrection)
    assert (kept.told_by, kept.was["value"], kept.said["value"]) == ("Ada", 0, 10)
    assert kept.reason == "It says how many problems."


def test_undone_it_counts_as_before_and_both_are_kept(world: World, by: By) -> None:
    world.says(MISREAD)
    before = Said.of(answer(world))
    made = put(world, by, None, "none")
    assert answer(world) is None and scores(world) == [] and comments(world) == []
    undo(world.session, world.workspace.id, world.response().id, made or 0, by, world.now)
    undo(world.session, world.workspace.id, world.response().id, made or 0, by, world.now)
    assert Said.of(answer(world)) == before and scores(world) == [0]
    assert [row.kind for row in world.rows(AnswerCorrection)] == ["corrected", "undone"]
    row = answer(world)
    assert row and row.channel == "sms" and row.answered_at < world.now


def test_only_the_newest_can_be_taken_back(world: World, by: By) -> None:
    world.says(MISREAD)
    first, second = put(world, by, 9), put(world, by, 10)
    where = (world.session, world.workspace.id, world.response().id)
    with pytest.raises(Conflict):
        undo(*where, first or 0, by, world.now)
    undo(*where, second or 0, by, world.now)
    assert world.answers()["score"] == 9
    undo(*where, first or 0, by, world.now)
    assert world.answers()["score"] == 0


def test_a_remark_right_after_does_not_bring_the_misreading_back(world: World, by: By) -> None:
    world.says(MISREAD)
    put(world, by, 10)
    world.later(seconds=2)
    world.says("well done all of you")
    assert world.answers()["score"] == 10


def test_the_survey_goes_on_from_the_corrected_answer(
    session: Session, workspace: Workspace
) -> None:
    world = World(session, workspace)
    then = [{"if": {"score": {"gte": 9}}, "to": "end"}, {"to": "wrong"}]
    asks = {"key": "score", "type": "nps", "text": "Recommend us?", "next": then}
    wrong = {"key": "wrong", "type": "text", "text": "What went wrong?"}
    shared = {"key": "k", "name": "K", "metric": "nps", "thanks": "Thanks."}
    world.trigger(world.survey({**shared, "questions": [asks, wrong]}))
    world.happens(world.customer())
    world.ask()
    world.says("banana")
    seen = {"seen": NOTHING, "message": "banana"}
    assert put(world, By(name="Ada"), 10, **seen)
    assert world.answers() == {"score": 10}
    world.later(minutes=3)
    world.says("3")
    assert world.answers()["score"] == 3, "the customer's own later word"
    assert "went wrong" in world.gateway.bodies[-1]


def test_an_answer_of_the_customer_since_stands_over_it(world: World, by: By) -> None:
    world.says("banana")
    made = put(world, by, 10, seen=NOTHING)
    world.later(minutes=3)
    world.says("4")
    with pytest.raises(Conflict):
        undo(world.session, world.workspace.id, world.response().id, made or 0, by, world.now)
    assert world.answers()["score"] == 4


def test_words_that_answer_become_a_comment_and_are_read_once(world: World, by: By) -> None:
    world.says("8")
    world.later(minutes=1)
    world.says("fast and kind")
    listen(world.session, world.now)
    (before,) = world.rows(Comment)
    assert put(world, by, None, question="why", message=None)
    row = answer(world, "why")
    assert row and (row.value, row.comment) == ({"value": None}, "fast and kind")
    listen(world.session, world.now)
    (after,) = world.rows(Comment)
    assert (after.id, after.text, after.read_at) == (before.id, "fast and kind", before.read_at)


def test_what_is_so_already_is_not_recorded(world: World, by: By) -> None:
    world.says(MISREAD)
    assert put(world, by, 0) is None
    assert put(world, by, None, "none", question="why", seen=NOTHING) is None
    assert world.rows(AnswerCorrection) == []


@pytest.mark.parametrize(
    ("value", "more", "field"),
    [
        (11, {}, "value"),
        ("eight", {}, "value"),
        (True, {}, "value"),
        (["8"], {}, "value"),
        (9, {"reason": " \x00 "}, "reason"),
        (9, {"reason": "x" * 301}, "reason"),
        (9, {"words": "message", "message": None}, "comment"),
        ("Other words", {"question": "why"}, "value"),
    ],
)
def test_what_is_no_answer_is_refused(
    world: World, by: By, value: object, more: dict[str, Any], field: str
) -> None:
    world.says("8")
    with pytest.raises(InvalidInput) as refused:
        put(world, by, value, **more)
    assert refused.value.field == field and refused.value.mend
    assert world.answers() == {"score": 8} and world.rows(AnswerCorrection) == []


def test_what_changed_or_is_not_there_is_refused(
    world: World, by: By, make_workspace: Any, session: Session
) -> None:
    world.says("8")
    with pytest.raises(Conflict):
        put(world, by, 9, seen="old")
    with pytest.raises(NotFound):
        put(world, by, 9, question="nothing", seen=NOTHING)
    other = make_workspace(session, name="other")
    with pytest.raises(NotFound):
        undo(session, world.workspace.id, world.response().id, 999, by, world.now)
    about = About(other.id, world.response().id, "score", stamp(Said.of(answer(world))))
    with pytest.raises(NotFound):
        correct(session, about, Given(9), None, by, "because", world.now)
    assert world.answers() == {"score": 8}


def test_an_answer_corrected_while_it_is_scored_is_scored_again(world: World, by: By) -> None:
    world.says(MISREAD)
    row = answer(world)
    at = row.answered_at if row else None
    put(world, by, 10)
    changed = answer(world)
    assert changed and changed.answered_at != at, "whoever scores ticks off what they read"
