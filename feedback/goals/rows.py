"""A journey's goals, read from their rows and written to them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from feedback.goals.check import FIELDS, Goal
from feedback.statistics.metrics import Metric
from models.goal import ScoreGoal
from models.journey import Journey


def goals_of(session: Session, journey: Journey) -> dict[Metric, Goal]:
    """The goals that are set, by metric."""
    return {Metric(row.metric): goal_of(row) for row in session.scalars(_rows(journey))}


def set_goal(session: Session, journey: Journey, metric: Metric, goal: Goal, now: datetime) -> bool:
    """Bring one metric's goal to this; an empty one is taken away. Whether it changed."""
    row = session.scalars(_rows(journey).where(ScoreGoal.metric == metric.value)).one_or_none()
    if (goal_of(row) if row else Goal()) == goal:
        return False
    if goal == Goal():
        mine = (ScoreGoal.journey_id == journey.id) & (ScoreGoal.metric == metric.value)
        session.execute(delete(ScoreGoal).where(mine))
        return True
    if row is None:
        keys = {"workspace_id": journey.workspace_id, "journey_id": journey.id}
        row = ScoreGoal(**keys, metric=metric.value, updated_at=now)
        session.add(row)
    for name, value in asdict(goal).items():
        setattr(row, name, value)
    row.updated_at = now
    session.flush()
    return True


def goal_of(row: ScoreGoal) -> Goal:
    """A row as a goal."""
    return Goal(**{name: getattr(row, name) for name in FIELDS})


def _rows(journey: Journey) -> Select[ScoreGoal]:
    return select(ScoreGoal).where(
        ScoreGoal.workspace_id == journey.workspace_id, ScoreGoal.journey_id == journey.id
    )
