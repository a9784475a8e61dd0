"""Goals as people type them: what is taken, and what the form answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.apply import apply_text
from feedback.configuration.problems import ConfigurationError
from feedback.goals.check import Goal, read_goal
from feedback.goals.out import stands
from feedback.goals.rows import goals_of
from feedback.pages.impact_words import amount, change, fixed, money, rate, target
from feedback.reporting.figures import ChangeOut, GoalOut, RateOut, ScoreOut
from feedback.reporting.schema import MoneyOut
from feedback.statistics.metrics import Metric
from models.journey import Journey
from models.workspace import Workspace


def test_numbers_are_read_as_people_write_them() -> None:
    typed = {"target": "\N{MINUS SIGN}5", "benchmark": "31.5", "benchmark_name": " Retail "}
    typed |= {"point_value": "4,000", "currency": "eur"}
    goal, problems = read_goal(Metric.NPS, typed)
    assert problems == {}
    assert goal == Goal(-5.0, 31.5, "Retail", 4000.0, "EUR")
    assert goal.worth == (4000.0, "EUR")
    assert read_goal(Metric.CSAT, {"target": "80 %"}) == (Goal(target=80.0), {})
    assert read_goal(Metric.CES, {"target": " "}) == (Goal(), {})


@pytest.mark.parametrize(
    ("metric", "typed", "field"),
    [
        (Metric.NPS, {"target": "101"}, "target"),
        (Metric.CSAT, {"target": "-1"}, "target"),
        (Metric.CES, {"benchmark": "9"}, "benchmark"),
        (Metric.NPS, {"target": "nan"}, "target"),
        (Metric.NPS, {"target": "1e3"}, "target"),
        (Metric.NPS, {"target": "1,5"}, "target"),
        (Metric.NPS, {"point_value": "4.000,50", "currency": "EUR"}, "point_value"),
        (Metric.NPS, {"point_value": "-3", "currency": "EUR"}, "point_value"),
        (Metric.NPS, {"point_value": "10"}, "currency"),
        (Metric.NPS, {"currency": "EUR"}, "point_value"),
        (Metric.NPS, {"point_value": "10", "currency": "euro"}, "currency"),
        (Metric.NPS, {"benchmark_name": "Retail"}, "benchmark"),
        (Metric.NPS, {"benchmark": "3", "benchmark_name": "x" * 81}, "benchmark_name"),
    ],
)
def test_a_problem_names_its_field(metric: Metric, typed: dict[str, str], field: str) -> None:
    assert list(read_goal(metric, typed)[1]) == [field]


SHOP = "journeys: [{key: shop, stages: [{key: buy, touchpoints: [{key: till}]}]}]\n"


def test_a_file_sets_goals_and_keeps_what_it_does_not_name(
    sqlite_session: Session, make_workspace: Callable[[Session], Workspace], now: datetime
) -> None:
    workspace = make_workspace(sqlite_session)

    def apply(goal: str) -> list[str]:
        return apply_text(sqlite_session, workspace, f"{SHOP}goals: [{{{goal}}}]\n", now)

    worth = "journey: shop, metric: nps, point_value: 4000, currency: EUR"
    assert "goal shop/nps: set" in apply(worth)
    assert apply("journey: shop, metric: nps, target: 40") == ["goal shop/nps: set"]
    assert apply(worth) == []
    journey = sqlite_session.scalars(select(Journey)).one()
    expected = Goal(target=40.0, point_value=4000.0, currency="EUR")
    assert goals_of(sqlite_session, journey) == {Metric.NPS: expected}
    with pytest.raises(ConfigurationError, match="journey"):
        apply("journey: other, metric: nps, target: 40")
    with pytest.raises(ConfigurationError, match="target"):
        apply("journey: shop, metric: nps, target: 400")


def test_a_score_stands_surely_or_not() -> None:
    score = ScoreOut(metric="nps", value=30.0, low=25.0, high=35.0, n=300, small=False)
    few = ScoreOut(metric="nps", value=None, low=None, high=None, n=3, small=True)
    assert [stands(score, wanted) for wanted in (20.0, 30.0, 40.0, None)] == [
        *("yes", "not_sure", "no", None),
    ]
    assert stands(few, 20.0) == stands(None, 20.0) == "not_sure"


def test_amounts_have_three_figures() -> None:
    shown = [amount(value, "EUR") for value in (24_123.0, 987.4, 5.254, 0.0, 1_234_567.0)]
    assert shown == ["€24,100", "€987", "€5.3", "€0.0", "€1,230,000"]
    assert amount(24_123.0, "CHF") == "CHF 24,100"


def test_money_is_a_range_or_nothing_for_sure() -> None:
    sure = MoneyOut(currency="EUR", value=-5000.0, low=-6000.0, high=-4000.0)
    assert money(sure) == "In money: about €5,000 a month, between €4,000 and €6,000."
    unsure = MoneyOut(currency="EUR", value=-500.0, low=-1500.0, high=400.0)
    assert money(unsure) == "In money: at most €1,500 a month, or nothing."
    assert money(None) == ""


def test_a_change_is_told_only_where_it_is_sure() -> None:
    def said(p: float | None, low: float, high: float) -> str:
        figures = {"previous": 27.0, "current": 31.0, "low": low, "high": high, "p": p}
        return change(ChangeOut(metric="nps", **figures), "1 Oct to 31 Oct")

    assert said(0.01, 1.2, 7.0) == (
        "Up from 27 (1 Oct to 31 Oct) to 31: by 1.2 to 7.0 points (p\N{NO-BREAK SPACE}0.01)."
    )
    unsure = "No sure change: NPS 27 before (1 Oct to 31 Oct), 31 now"
    assert said(0.3, -2.0, 9.0).startswith(unsure)
    assert said(None, 0.0, 0.0).startswith("Too few answers")


def test_a_target_is_said_in_words() -> None:
    def goal(met: str) -> GoalOut:
        rest = {"benchmark": None, "benchmark_name": None, "above_benchmark": None}
        worth = {"point_value": None, "currency": None}
        return GoalOut(metric="nps", target=40.0, target_met=met, **rest, **worth)

    assert target(goal("no")) == "It is below the target of 40 for sure."
    assert "can't be told yet" in target(goal("not_sure"))
    assert target(None) == ""


def test_a_rate_never_stands_on_nobody() -> None:
    def of(asked: int, answered: int, share: float | None) -> str:
        counts = {"asked": asked, "delivered": asked, "answered": answered, "completed": 0}
        ends = {"rate": share, "low": share, "high": share}
        return rate(RateOut(**counts, open=0, **ends))

    assert "Nobody was asked" in of(0, 0, None)
    assert of(3, 1, None).endswith("too few to give a rate.")
    assert "the other 60 think" in of(100, 40, 0.4)


def test_nothing_is_promised_where_a_mend_may_bring_nothing() -> None:
    class Point:
        class fixed:
            metric, now, value, low, high = "nps", 31.0, 31.5, 30.8, 32.2

    assert fixed(Point) == "Without it, NPS might be as it is, 31.0, and at best 32.2."  # type: ignore[arg-type]
