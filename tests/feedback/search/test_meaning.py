"""Searching by meaning: what is near is found, whatever its words, and nothing erased is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from search_rows import DAY, Shelf
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from feedback.jobs.tasks import hand_out
from feedback.reading import read_waiting
from feedback.search import asked, blocks
from feedback.search.alike import all_of, look_for
from feedback.search.filters import conditions
from feedback.search.find import Found
from feedback.search.nearest import Limits, Near, nearest
from feedback.search.wanted import Wanted, read_wanted
from feedback.themes.catalogue import Catalogue
from models.errors import Conflict, InvalidInput
from models.job import Task
from models.meaning import CommentMeaning, MeaningBlock, MeaningMark, MeaningQuestion
from models.reading import Comment
from models.workspace import Workspace
from nlp.reader import Reader
from tests.nlp.fake_reader import fake_reader

MakeWorkspace = Callable[..., Workspace]


def clock() -> datetime:
    return DAY


class World(Shelf):
    """A shelf whose comments are read by a reader that counts some words."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        super().__init__(session, workspace)
        self.reader: Reader = fake_reader()[0]

    def read(self, *texts: str, **columns: Any) -> list[int]:
        """Comments as they come in, read by the worker; waiting ones have no reading yet."""
        unread: dict[str, Any] = {"read_state": "waiting", "read_at": None, "sentiment": None}
        ids = [self.say(text, None, **{**unread, **columns}) for text in texts]
        self.session.commit()
        while read_waiting(self.session, self.reader, clock):
            pass
        return ids

    def pack(self) -> None:
        while blocks.pack_next(self.session, lambda: self.reader):
            pass

    def find(self, words: str, size: int = 50, after: str | None = None, **more: Any) -> Found:
        """Asked, answered by the worker, and found."""
        wanted = Wanted(meaning=words, **more)
        given = (self.session, self.workspace.id, wanted, Catalogue(), size, clock, after)
        found = look_for(*given, patience=0.0)
        if found.alike and found.alike.waiting:
            asked.answer_next(self.session, lambda: self.reader.meaning, clock)
            found = look_for(*given, patience=0.0)
        return found

    def nearest(self, words: str, limits: Limits, **more: Any) -> Near:
        wanted, id_ = Wanted(meaning=words, **more), self.workspace.id
        which = conditions(self.session, id_, wanted, Catalogue())
        meaning = self.reader.meaning(words)
        return nearest(self.session, id_, meaning, which, wanted.narrowed, limits)

    def ids(self, words: str, **more: Any) -> list[int]:
        return [row.id for row in self.find(words, **more).rows]


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return World(session, workspace)


def test_the_nearest_come_first_whether_their_block_is_packed_or_not(world: World) -> None:
    rude, both, late, fine = world.read(
        "Staff were rude, so rude.", "It was late and they were rude.", "Late!", "All was fine."
    )
    assert world.ids("rude people") == [rude, both]
    marked = world.find("late")
    assert [row.id for row in marked.rows] == [late, both]
    assert marked.alike and marked.alike.compared == 4 and marked.alike.whole
    assert marked.alike.nearness[late] > marked.alike.nearness[both] > 0.6
    world.pack()
    assert world.session.scalar(select(func.count(MeaningMark.id))) == 0
    assert world.session.scalar(select(func.count()).select_from(MeaningBlock)) == 1
    packed = world.find("late")
    assert [row.id for row in packed.rows] == [late, both]
    assert packed.alike == marked.alike
    assert fine not in world.ids("rude people")


def test_filters_narrow_what_is_near_few_or_many(world: World) -> None:
    here, _ = world.read("Late again.", "Late, and how."), world.pack()
    (there,) = world.read("So late.", touchpoint="phone")
    assert world.ids("late", touchpoint="phone") == [there]
    assert sorted(world.ids("late", touchpoint="parcel")) == here
    assert world.ids("late", start=DAY + timedelta(days=1)) == []
    narrow = Limits(rescored=1, few=3)
    one = world.nearest("late", narrow, touchpoint="phone")
    assert one.ids == [there] and one.compared == 1, "sought among the few that meet the filter"
    many = world.nearest("late", Limits(rescored=1, few=1), touchpoint="parcel")
    assert sorted(many.ids) == here and many.compared == 3


def test_of_many_only_the_nearest_by_code_are_compared_exactly(world: World) -> None:
    ids = world.read(*(f"Late {'rude ' * n}" for n in range(12)), "late late")
    world.pack()
    found = world.nearest("late", Limits(rescored=2))
    assert found.ids == [ids[-1], ids[0]] and found.compared == 13
    assert world.nearest("late", Limits(shown=1)).ids == [ids[-1]]


def test_of_history_that_is_not_packed_yet_the_newest_part_is_compared(world: World) -> None:
    world.read("Late.", id=10)
    (new,) = world.read("Late.", id=10_000)
    part = world.nearest("late", Limits(unpacked=1))
    assert part.ids == [new] and not part.whole
    world.pack()
    assert world.nearest("late", Limits(unpacked=1)).whole


