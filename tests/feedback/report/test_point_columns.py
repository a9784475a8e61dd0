"""Points written from their columns are what the report's own shapes would write."""

from __future__ import annotations

import json
import math
import random
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_rows import MakeWorkspace, Shop
from sqlalchemy.orm import Session

from feedback.goals.check import Goal
from feedback.goals.rows import set_goal
from feedback.reporting.digits import chances, figures
from feedback.reporting.figures import Chance, Figure, Out
from feedback.reporting.report import Found, find_report
from feedback.reporting.schema import Report
from feedback.statistics.metrics import Metric

THEMES = ("speed", "tone", "price", "design", "fit")
SCALES: dict[str, tuple[int, int]] = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}


class One(Out):
    """A report of one figure and one chance."""

    value: Figure | None
    p: Chance | None


@pytest.fixture
def shop(sqlite_session: Session, make_workspace: MakeWorkspace) -> Shop:
    """Three metrics, answers without a score, praise beside complaints, and rare themes."""
    made, dice = Shop(sqlite_session, make_workspace(sqlite_session)), random.Random(4)
    for number in range(260):
        metric = dice.choice([*SCALES, "nps", "nps", ""])
        scores = {metric: float(dice.randint(*SCALES[metric]))} if metric else {}
        theme = dice.choice((*THEMES, *THEMES, f"rare{number}"))
        said = ((theme, dice.choice(("negative", "negative", "positive", "neutral"))),)
        low = {name: SCALES[name][0] + 1.0 for name in scores} if theme == "speed" else scores
        made.response(dice.choice(list(made.touchpoints)), low, said, day=number % 40)
    sqlite_session.commit()
    return made


def found(shop: Shop, now: datetime) -> Found:
    return find_report(shop.session, shop.workspace.id, now)


def test_json_written_from_columns_is_the_report_s_own(shop: Shop, now: datetime) -> None:
    goal = Goal(point_value=1234.5, currency="EUR")
    set_goal(shop.session, shop.journey, Metric.NPS, goal, now)
    written, report = found(shop, now).json().decode(), found(shop, now).report()
    assert written == report.model_dump_json(by_alias=True)
    assert Report.model_validate_json(written).pain_points[0].rank == 1
    points = report.pain_points
    for part in ("severity", "fixed", "money"):  # each is there of some, and not of others
        assert len({getattr(one, part) is None for one in points}) == 2, part
    assert {one.impact.metric for one in points} == {"ces", "csat", "nps"}
    assert report.delights
    assert not any(one.fixed for one in report.delights)


def test_what_a_point_is_worth_hangs_on_its_own_effect(shop: Shop, now: datetime) -> None:
    goal = Goal(point_value=1000.0, currency="EUR")
    set_goal(shop.session, shop.journey, Metric.NPS, goal, now)
    priced = [one for one in found(shop, now).report().pain_points if one.money and one.fixed]
    assert priced
    for one in priced:
        cost, fixed, money = one.impact, one.fixed, one.money
        assert cost.adjusted is not None and cost.adjusted_low is not None
        assert fixed is not None and money is not None
        assert fixed.value == min(100.0, max(-100.0, fixed.now - cost.adjusted))
        assert fixed.high == min(100.0, max(-100.0, fixed.now - cost.adjusted_low))
        worth = (1000.0 * cost.adjusted, 1000.0 * cost.adjusted_low)
        assert ("EUR", *worth) == (money.currency, money.value, money.low)


def test_without_a_single_score_cells_are_written_without_a_cost(
    sqlite_session: Session, make_workspace: MakeWorkspace, now: datetime
) -> None:
    silent = Shop(sqlite_session, make_workspace(sqlite_session))
    for day in range(12):
        silent.response("delivery", {}, (("speed", "negative"),), day=day)
    written, report = found(silent, now).json().decode(), found(silent, now).report()
    assert written == report.model_dump_json(by_alias=True)
    (point,) = report.pain_points
    assert (point.impact.metric, point.impact.n, point.impact.small) == (None, 0, True)
    assert (point.severity, point.fixed, point.money) == (None, None, None)


def test_a_goal_of_one_metric_is_no_money_in_another(shop: Shop, now: datetime) -> None:
    goal = Goal(point_value=10.0, currency="USD")
    set_goal(shop.session, shop.journey, Metric.CES, goal, now)
    assert {one.money for one in found(shop, now).report().pain_points} == {None}


def test_of_nothing_the_lists_are_empty(
    sqlite_session: Session, make_workspace: MakeWorkspace, now: datetime
) -> None:
    empty = Shop(sqlite_session, make_workspace(sqlite_session))
    written = json.loads(found(empty, now).json())
    assert (written["pain_points"], written["delights"]) == ([], [])


def test_points_are_the_same_one_by_one_and_all_at_once(shop: Shop, now: datetime) -> None:
    points = found(shop, now).pain_points
    assert [points[place] for place in range(len(points))] == list(points) == points.written()
    assert list(points[3:7]) == points.written()[3:7]


halves = st.integers(-(10**7), 10**7).map(lambda half: (2 * half + 1) / 20_000)
near = st.tuples(halves, st.sampled_from((-math.inf, math.inf))).map(lambda at: math.nextafter(*at))
numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(-200, 200),
    halves,
    near,
    st.just(math.nan),
)


@given(st.lists(numbers, max_size=12))
def test_a_column_is_written_as_its_figures_are(values: list[float]) -> None:
    known = [None if math.isnan(value) else value for value in values]
    one_by_one = [One(value=value, p=value).model_dump() for value in known]
    column = np.array(values)
    written = figures(column).tolist(), chances(column)
    none_as_none = [[None if math.isnan(one) else one for one in listed] for listed in written]
    assert none_as_none == [[one[name] for one in one_by_one] for name in ("value", "p")]
