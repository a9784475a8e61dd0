"""The panel: columns that are cut and put together, a draw that is even, days kept right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from cell_world import count_all, scope_of, segment
from hypothesis import given
from hypothesis import strategies as st
from report_rows import MakeWorkspace, Shop
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from feedback.cells.check import differences
from feedback.panel.answers import NOBODY, Answers, together, unpacked
from feedback.panel.draw import A_YEAR, WHOLE, drawn_among, drawn_response, share_of
from feedback.panel.kept import TOO_MANY
from feedback.panel.read import panel_of
from feedback.panel.rows import answers_of
from feedback.reporting.customers import measured
from feedback.statistics.metrics import Metric
from models.customer import Customer
from models.response import Response
from models.statistics import StatisticPanel, StatisticState

PLENTY = 10**6


@pytest.fixture
def shop(session: Session, make_workspace: MakeWorkspace) -> Shop:
    return Shop(session, make_workspace(session))


def visits(shop: Shop, people: int = 30, times: int = 3) -> None:
    """Each person answers some times, a day or more apart, by turns on either channel."""
    for number in range(people * times):
        person = number % people
        if number < people:
            shop.customer(tier="gold" if person % 2 else "basic")
        said = (("speed", "negative"),) if person % 3 == 0 else (("staff", "positive"),)
        known = customers(shop)[person]
        channel = "sms" if person % 4 else "web"
        asked = {"channel": channel, "language": ("en", "de", None)[person % 3]}
        value = {"nps": float(person % 11)}
        shop.response("delivery", value, said, day=number / 7, customer_id=known, **asked)
    shop.session.commit()


def customers(shop: Shop) -> list[int]:
    return list(shop.session.scalars(select(Customer.id).order_by(Customer.id)))


def made(rows: list[tuple[int, str, str]]) -> Answers:
    """Answers as (who, channel, theme), one mention each, all in segment 7."""
    words = tuple(dict.fromkeys(["nps", *(word for row in rows for word in row[1:])]))
    n = len(rows)
    ones, numbers = np.ones(n, np.int64), np.arange(n)
    who = np.array([row[0] for row in rows], np.int64)
    channel = np.array([words.index(row[1]) for row in rows], np.int64)
    theme = np.array([words.index(row[2]) for row in rows], np.int64)
    columns = (who, who * 10, ones, ones, channel, channel[::-1].copy(), ones * 0, who * 100)
    return Answers(words, *columns, numbers, theme, ones, numbers, ones * 7)


def told(answers: Answers) -> list[tuple[object, ...]]:
    """Every answer with its words in full, and all that hangs on it."""
    words = answers.words
    return [
        (
            *(int(answers.who[i]), int(answers.at[i]), words[answers.channel[i]]),
            *(words[answers.language[i]], int(answers.points[i])),
            sorted(words[theme] for theme in answers.theme[answers.said_by == i]),
            answers.segment[answers.member == i].tolist(),
        )
        for i in range(len(answers))
    ]


names = st.sampled_from(["sms", "web", "price", "staff", "speed"])
tables = st.lists(st.tuples(st.integers(1, 9), names, names), max_size=12).map(made)


@given(st.lists(tables, max_size=4))
def test_parts_put_together_and_packed_say_what_they_said(parts: list[Answers]) -> None:
    whole = together(parts)
    assert told(whole) == [row for part in parts for row in told(part)]
    assert told(unpacked([whole.pack()])) == told(whole) == told(whole.tidied())


@given(tables, st.integers(1, 9))
def test_what_is_left_out_takes_what_was_said_along(answers: Answers, first: int) -> None:
    left = answers.only(answers.who >= first)
    assert told(left) == [row for row in told(answers) if int(str(row[0])) >= first]
    assert told(NOBODY) == []


def test_a_smaller_share_is_a_part_of_a_larger_one_and_as_even() -> None:
    assert share_of(A_YEAR, 365) == WHOLE == share_of(3 * A_YEAR, 3 * 365)
    assert share_of(100 * A_YEAR, 365) == pytest.approx(WHOLE / 100, abs=1)
    ids = np.arange(1, 200_001)
    some, few = (ids[drawn_among(ids, share)] for share in (WHOLE // 10, WHOLE // 100))
    assert set(few.tolist()) < set(some.tolist())
    assert len(some) == pytest.approx(20_000, rel=0.01)
    by_eight = np.bincount(few % 8)
    assert by_eight.min() > 0.95 * by_eight.mean()


def test_the_database_draws_as_the_program_does(shop: Shop) -> None:
    visits(shop, people=12)
    shop.response("delivery", {"nps": 3.0})
    share = WHOLE // 2
    chosen = shop.session.scalars(select(Response.id).where(drawn_response(share)))
    rows = shop.session.execute(select(Response.id, Response.customer_id)).all()
    who = np.array([-row.id if row.customer_id is None else row.customer_id for row in rows])
    drawn = drawn_among(who, share).tolist()
    assert set(chosen) == {row.id for row, is_in in zip(rows, drawn, strict=True) if is_in}


def test_the_stored_panel_is_that_of_the_rows_whatever_is_asked(shop: Shop) -> None:
    gold = segment(shop, "gold", {"tier": "gold"})
    visits(shop)
    count_all(shop.session)
    shop.response("delivery", {"nps": 1.0}, day=5.0, customer_id=customers(shop)[3])
    shop.session.commit()
    filters = ({"channel": "web"}, {"survey": "ask"}, {"segment": gold.key}, {"language": "de"})
    for asked in ({}, *filters):
        scope = scope_of(shop, **asked)
        found = panel_of(shop.session, scope, PLENTY)
        rows = answers_of(shop.session, scope, WHOLE)
        assert len(rows) > 20 and found.share == WHOLE
        assert sorted(bare(found.answers)) == sorted(bare(rows))


def bare(answers: Answers) -> list[tuple[object, ...]]:
    """Rows without what only stored ones need."""
    return [tuple(map(str, row[:-1])) for row in told(answers)]


def test_a_panel_that_has_grown_too_large_is_halved(shop: Shop) -> None:
    visits(shop)
    count_all(shop.session)
    session, state = shop.session, shop.session.get_one(StatisticState, shop.workspace.id)
    before = panel_of(session, scope_of(shop), PLENTY)
    row = session.scalars(select(StatisticPanel).order_by(StatisticPanel.day)).first()
    assert row is not None and before.whole and state.panel_share == WHOLE
    row.answers = TOO_MANY + 1
    shop.response("delivery", {"nps": 1.0}, day=12.0)
    session.commit()
    count_all(session)
    session.expire_all()
    after = panel_of(session, scope_of(shop), PLENTY)
    assert state.panel_share == after.share == WHOLE // 2
    assert 0 < len(after.answers) < len(before.answers)
    assert drawn_among(after.answers.who, after.share).all()
    total = session.scalar(select(func.sum(StatisticPanel.answers)))
    assert total == len(after.answers)
    assert list(differences(session, shop.workspace)) == []


def test_doctor_sees_a_panel_that_is_not_its_rows(shop: Shop) -> None:
    visits(shop)
    count_all(shop.session)
    assert list(differences(shop.session, shop.workspace)) == []
    day = select(func.min(StatisticPanel.day)).scalar_subquery()
    wrong = update(StatisticPanel).where(StatisticPanel.day == day).values(pack=NOBODY.pack())
    shop.session.execute(wrong.execution_options(synchronize_session=False))
    (found,) = differences(shop.session, shop.workspace)
    assert "answers and 0 of it are stored" in found.words


def test_under_a_narrow_filter_of_a_thin_panel_everybody_stands_in(shop: Shop) -> None:
    visits(shop)
    count_all(shop.session)
    state = shop.session.get_one(StatisticState, shop.workspace.id)
    state.panel_share = WHOLE // 2
    shop.session.commit()
    wide, narrow = scope_of(shop), scope_of(shop, channel="web")
    everybody = measured(shop.session, wide, 90).hurts
    found = measured(shop.session, narrow, 24).hurts
    assert found.wholes == everybody.wholes and found.cells == {} != everybody.cells
    points = replace(everybody.wholes[Metric.NPS].points, n=24)
    assert found.whole(Metric.NPS, points).customers < 24
