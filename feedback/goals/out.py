"""How a score stands to what is wanted of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from feedback.goals.check import Goal
from feedback.reporting.figures import GoalOut, ScoreOut
from feedback.statistics.metrics import Metric


def stands(score: ScoreOut | None, wanted: float | None) -> str | None:
    """`yes` or `no` where the whole interval says so, else `not_sure`; None: nothing wanted."""
    if wanted is None:
        return None
    if score is None or score.low is None or score.high is None:
        return "not_sure"
    return "yes" if score.low >= wanted else "no" if score.high < wanted else "not_sure"


def goals_out(goals: Mapping[Metric, Goal], scores: Iterable[ScoreOut]) -> list[GoalOut]:
    """The goals that are set, each with how its score stands to it."""
    by_metric = {score.metric: score for score in scores}
    return [
        GoalOut(
            metric=metric.value,
            target=goal.target,
            target_met=stands(by_metric.get(metric.value), goal.target),
            benchmark=goal.benchmark,
            benchmark_name=goal.benchmark_name,
            above_benchmark=stands(by_metric.get(metric.value), goal.benchmark),
            point_value=goal.point_value,
            currency=goal.currency,
        )
        for metric, goal in sorted(goals.items())
    ]
