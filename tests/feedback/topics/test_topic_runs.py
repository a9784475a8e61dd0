"""Runs of emerging topics: asked for once, computed once, taken up again after a crash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from topic_rows import LATE, LOCKERS, PARKING, Encoder, mention, say

from feedback.jobs import due
from feedback.jobs.work import JOBS, LANES
from feedback.topics import answer, runs
from feedback.topics.compute import compute_waiting
from feedback.topics.draft import draft
from feedback.topics.out import RunOut, out
from feedback.topics.periods import read_key
from feedback.topics.sources import MOST
from models.errors import Conflict, NotFound
from models.reading import Comment, Mention
from models.topic import Topic, TopicComment, TopicRun
from models.workspace import Workspace

SPAN = read_key("2026-10", UTC)
MID = datetime(2026, 10, 10, tzinfo=UTC)
BEFORE = datetime(2026, 9, 10, tzinfo=UTC)


@dataclass
class World:
    """A workspace with two months of comments, and a clock that is moved by hand."""

    session: Session
    workspace: Workspace
    now: datetime

    def ask(self) -> TopicRun:
        return runs.ask(self.session, self.workspace.id, SPAN, self.now, origin="page")

    def compute(self, encoder: Encoder | None = None, most: int = MOST) -> int:
        made = encoder or Encoder()
        return compute_waiting(self.session, lambda: made, lambda: self.now, most=most)

    def out(self, run: TopicRun) -> RunOut:
        self.session.refresh(run)
        return out(self.session, self.workspace, run)


@pytest.fixture
def world(session: Session, workspace: Workspace, now: datetime) -> World:
    """Lockers are new in October, parking is as it was, lateness is a theme."""
    say(session, workspace, BEFORE, PARKING, 12, sentiment="neutral")
    say(session, workspace, BEFORE, LATE, 80, theme="delivery_speed")
    say(session, workspace, MID, LOCKERS, 20)
    say(session, workspace, MID, PARKING, 12, sentiment="positive", theme="general")
    say(session, workspace, MID, LATE, 70, theme="delivery_speed")
    say(session, workspace, MID, ("Nothing", "All was excellent"), 9)
    say(session, workspace, MID, LOCKERS, 3, waiting=True)
    say(session, workspace, MID, ("Mi locker no abre",), 30, language="es")
    return World(session, workspace, now)


def test_topics_are_what_no_theme_covers_compared_with_the_period_before(world: World) -> None:
    run = world.ask()
    encoder = Encoder()
    assert world.compute(encoder) == 1 and world.compute(encoder) == 0
    told = world.out(run)
    assert (told.comments, told.uncovered, told.unread) == (111, 41, 3)
    assert (told.comments_before, told.uncovered_before) == (92, 12)
    assert not any("late" in text.lower() or "Nothing" in text for text in encoder.heard)
    lockers, parking = told.topics
    assert "ocker" in lockers.name and (lockers.now.comments, lockers.before.comments) == (20, 0)
    assert (lockers.now.of, lockers.trend) == (111, "new")
    assert lockers.sentiment == {"negative": 20, "neutral": 0, "positive": 0}
    assert (parking.now.comments, parking.before.comments, parking.trend) == (12, 12, "steady")
    assert parking.sentiment["positive"] == 12, "only those of the period itself are counted"
    assert lockers.difference.low > 0 and lockers.now.low < lockers.now.share < lockers.now.high
    assert len(lockers.quotes) == 3 and all("ocker" in one.text for one in lockers.quotes)
    assert (told.model, told.settings["seed"]) == ("fake-1", 20261122)


def test_a_repeat_on_the_same_comments_gives_the_same_answer(world: World) -> None:
    found = []
    for _ in range(2):
        run = world.ask()
        world.compute()
        told = world.out(run).model_dump(exclude={"run": True, "topics": {"__all__": {"id"}}})
        query = select(Topic.position, TopicComment.place, TopicComment.comment_id)
        query = query.join(TopicComment, TopicComment.topic_id == Topic.id)
        rows = world.session.execute(query.where(Topic.run_id == run.id)).all()
        found.append((told, sorted(tuple(row) for row in rows)))
    assert found[0] == found[1] and found[0][1]


def test_a_mention_by_a_person_covers_a_comment_and_one_of_general_does_not(world: World) -> None:
    rows = world.session.scalars(select(Comment).where(Comment.text.like("%ocker%"))).all()
    read = [row for row in rows if row.read_state == "read"]
    for row in read[:11]:
        world.session.add(mention(row, "own_lockers"))
    world.session.commit()
    run = world.ask()
    world.compute()
    told = world.out(run)
    assert told.uncovered == 30
    assert sorted(topic.now.comments for topic in told.topics) == [9, 12]


def test_two_runs_of_one_period_at_once_are_one(world: World) -> None:
    first, again = world.ask(), world.ask()
    assert first.id == again.id and first.status == "queued"
    claimed = runs.claim(world.session, world.now)
    assert claimed is not None and claimed.id == first.id
    assert runs.claim(world.session, world.now) is None, "it is taken"
    assert world.ask().id == first.id, "a running one is the one that was asked for"
    with pytest.raises(Conflict, match="computing"):
        runs.check_free(claimed, world.now)
    other = runs.ask(
        world.session, world.workspace.id, read_key("2026-09", UTC), world.now, origin="clock"
    )
    assert other.id != first.id


def test_a_run_that_was_killed_is_begun_anew_when_its_claim_ran_out(world: World) -> None:
    class Killed(BaseException):
        """As if the process were gone: nothing of ours runs afterwards."""

    def die() -> None:
        raise Killed

    run = world.ask()
    with pytest.raises(Killed):
        world.compute(Encoder(between=die))
    world.session.rollback()
    assert world.compute() == 0, "the dead worker still holds it"
    assert due.topics(world.session, world.now) is None
    world.now += runs.CLAIM + timedelta(seconds=1)
    assert due.topics(world.session, world.now) is not None
    assert world.compute() == 1
    world.session.refresh(run)
    assert (run.status, run.attempts) == ("done", 2) and len(world.out(run).topics) == 2


def test_a_run_that_kills_its_worker_each_time_fails_with_the_reason(world: World) -> None:
    run = world.ask()
    for _ in range(runs.MOST_ATTEMPTS):
        assert runs.claim(world.session, world.now) is not None
        world.now += runs.CLAIM + timedelta(seconds=1)
    assert world.compute() == 0
    world.session.refresh(run)
    assert run.status == "failed" and "three times" in str(run.error)
    assert world.ask().id != run.id, "it can be asked for again"


def test_who_lost_its_claim_writes_nothing(world: World) -> None:
    run = world.ask()

    def overtaken() -> None:
        world.now += runs.CLAIM + timedelta(seconds=1)
        with Session(world.session.get_bind(), expire_on_commit=False) as other:
            compute_waiting(other, Encoder, lambda: world.now)

    overtaking: list[Callable[[], None]] = [overtaken]
    slow = Encoder(model="slow", between=lambda: overtaking.pop()() if overtaking else None)
    assert world.compute(slow) == 1
    world.session.refresh(run)
    assert (run.status, run.model, run.attempts) == ("done", "fake-1", 2)
    assert len(world.out(run).topics) == 2


def test_what_goes_wrong_is_kept_as_the_reason_and_the_database_s_absence_is_not(
    world: World,
) -> None:
    def broken() -> None:
        raise MemoryError("no room")

    def away() -> None:
        raise OperationalError("SELECT", {}, Exception("away"))

    run = world.ask()
    assert world.compute(Encoder(between=broken)) == 1
    world.session.refresh(run)
    assert (run.status, run.error) == ("failed", "MemoryError: no room")
    second = world.ask()
    with pytest.raises(OperationalError):
        world.compute(Encoder(between=away))
    world.session.rollback()
    world.session.refresh(second)
    assert second.status == "running", "it is begun anew when its claim has run out"


def test_a_comment_that_is_erased_leaves_no_trace_and_hinders_no_run(world: World) -> None:
    rows = world.session.scalars(select(Comment.id).where(Comment.text.like("%ocker%"))).all()
    gone = rows[0]

    def erased() -> None:
        with Session(world.session.get_bind()) as other:
            other.execute(delete(Mention).where(Mention.comment_id == gone))
            other.execute(delete(Comment).where(Comment.id == gone))
            other.commit()

    run = world.ask()
    world.compute(Encoder(between=erased))
    members = select(TopicComment.comment_id)
    assert gone not in set(world.session.scalars(members))
    world.session.execute(delete(Comment).where(Comment.id == rows[1]))
    world.session.commit()
    assert rows[1] not in set(world.session.scalars(members))
    assert world.out(run).status == "done"


def test_few_or_no_comments_are_a_run_without_topics(world: World) -> None:
    span = read_key("2020-01", UTC)
    run = runs.ask(world.session, world.workspace.id, span, world.now, origin="command")
    world.compute()
    told = world.out(run)
    assert (told.status, told.comments, told.topics) == ("done", 0, [])


def test_personal_data_names_no_topic_and_is_masked_in_quotes(world: World) -> None:
    say(world.session, world.workspace, MID, ("Lockers: ring 0161 496 0000 or ada@x.example",), 20)
    run = world.ask()
    encoder = Encoder()
    world.compute(encoder)
    told = world.out(run)
    assert not any("0161" in text or "ada@" in text for text in encoder.heard)
    quoted = " ".join(quote.text for topic in told.topics for quote in topic.quotes)
    assert "[phone]" in quoted and "0161" not in quoted and "ada@" not in quoted
    assert not any(word in told.topics[0].name for word in ("phone", "e-mail", "ada"))


def test_of_more_comments_than_are_looked_at_an_even_draw_is_taken(world: World) -> None:
    run = world.ask()
    world.compute(most=80)
    told = world.out(run)
    assert (told.comments, told.drawn, told.drawn_before) == (111, 80, 80)
    assert all(topic.now.of == 80 for topic in told.topics)


def test_older_runs_of_a_period_go_when_there_are_new_ones(world: World) -> None:
    made = []
    for _ in range(answer.KEPT + 2):
        made.append(world.ask().id)
        world.compute()
    assert list(world.session.scalars(select(TopicRun.id).order_by(TopicRun.id))) == made[-3:]
    left = set(world.session.scalars(select(Topic.run_id)))
    assert left == set(made[-3:])


def test_a_topic_is_the_beginning_of_a_theme(world: World) -> None:
    run = world.ask()
    world.compute()
    told = world.out(run)
    begun = draft(world.session, world.workspace.id, told.topics[0].id)
    assert begun.name == told.topics[0].name and begun.sentence.startswith("What customers say")
    assert len(begun.examples) == 5 and all("ocker" in text for text in begun.examples)
    with pytest.raises(NotFound):
        draft(world.session, world.workspace.id + 1, told.topics[0].id)


def test_a_run_holds_up_neither_asking_nor_reading() -> None:
    assert set(JOBS) == {kind for kinds in LANES.values() for kind in kinds} == set(due.KINDS)
    lane = next(kinds for kinds in LANES.values() if due.TOPICS in kinds)
    assert due.PLAN_TOPICS in lane and not set(lane) & {due.SEND, due.FIRE, due.READ, due.LEARN}
