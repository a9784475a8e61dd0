"""Who was asked and who answered: counted beside what was said, and right at any moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cell_world import NOW, SlowWorker, agree, answer, count_all, marks, scope_of, segment
from report_rows import DAY, Shop
from sqlalchemy import Engine, delete, event, func, select, text, update
from sqlalchemy.orm import Session

from feedback.cells import work
from feedback.cells.check import differences
from feedback.cells.frame import frame_of
from feedback.cells.plan import plan_of
from feedback.cells.watched import ASKED
from feedback.cells.write import Overtaken
from feedback.rates.cells import counted_days
from feedback.rates.counts import Counts, from_rows
from feedback.rates.read import counts_of, lapsed
from feedback.reporting.asked import response_rate
from feedback.reporting.period import Ends, Period
from feedback.reporting.report import pain_point_report
from models.customer import Customer
from models.invitation import Invitation
from models.rates import RateCell, RateMark
from models.reading import Comment
from models.response import Response
from models.statistics import StatisticMark
from models.workspace import Workspace
from surveys.expiry import expire_unanswered

LONG = Period(DAY - timedelta(days=100), DAY + timedelta(days=100))


@pytest.fixture
def shop(session: Session, workspace: Workspace) -> Shop:
    """Two asked at each of two touchpoints every third day; one of each answers the day after."""
    made = Shop(session, workspace)
    gold = made.customer(tier="gold")
    for day in range(0, 30, 3):
        for place, channel in (("delivery", "web"), ("browse", "sms")):
            made.invitation(place, day=day, channel=channel)
            begun = made.invitation(place, "started", day, channel=channel, customer_id=gold.id)
            made.response(
                place, {"nps": day % 11}, day=day + 1, channel=channel, invitation_id=begun.id
            )
    session.commit()
    return made


def counted(shop: Shop, period: Period | None = None, **filters: str) -> Counts:
    """The counts under filters, read from cells and equal to those of the rows."""
    scope = scope_of(shop, period, **filters)
    assert plan_of(shop.session, scope, ASKED) is not None, "read from rows"
    found = counts_of(shop.session, scope)
    assert found == from_rows(shop.session, scope)
    return found


def test_counts_are_additive_under_every_filter(shop: Shop) -> None:
    segment(shop, "gold", {"tier": "gold"})
    shop.session.commit()
    count_all(shop.session)
    assert counted(shop, LONG) == Counts(40, 40, 20, 0, 20)
    assert counted(shop, LONG, channel="sms") == Counts(20, 20, 10, 0, 10)
    assert counted(shop, LONG, segment="gold") == Counts(20, 20, 20, 0, 0)
    assert counted(shop, LONG, segment="gold", channel="web", survey="ask").asked == 10
    part = Period(DAY + timedelta(days=2), DAY + timedelta(days=12, hours=-1))
    assert counted(shop, part) == Counts(12, 12, 6, 0, 6)


def test_an_answer_counts_where_its_invitation_was_made(shop: Shop) -> None:
    session = shop.session
    count_all(session)
    silent = session.scalars(select(Invitation).where(Invitation.status == "delivered")).first()
    assert silent is not None
    before = counted(shop, LONG)
    said = shop.response("returns", day=80, invitation_id=silent.id)
    session.commit()
    assert session.scalar(select(func.count(RateMark.id))) == 0, "a page merely opened"
    session.add(answer(said, "first"))
    session.commit()
    marked = set(session.execute(select(RateMark.touchpoint_id, RateMark.hour)).all())
    assert marked == {(silent.touchpoint_id, silent.created_at.strftime("%Y-%m-%d %H"))}
    now = counted(shop, LONG)
    assert (now.answered, now.waiting) == (before.answered + 1, before.waiting - 1)
    session.execute(update(RateCell).values(asked=1000))
    session.commit()
    count_all(session)
    kept = select(RateCell.node).where(RateCell.level == 0, RateCell.asked < 1000)
    assert set(session.scalars(kept)) == {silent.created_at.date().toordinal()}


CHANGES = [
    ("UPDATE invitations SET status = 'sent', claimed_until = NULL WHERE id = {waits}", 0),
    ("UPDATE invitations SET status = 'sending' WHERE id = {plan}", 0),
    ("UPDATE invitations SET status = 'sent', sent_at = created_at WHERE id = {plan}", 1),
    ("UPDATE invitations SET status = 'suppressed' WHERE id = {plan}", 0),
    ("UPDATE invitations SET status = 'started' WHERE id = {waits}", 1),
    ("UPDATE invitations SET status = 'failed' WHERE id = {waits}", 1),
    ("UPDATE invitations SET touchpoint_id = {other} WHERE id = {waits}", 2),
    ("DELETE FROM invitations WHERE id = {plan}", 0),
    ("DELETE FROM invitations WHERE id = {waits}", 1),
    ("DELETE FROM responses WHERE invitation_id IS NOT NULL", 1),
    ("DELETE FROM answers", 1),
    ("UPDATE comments SET read_state = 'waiting'", 0),
    ("DELETE FROM customers", 1),
]


@pytest.mark.parametrize(("change", "places"), CHANGES)
def test_only_what_changes_a_count_is_a_mark(
    session: Session, workspace: Workspace, change: str, places: int
) -> None:
    made = Shop(session, workspace)
    waits = made.invitation("delivery", customer_id=made.customer().id)
    plan = made.invitation("delivery", "scheduled", sent_at=None, customer_id=waits.customer_id)
    done = made.invitation("delivery", "completed", customer_id=waits.customer_id)
    made.response("delivery", {"nps": 9.0}, (("price", "negative"),), invitation_id=done.id)
    session.commit()
    count_all(session)
    ids = {"waits": waits.id, "plan": plan.id, "other": made.touchpoints["browse"]}
    session.execute(text(change.format(**ids)))
    session.commit()
    place = select(RateMark.touchpoint_id, RateMark.hour).distinct()
    assert len(session.execute(place).all()) == places
    agree(session, scope_of(made), from_cells=False)
    count_all(session)
    assert marks(session) == 0 and list(differences(session, workspace)) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ((None, None), 4),
        ((DAY, None), 3),
        ((None, DAY), 1),
        ((DAY, DAY + timedelta(days=2)), 1),
    ],
)
def test_where_no_end_is_asked_for_there_is_none(
    session: Session, workspace: Workspace, asked: Ends, found: int
) -> None:
    """A whole history begins with the first answer, and somebody was asked before that."""
    made = Shop(session, workspace)
    first = made.invitation(day=-2)
    made.response("delivery", {"nps": 9.0}, day=0.1, invitation_id=first.id)
    for day in (1, 3, 5):
        made.invitation(day=day)
    session.commit()
    for _ in range(2):
        report = pain_point_report(session, workspace.id, NOW, period=asked)
        assert report.rate is not None and report.rate.asked == found
        count_all(session)


def test_what_still_waits_though_its_time_is_over_is_not_open(shop: Shop) -> None:
    session, ever = shop.session, (None, None)
    count_all(session)
    scope = scope_of(shop)
    for day, waiting in ((6.9, 20), (7.1, 18), (25.1, 6), (40, 0)):
        rate = response_rate(session, scope, ever, DAY + timedelta(days=day))
        assert rate is not None and (rate.asked, rate.open) == (40, waiting)
    assert response_rate(session, scope_of(shop, language="en"), ever, NOW) is None


def test_of_two_workers_at_once_one_gives_way(shop: Shop, engine: Engine) -> None:
    count_all(shop.session)
    shop.invitation("delivery", day=3)
    shop.session.commit()

    def more_are_asked() -> None:
        shop.invitation("delivery", day=3)
        shop.session.commit()
        count_all(shop.session)
        shop.invitation("delivery", day=3)
        shop.session.commit()

    with SlowWorker(engine, more_are_asked) as slow, pytest.raises(Overtaken):
        work.count_workspace(slow, shop.workspace.id, NOW)
    assert counted(shop) == from_rows(shop.session, scope_of(shop))
    count_all(shop.session)
    assert list(differences(shop.session, shop.workspace)) == []


def test_whoever_joins_a_segment_was_asked_as_one_of_it(shop: Shop) -> None:
    segment(shop, "gold", {"tier": "gold"})
    late = shop.customer(tier="none")
    shop.invitation("delivery", day=5, customer_id=late.id)
    shop.session.commit()
    count_all(shop.session)
    before = counted(shop, segment="gold").asked
    late.attributes = {"tier": "gold"}
    shop.session.commit()
    assert counted(shop, segment="gold").asked == before + 1
    count_all(shop.session)
    assert counted(shop, segment="gold").asked == before + 1


def test_the_doctor_names_a_count_that_is_wrong_and_counting_anew_mends_it(shop: Shop) -> None:
    session = shop.session
    count_all(session)
    assert list(differences(session, shop.workspace)) == []
    wrong = (RateCell.level == 0) & (RateCell.node == DAY.date().toordinal())
    session.execute(update(RateCell).where(wrong).values(answered=7))
    session.commit()
    words = [one.words for one in differences(session, shop.workspace)]
    wide = "who was asked in 4 days from 2026-09-29 at delivery is not their sum"
    assert len(words) == 4 and wide in words
    assert "2026-10-01 at delivery: answered is 1 and stored as 7" in words
    work.start_afresh(session, shop.workspace.id)
    while work.count_next(session, lambda: NOW):
        assert counts_of(session, scope_of(shop)) == from_rows(session, scope_of(shop))
    assert list(differences(session, shop.workspace)) == []


def test_an_erased_workspace_leaves_no_counts(shop: Shop) -> None:
    session = shop.session
    count_all(session)
    session.execute(delete(Workspace).where(Workspace.id == shop.workspace.id))
    session.commit()
    count_all(session)
    for table in (RateCell, RateMark, StatisticMark, Response, Comment, Customer):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def plans(engine: Engine) -> list[str]:
    """What is planned for each statement about invitations from now on, a line each."""
    on_sqlite = engine.dialect.name == "sqlite"
    plan = "EXPLAIN QUERY PLAN" if on_sqlite else "EXPLAIN"
    read: list[str] = []

    def explain(connection: Any, _: Any, statement: str, given: Any, *rest: Any) -> None:
        if "FROM invitations" in statement and not statement.startswith("EXPLAIN"):
            if not on_sqlite:
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            rows = connection.exec_driver_sql(f"{plan} {statement}", given).all()
            read.extend(str(one) for row in rows for one in row)

    event.listen(engine, "before_cursor_execute", explain)
    return read


def test_each_day_is_read_by_its_own_range_of_an_index(shop: Shop, engine: Engine) -> None:
    """Asked for in one OR, they were given none: all invitations were gone through."""
    count_all(shop.session)
    frame = frame_of(shop.session, shop.workspace)
    first, other, _ = shop.touchpoints.values()
    day, read = DAY.date().toordinal(), plans(engine)
    with Session(engine) as session:
        counted_days(session, frame, {day: {first}, day + 9: {other}, day + 27: {first, other}})
    ranges = [one for one in read if "created_at" in one and "Index Scan" not in one]
    assert len([one for one in ranges if "created_at>" in one or "Index Cond" in one]) == 3, read


def test_whoever_is_too_late_is_found_by_their_own_index(shop: Shop, engine: Engine) -> None:
    """SQLAlchemy's truth of a literal is `= 1` on SQLite, which no index of some rows meets."""
    scope, read = scope_of(shop, LONG), plans(engine)
    shop.session.commit()
    with Session(engine) as session:
        assert lapsed(session, scope, NOW) == 20
        session.rollback()
        looked = len([one for one in read if "ix_invitations_good_until" in one])
        assert expire_unanswered(session, NOW) == 20
        expired = len([one for one in read if "ix_invitations_good_until" in one])
        read.clear()
        assert lapsed(session, scope, NOW) == 0
        again = [one for one in read if "SEARCH" in one or "Index Scan" in one]
    assert looked == 2 and expired > looked, "whether there is any, and how many"
    assert len(again) == 1 and "ix_invitations_good_until" in again[0], again
