"""An experiment's life: drafted, started, stopped, and its winner made the rule by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.errors import Conflict, InvalidInput, NotFound
from models.experiment import Experiment, Variant
from models.survey import Survey, Trigger

TAKEN_OVER = ("survey_id", "channel", "delay_seconds")
"""What of a variant a trigger has itself; an hour becomes the window in which it may be sent."""


@dataclass(frozen=True)
class Listed:
    """An experiment with its variants, the control first."""

    experiment: Experiment
    variants: tuple[Variant, ...]
    trigger: Trigger


def find(session: Session, workspace_id: int, key: str) -> Listed:
    """The experiment of this key; NotFound without one."""
    mine = (Experiment.workspace_id == workspace_id) & (Experiment.key == key)
    experiment = session.scalars(select(Experiment).where(mine)).one_or_none()
    if experiment is None:
        mend = "`waymark experiment list` says which there are"
        raise NotFound(f"there is no experiment {key!r}", field="experiment", mend=mend)
    return _listed(session, experiment)


def listed(session: Session, workspace_id: int) -> list[Listed]:
    """All of a workspace, the newest first."""
    mine = select(Experiment).where(Experiment.workspace_id == workspace_id)
    newest = mine.order_by(Experiment.created_at.desc(), Experiment.id.desc())
    return [_listed(session, one) for one in session.scalars(newest)]


def _listed(session: Session, experiment: Experiment) -> Listed:
    ordered = select(Variant).where(Variant.experiment_id == experiment.id).order_by(Variant.place)
    trigger = session.get_one(Trigger, experiment.trigger_id)
    return Listed(experiment, tuple(session.scalars(ordered)), trigger)


def start(session: Session, one: Listed, now: datetime) -> None:
    """Divide customers from now on, and commit. A stopped one can't begin anew."""
    if one.experiment.state != "draft":
        mend = "Give a new one another key: those asked before were asked under other rules"
        raise Conflict(f"{one.experiment.key!r} has been started before", mend=mend)
    one.experiment.state, one.experiment.started_at = "running", now
    try:
        session.commit()
    except IntegrityError as error:
        session.rollback()
        mend = "Stop that one first"
        raise Conflict("another experiment runs on this trigger", mend=mend) from error


def stop(session: Session, one: Listed, now: datetime) -> None:
    """Ask everybody as the trigger has it from now on, and commit; who was asked stays counted."""
    if one.experiment.state != "running":
        raise Conflict(f"{one.experiment.key!r} is not running")
    one.experiment.state, one.experiment.stopped_at = "stopped", now
    session.commit()


def take_over(session: Session, one: Listed, key: str, now: datetime) -> Sequence[str]:
    """Give the trigger what a variant has, stop, and commit; what was changed, in words.

    Raises InvalidInput for an unknown variant.
    """
    variant = next((each for each in one.variants if each.key == key), None)
    if variant is None:
        mend = f"Use one of {', '.join(each.key for each in one.variants)}"
        raise InvalidInput(f"there is no variant {key!r}", field="variant", mend=mend)
    values = {name: getattr(variant, name) for name in TAKEN_OVER}
    given = {name: value for name, value in values.items() if value is not None}
    given |= _window(one.trigger, variant.hour)
    if given:
        mine = Trigger.id == one.trigger.id
        session.execute(update(Trigger).where(mine).values(**given))
    if one.experiment.state == "running":
        one.experiment.state, one.experiment.stopped_at = "stopped", now
    one.experiment.applied = variant.key
    session.commit()
    return _changes(session, variant)


def _window(trigger: Trigger, hour: int | None) -> dict[str, Any]:
    """The window that keeps to an hour of the customer's day, on the days it had; 23 ends at 24:00.

    A trigger that learnt its hour learns it no more.
    """
    if hour is None:
        return {}
    hours = {"from": f"{hour:02d}:00", "to": f"{hour + 1:02d}:00"}
    timing = {name: value for name, value in (trigger.timing or {}).items() if name != "hour"}
    return {"window": {**(trigger.window or {}), **hours}, "timing": timing or None}


def _changes(session: Session, variant: Variant) -> list[str]:
    lines = []
    if variant.survey_id is not None:
        lines.append(f"survey: {session.get_one(Survey, variant.survey_id).key}")
    if variant.channel is not None:
        lines.append(f"channel: {variant.channel}")
    if variant.delay_seconds is not None:
        lines.append(f"delay: {variant.delay_seconds} seconds")
    if variant.hour is not None:
        lines.append(f"window: the hour from {variant.hour}:00")
    return lines
