"""The worker's counting: killed at any point, twice at once, and resumed; and the doctor's look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cell_world import NOW, SlowWorker, agree, answer, count_all, marks, scope_of, segment
from report_rows import DAY, Shop
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from feedback.cells import rebuild, work
from feedback.cells.check import differences
from feedback.cells.frame import frame_of
from feedback.cells.items import Kind
from feedback.cells.marked import count_places
from feedback.cells.named import items_of
from feedback.cells.plan import plan_of
from feedback.cells.read import rows_of, sums_of
from feedback.cells.status import status_of
from feedback.cells.totals import pack_of
from feedback.cells.write import Overtaken, take
from feedback.jobs import due
from feedback.pages.counting_words import counting
from feedback.reporting.period import Period
from feedback.reporting.segments import Members
from models import marking
from models.customer import Customer
from models.job import Task
from models.marked import names
from models.reading import Mention
from models.response import Answer, Response
from models.statistics import StatisticCell
from models.workspace import Workspace


@pytest.fixture
def shop(session: Session, workspace: Workspace) -> Shop:
    made = Shop(session, workspace)
    gold = made.customer(tier="gold")
    for day in range(0, 30, 3):
        said = (("price", "negative"), ("speed", "negative"), ("staff", "positive"))
        made.response("delivery", {"nps": day % 11}, said[day % 2 :], day=day)
        made.response("browse", {"csat": 4.0}, said, day=day, customer_id=gold.id, channel="sms")
    session.commit()
    return made


def test_before_and_after_counting_the_report_says_the_same(shop: Shop) -> None:
    scope = scope_of(shop)
    assert plan_of(shop.session, scope) is None
    before = sums_of(shop.session, scope)
    count_all(shop.session)
    assert agree(shop.session, scope) == before


def test_a_new_answer_is_in_the_report_before_and_after_it_is_counted(shop: Shop) -> None:
    count_all(shop.session)
    before = sums_of(shop.session, scope_of(shop))
    shop.response("delivery", {"nps": 1.0}, (("price", "negative"),), day=12.3)
    shop.session.commit()
    assert marks(shop.session) > 0
    marked = agree(shop.session, scope_of(shop))
    assert marked != before
    count_all(shop.session)
    assert agree(shop.session, scope_of(shop)) == marked


def test_only_what_changed_is_counted_again(shop: Shop) -> None:
    count_all(shop.session)
    session = shop.session
    session.execute(update(StatisticCell).values(reach=b"", rest=b""))
    shop.response("delivery", {"nps": 1.0}, day=0.0)
    session.commit()
    count_all(session)
    written = select(StatisticCell.node).where(StatisticCell.level == 0, StatisticCell.rest != b"")
    assert set(session.scalars(written)) == {DAY.date().toordinal()}


def test_a_worker_that_died_before_its_commit_left_nothing_half_done(
    shop: Shop, engine: Engine
) -> None:
    count_all(shop.session)
    shop.response("delivery", {"nps": 1.0}, (("price", "negative"),), day=3.3)
    shop.session.commit()
    there = marks(shop.session)
    with Session(engine, expire_on_commit=False) as dying:
        dying.commit = dying.flush  # type: ignore[method-assign]
        work.count_workspace(dying, shop.workspace.id, NOW)
        dying.rollback()
    shop.session.rollback()
    assert marks(shop.session) == there
    agree(shop.session, scope_of(shop))
    count_all(shop.session)
    assert marks(shop.session) == 0
    agree(shop.session, scope_of(shop))


def test_of_two_workers_at_once_one_gives_way_and_nothing_is_lost(
    shop: Shop, engine: Engine
) -> None:
    count_all(shop.session)
    shop.response("delivery", {"nps": 1.0}, day=3.3)
    shop.session.commit()

    def much_happens() -> None:
        shop.response("delivery", {"nps": 10.0}, day=3.3)
        shop.session.commit()
        count_all(shop.session)
        shop.response("delivery", {"nps": 9.0}, day=3.3)
        shop.session.commit()

    with SlowWorker(engine, much_happens) as slow, pytest.raises(Overtaken):
        work.count_workspace(slow, shop.workspace.id, NOW)
    assert marks(shop.session) > 0
    count_all(shop.session)
    agree(shop.session, scope_of(shop))


def test_what_is_marked_while_a_worker_counts_stays_marked(shop: Shop, engine: Engine) -> None:
    count_all(shop.session)
    shop.response("delivery", {"nps": 1.0}, day=3.3)
    shop.session.commit()

    def somebody_answers() -> None:
        shop.response("delivery", {"nps": 10.0}, day=3.3)
        shop.session.commit()

    with SlowWorker(engine, somebody_answers) as slow:
        assert work.count_workspace(slow, shop.workspace.id, NOW) > 0
    assert marks(shop.session) > 0
    agree(shop.session, scope_of(shop))
    count_all(shop.session)
    agree(shop.session, scope_of(shop))


def test_a_rebuild_stopped_half_way_goes_on_and_reports_are_right_all_the_while(
    shop: Shop,
) -> None:
    session = shop.session
    for batch in range(1, 4):
        shop.response("delivery", {"nps": 3.0}, (("price", "negative"),), day=batch * rebuild.DAYS)
    session.commit()
    before = rows_of(session, scope_of(shop))
    steps, told = 0, set()
    while status_of(session, shop.workspace.id).building or not steps:
        work.count_workspace(session, shop.workspace.id, NOW)
        assert sums_of(session, scope_of(shop)) == before
        told.add(counting(status_of(session, shop.workspace.id)))
        steps += 1
    assert steps > 5 and len(told) > 3
    assert any("it has just begun. They are right all the while" in one for one in told)
    assert agree(session, scope_of(shop)) == before
    found = status_of(session, shop.workspace.id)
    assert (found.built, found.marks, found.days_done) == (True, 0, found.days)
    assert counting(found) == ""


@pytest.mark.parametrize(("most", "fewest"), [(1, 25), (7, 8), (40, 4)])
def test_a_rebuild_in_small_portions_ends_with_the_same_sums(
    shop: Shop, most: int, fewest: int
) -> None:
    session, workspace = shop.session, shop.workspace
    segment(shop, "gold", {"tier": "gold"})
    shop.response("returns", {"nps": 2.0}, (("price", "negative"),), day=70.2)
    session.commit()
    count_all(session)
    work.start_afresh(session, workspace.id)
    steps = 0
    while status_of(session, workspace.id).building:
        frame = replace(frame_of(session, workspace), most=most)
        assert rebuild.go_on(session, take(session, workspace.id), frame, NOW) > 0
        steps += 1
    assert steps > fewest
    assert list(differences(session, workspace)) == []
    agree(session, scope_of(shop))
    agree(session, scope_of(shop, segment="gold", channel="sms"))


def test_marked_days_are_counted_in_small_portions_too(shop: Shop) -> None:
    session = shop.session
    count_all(session)
    for day in range(12):
        shop.response("delivery", {"nps": 2.0}, (("price", "negative"),), day=day)
        shop.response("browse", {"nps": 9.0}, (("staff", "positive"),), day=day)
    session.commit()
    state = take(session, shop.workspace.id)
    assert count_places(session, state, replace(frame_of(session, shop.workspace), most=2)) > 0
    assert marks(session) == 0
    assert list(differences(session, shop.workspace)) == []


def test_a_second_answer_marks_nothing_of_its_own_and_the_first_does(shop: Shop) -> None:
    session = shop.session
    opened = shop.response("delivery", day=4.0)
    session.commit()
    count_all(session)
    silent = agree(session, scope_of(shop))
    for question, more in (("first", 1), ("second", 1)):
        session.add(answer(opened, question))
        session.commit()
        found = agree(session, scope_of(shop))
        assert sum(found.values()) == sum(silent.values()) + more
        if session.get_bind().dialect.name == "sqlite":
            assert (marks(session) > 0) == (question == "first")
        count_all(session)
    session.execute(delete(Answer).where(Answer.response_id == opened.id))
    session.commit()
    assert agree(session, scope_of(shop)) == silent


def test_a_segment_made_anew_is_another_though_its_id_is_given_again(shop: Shop) -> None:
    session = shop.session
    first = segment(shop, "gold", {"tier": "gold"})
    session.commit()
    count_all(session)
    before = agree(session, scope_of(shop, segment="gold"))
    session.delete(first)
    session.commit()
    segment(shop, "gold", {"tier": "gold"}, DAY + timedelta(days=1))
    session.commit()
    count_all(session)
    gold = session.scalars(select(Customer)).one()
    shop.response("browse", {"csat": 4.0}, day=3.1, customer_id=gold.id, channel="sms")
    session.commit()
    count_all(session)
    assert before and agree(session, scope_of(shop, segment="gold")) != before


def test_a_changed_segment_leaves_everybody_readable(shop: Shop) -> None:
    wanted = segment(shop, "gold", {"tier": "gold"})
    shop.session.commit()
    count_all(shop.session)
    agree(shop.session, scope_of(shop, segment="gold"))
    assert scope_of(shop, segment="gold").members == Members(wanted.id)
    wanted.filter = {"tier": "blue"}
    shop.session.commit()
    work.count_workspace(shop.session, shop.workspace.id, NOW)
    assert plan_of(shop.session, scope_of(shop)) is not None
    narrow = scope_of(shop, segment="gold")
    assert narrow.members is None and plan_of(shop.session, narrow) is None
    count_all(shop.session)
    assert not agree(shop.session, scope_of(shop, segment="gold"))


def test_a_customer_who_changes_is_in_the_segment_at_once(shop: Shop) -> None:
    segment(shop, "gold", {"tier": "gold"})
    shop.session.commit()
    count_all(shop.session)
    before = sums_of(shop.session, scope_of(shop, segment="gold"))
    customer = shop.session.scalars(select(Customer)).one()
    customer.attributes = {"tier": "blue"}
    shop.session.commit()
    narrow = scope_of(shop, segment="gold")
    assert narrow.members is not None and narrow.members.left == (customer.id,)
    assert before and not agree(shop.session, narrow)
    customer.attributes = {"tier": "gold"}
    shop.session.commit()
    assert agree(shop.session, scope_of(shop, segment="gold")) == before
    count_all(shop.session)
    assert agree(shop.session, scope_of(shop, segment="gold")) == before


def test_parts_of_days_come_from_rows(shop: Shop) -> None:
    count_all(shop.session)
    noon, morning = DAY + timedelta(days=3, hours=3), DAY + timedelta(days=21, hours=-3)
    period = Period(noon, morning)
    plan = plan_of(shop.session, scope_of(shop, period))
    assert plan is not None
    begun = [piece.period.start for piece in plan.pieces]
    assert begun == [noon, morning.replace(hour=0)]
    agree(shop.session, scope_of(shop, period))
    empty = Period(noon - timedelta(days=1), morning + timedelta(days=1))
    plan = plan_of(shop.session, scope_of(shop, empty))
    assert plan is not None and not plan.pieces


def test_the_doctor_names_a_sum_that_is_wrong(shop: Shop) -> None:
    session = shop.session
    count_all(session)
    assert list(differences(session, shop.workspace)) == []
    query = select(StatisticCell).where(StatisticCell.level == 0, StatisticCell.channel == "*")
    cell = session.scalars(query.order_by(StatisticCell.node).limit(1)).one()
    items = items_of([cell.reach])
    some = next(one for one in items if (one.kind, one.first) == (Kind.VOICES, "price"))
    cell.reach = pack_of({**items, some: 7})
    session.commit()
    words = [one.words for one in differences(session, shop.workspace)]
    assert "voices price is 1 and stored as 7" in words[0] and "2026-10-01 at" in words[0]
    assert "are not their sum" in words[1]
    work.start_afresh(session, shop.workspace.id)
    count_all(session)
    assert list(differences(session, shop.workspace)) == []


def test_a_row_nobody_marked_is_found_by_the_doctor(shop: Shop) -> None:
    session = shop.session
    count_all(session)
    marking.remove(session.connection())
    assert marking.missing(session.connection()) == names()
    session.execute(delete(Mention).where(Mention.theme == "price"))
    marking.install(session.connection())
    session.commit()
    assert marking.missing(session.connection()) == []
    assert any("price" in one.words for one in differences(session, shop.workspace))


def test_nothing_is_owed_where_nothing_changed(shop: Shop) -> None:
    session = shop.session
    count_all(session)
    session.add(Task(kind=due.COUNT, status="done", due_at=NOW, created_at=NOW, finished_at=NOW))
    session.commit()
    later = NOW + timedelta(seconds=30)
    assert due.count(session, later) is None
    session.execute(update(Response).values(updated_at=NOW))
    session.commit()
    assert due.count(session, later) is None
    session.execute(update(Response).values(channel="web"))
    session.commit()
    assert due.count(session, later) == later
    assert due.count(session, NOW + timedelta(seconds=1)) is None


def test_an_erased_workspace_leaves_nothing_to_count(shop: Shop) -> None:
    session = shop.session
    count_all(session)
    session.execute(delete(Workspace).where(Workspace.id == shop.workspace.id))
    session.commit()
    count_all(session)
    assert marks(session) == 0
    assert session.scalar(select(func.count()).select_from(StatisticCell)) == 0
