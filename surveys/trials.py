"""Which way of asking a customer gets where an experiment runs on a trigger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from models.experiment import Experiment, Variant
from models.survey import SurveyVersion, Trigger
from surveys.sampling import draw


@dataclass(frozen=True, slots=True)
class Way:
    """A variant as it is asked: what is None is as the trigger has it."""

    id: int
    weight: int
    survey_id: int | None = None
    version_id: int | None = None
    channel: str | None = None
    delay_seconds: int | None = None
    hour: int | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A running experiment: its salt, and its ways in their order."""

    salt: str
    ways: tuple[Way, ...]


def way_for(trial: Trial, workspace_id: int, customer: str) -> Way:
    """The customer's way, by their external id: the same at every event."""
    lot = draw(workspace_id, trial.salt, customer) * sum(way.weight for way in trial.ways)
    for way in trial.ways:
        lot -= way.weight
        if lot < 0:
            return way
    return trial.ways[-1]


_LATEST = (
    select(func.max(SurveyVersion.number))
    .where(SurveyVersion.survey_id == Variant.survey_id)
    .correlate(Variant)
    .scalar_subquery()
)
_WAYS = (
    select(
        Experiment.trigger_id,
        Experiment.salt,
        Variant.id,
        Variant.weight,
        Variant.survey_id,
        SurveyVersion.id.label("version_id"),
        Variant.channel,
        Variant.delay_seconds,
        Variant.hour,
    )
    .join(Variant, Variant.experiment_id == Experiment.id)
    .outerjoin(
        SurveyVersion,
        (SurveyVersion.survey_id == Variant.survey_id) & (SurveyVersion.number == _LATEST),
    )
    .where(Experiment.state == "running")
    .order_by(Experiment.trigger_id, Variant.place)
)


def on_trial() -> ColumnElement[bool]:
    """Whether an experiment runs on the trigger of a statement."""
    mine = (Experiment.trigger_id == Trigger.id) & (Experiment.state == "running")
    return select(Experiment.id).where(mine).correlate(Trigger).exists()


def on_trial_among(triggers: Iterable[Iterable[Row[Any]]]) -> set[int]:
    """The ids of those among rows of triggers, which have it as `on_trial`."""
    return {one.id for rows in triggers for one in rows if one.on_trial}


def running(session: Session, trigger_ids: Collection[int]) -> Mapping[int, Trial]:
    """The experiments that run on these triggers, by trigger; without any nothing is asked."""
    if not trigger_ids:
        return {}
    rows: Sequence[Any] = session.execute(
        _WAYS.where(Experiment.trigger_id.in_(sorted(trigger_ids)))
    ).all()
    trials: dict[int, Trial] = {}
    for row in rows:
        earlier = trials.get(row.trigger_id, Trial(row.salt, ()))
        trials[row.trigger_id] = Trial(row.salt, (*earlier.ways, _way(row)))
    return trials


def _way(row: Any) -> Way:
    return Way(
        row.id,
        row.weight,
        row.survey_id,
        row.version_id,
        row.channel,
        row.delay_seconds,
        row.hour,
    )
