"""Goals of a configuration: what is wanted of a journey's scores, and what a point is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.problems import ConfigurationError, Problem
from feedback.configuration.schema import GoalIn
from feedback.goals.check import FIELDS, Goal, read_goal
from feedback.goals.check import Problems as Wrong
from feedback.goals.rows import goals_of, set_goal
from feedback.statistics.metrics import Metric
from models.journey import Journey


def goal_problems(goals: Sequence[GoalIn]) -> Iterator[Problem]:
    """What is wrong with the goals of a file by themselves."""
    for place, one in enumerate(goals):
        for field, words in _read(one)[1].items():
            yield Problem(("goals", place, field), words.rstrip("."), "")


def apply_goals(
    session: Session, workspace_id: int, goals: Sequence[GoalIn], now: datetime
) -> Iterator[str]:
    """Set what the goals name, and keep the rest; a line says which one changed.

    Journeys must have been written before.
    """
    for place, one in enumerate(goals):
        mine = (Journey.workspace_id == workspace_id) & (Journey.key == one.journey)
        journey = session.scalars(select(Journey).where(mine)).one_or_none()
        if journey is None:
            wrong = Problem(("goals", place, "journey"), f"there is no journey {one.journey!r}", "")
            raise ConfigurationError([wrong], {})
        metric, given = Metric(one.metric), asdict(_read(one)[0])
        named = {name: value for name, value in given.items() if value is not None}
        goal = replace(goals_of(session, journey).get(metric, Goal()), **named)
        if set_goal(session, journey, metric, goal, now):
            yield f"goal {one.journey}/{one.metric}: set"


def _read(one: GoalIn) -> tuple[Goal, Wrong]:
    given = {name: getattr(one, name) for name in FIELDS}
    typed = {
        name: f"{value:.12f}" if isinstance(value, float) else value
        for name, value in given.items()
        if value is not None
    }
    return read_goal(Metric(one.metric), typed)