def test_pages_follow_each_other_and_a_file_has_all(world: World) -> None:
    ids = world.read(*(f"{'Late ' * (9 - n)} and rude" for n in range(5)))
    first = world.find("late", size=2)
    assert [row.id for row in first.rows] == ids[:2] and first.n == 5
    assert [row.id for row in world.find("late", 2, first.after).rows] == ids[2:4]
    assert world.find("late", 2, "4").after is None
    with pytest.raises(InvalidInput, match="no place in this list"):
        world.find("late", 2, "2026-10-01~5")
    wanted = Wanted(meaning="late")
    whole = all_of(world.session, world.workspace.id, wanted, Catalogue(), clock)
    assert [row.id for row in world.session.execute(whole)] == ids


def test_what_is_erased_is_in_no_block_and_is_not_found(world: World) -> None:
    customer = world.customer()
    kept, _ = world.read("Late.", "Late, late.", customer_id=customer.id)
    world.session.execute(update(Comment).where(Comment.id == kept).values(customer_id=None))
    world.session.commit()
    world.pack()
    block = world.session.scalars(select(MeaningBlock.codes)).one()
    world.session.delete(customer)
    world.session.commit()
    assert world.session.scalars(select(MeaningBlock.codes)).all() == []
    assert world.session.scalars(select(CommentMeaning.comment_id)).all() == [kept]
    assert world.ids("late") == [kept]
    world.pack()
    assert len(world.session.scalars(select(MeaningBlock.codes)).one()) == len(block) // 2
    assert world.ids("late") == [kept]


def test_changed_words_are_not_found_by_what_they_meant(world: World) -> None:
    (one,) = world.read("Late.")
    world.pack()
    world.session.execute(
        update(Comment)
        .where(Comment.id == one)
        .values(text="Rude.", text_hash="other", read_state="waiting")
    )
    world.session.commit()
    assert world.ids("late") == [] == world.ids("rude")
    read_waiting(world.session, world.reader, clock)
    assert world.ids("late") == [] and world.ids("rude") == [one]
    world.pack()
    assert world.ids("late") == [] and world.ids("rude") == [one]


def test_history_that_was_read_before_is_filled_in(world: World) -> None:
    old = world.say("Late.")
    german = world.say("Viel zu spät, late.", language="de")
    waiting = world.say("Late.", read_state="waiting", language=None)
    world.session.add(MeaningMark(workspace_id=world.workspace.id, number=0))
    world.session.commit()
    assert world.ids("late") == []
    world.pack()
    assert world.ids("late") == [old]
    assert {german, waiting}.isdisjoint(world.session.scalars(select(CommentMeaning.comment_id)))


def test_the_words_of_a_question_are_forgotten_and_asked_once_a_day(world: World) -> None:
    world.read("Late.")
    wanted = Wanted(meaning="late to me, Ada Lovelace")
    given = (world.session, world.workspace.id, wanted, Catalogue(), 5, clock)
    waiting = look_for(*given, patience=0.0)
    assert waiting.alike and waiting.alike.waiting and waiting.rows == []
    assert world.session.scalars(select(Task.kind)).all() == [asked.KIND]
    with pytest.raises(Conflict, match="not worked out in time"):
        all_of(*given[:4], clock, patience=0.0)
    assert asked.owed(world.session, DAY) == DAY
    assert asked.answer_next(world.session, lambda: world.reader.meaning, clock) == 1
    assert asked.answer_next(world.session, lambda: world.reader.meaning, clock) == 0
    question = world.session.scalars(select(MeaningQuestion)).one()
    world.session.refresh(question)
    assert question.words is None and "Ada" not in question.words_hash
    assert len(look_for(*given, patience=0.0).rows) == 1
    later = DAY + timedelta(days=2)
    stale = look_for(*given[:5], lambda: later, patience=0.0)
    assert stale.alike and stale.alike.waiting


def test_another_workspace_is_not_searched(
    world: World, session: Session, make_workspace: MakeWorkspace
) -> None:
    world.read("Late.")
    other = World(session, make_workspace(session, "other"))
    (theirs,) = other.read("Late.")
    assert other.ids("late") == [theirs]


def test_vectors_of_another_encoder_are_not_compared(world: World) -> None:
    old, new = world.read("Late.", "Late.")
    session = world.session
    mine = CommentMeaning.comment_id == old
    session.execute(update(CommentMeaning).where(mine).values(encoder="another"))
    session.commit()
    assert world.ids("late") == [new]
    world.pack()
    assert session.scalar(select(func.count()).select_from(MeaningBlock)) == 2
    assert world.ids("late") == [new]


def test_marks_are_looked_at_every_minute(world: World) -> None:
    assert blocks.owed(world.session, "pack", DAY) is None
    world.read("Late.")
    assert blocks.owed(world.session, "pack", DAY) == DAY
    hand_out(world.session, "pack", DAY, DAY)
    world.session.execute(update(Task).values(status="done", finished_at=DAY))
    assert blocks.owed(world.session, "pack", DAY + timedelta(seconds=50)) is None
    assert blocks.owed(world.session, "pack", DAY + timedelta(seconds=61)) is not None


def test_what_is_no_meaning_is_not_looked_for() -> None:
    zone = DAY.tzinfo
    assert zone is not None
    assert read_wanted({"q": "late -rude", "by": "meaning"}, zone).meaning == "late -rude"
    assert read_wanted({"q": "...", "by": "meaning"}, zone).meaning is None
    assert read_wanted({"by": "meaning"}, zone) == Wanted()
    with pytest.raises(InvalidInput, match="no by 'magic'"):
        read_wanted({"q": "late", "by": "magic"}, zone)
