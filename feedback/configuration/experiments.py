"""Experiments in a configuration: checked against surveys and triggers, and written as drafts."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic import StringConstraints as Text
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback.configuration.parts import Seconds
from feedback.configuration.problems import ConfigurationError, Problem
from models.experiment import Experiment, Variant
from models.survey import Survey, Trigger

Key = Annotated[str, Text(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
Name = Annotated[str, Text(min_length=1, max_length=120)]
_CONTENT = ("key", "name", "place", "weight", "survey_id", "channel", "delay_seconds", "hour")


def _hour(raw: object) -> object:
    """`18` and `18:00` are the same hour."""
    text = raw.strip().removesuffix(":00") if isinstance(raw, str) else raw
    return int(text) if isinstance(text, str) and text.isdigit() else text


class VariantIn(BaseModel):
    """One way of asking: what it has in place of the trigger's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Key
    name: Name | None = None
    weight: Annotated[int, Field(ge=1, le=1000)] = 1
    survey: str | None = None
    channel: Literal["sms", "web", "email", "whatsapp"] | None = None
    delay: Seconds | None = None
    hour: Annotated[int, BeforeValidator(_hour), Field(ge=0, le=23)] | None = None


class ExperimentIn(BaseModel):
    """Ways of asking that are tried beside each other on one trigger; the first is the control."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Key
    name: Name | None = None
    trigger: str
    variants: Annotated[list[VariantIn], Field(min_length=2, max_length=10)]


def experiment_problems(
    experiments: Sequence[ExperimentIn], surveys: Collection[str]
) -> Iterator[Problem]:
    """What is wrong with experiments by themselves."""
    for place, one in enumerate(experiments):
        keys = [variant.key for variant in one.variants]
        for number, variant in enumerate(one.variants):
            at = ("experiments", place, "variants", number)
            if variant.key in keys[:number]:
                yield Problem((*at, "key"), f"{variant.key!r} is used twice", "Choose another key.")
            if variant.survey is not None and variant.survey not in surveys:
                mend = f"Use one of {', '.join(sorted(surveys))}." if surveys else "Add the survey."
                yield Problem((*at, "survey"), f"there is no survey {variant.survey!r}", mend)


def apply_experiments(
    session: Session, workspace_id: int, experiments: Sequence[ExperimentIn], now: datetime
) -> Iterator[str]:
    """Draft the workspace's experiments, or change drafts; triggers and surveys are there already.

    One that was started keeps its variants: who was asked was asked by those. Raises
    ConfigurationError where a file wants others, or names a trigger that is not there.
    """
    session.flush()
    for place, wanted in enumerate(experiments):
        yield from _apply(session, workspace_id, wanted, place, now)


def _apply(
    session: Session, workspace_id: int, wanted: ExperimentIn, place: int, now: datetime
) -> Iterator[str]:
    trigger = _trigger(session, workspace_id, wanted, place)
    rows = list(_variants(session, workspace_id, wanted))
    mine = (Experiment.workspace_id == workspace_id) & (Experiment.key == wanted.key)
    one, label = session.scalars(select(Experiment).where(mine)).one_or_none(), wanted.key
    name = wanted.name or wanted.key.replace("_", " ").capitalize()
    if one is None:
        one = _draft(session, workspace_id, wanted.key, name, trigger, now)
        yield f"experiment {label}: drafted; `waymark experiment start {label}` begins it"
    elif (one.trigger_id, _kept(session, one)) == (trigger.id, rows):
        one.name = name
        return
    elif one.state != "draft":
        what = "has been started, and its variants can't be changed"
        mend = "Give what you want to try now another key."
        raise ConfigurationError([Problem(("experiments", place, "key"), what, mend)], {})
    else:
        yield f"experiment {label}: changed"
    one.trigger_id, one.name = trigger.id, name
    session.execute(delete(Variant).where(Variant.experiment_id == one.id))
    session.add_all(Variant(experiment_id=one.id, **row) for row in rows)
    session.flush()


def _draft(
    session: Session, workspace_id: int, key: str, name: str, trigger: Trigger, now: datetime
) -> Experiment:
    made = Experiment(
        workspace_id=workspace_id,
        trigger_id=trigger.id,
        key=key,
        name=name,
        state="draft",
        salt=secrets.token_hex(8),
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _trigger(session: Session, workspace_id: int, wanted: ExperimentIn, place: int) -> Trigger:
    mine = select(Trigger).where(Trigger.workspace_id == workspace_id)
    found = session.scalars(mine.where(Trigger.key == wanted.trigger)).one_or_none()
    if found is not None and found.kind != "event":
        what = f"{wanted.trigger!r} waits for no event, and experiments run on events"
        mend = "Use a trigger that has an event."
        raise ConfigurationError([Problem(("experiments", place, "trigger"), what, mend)], {})
    if found is not None:
        return found
    known = ", ".join(
        session.scalars(select(Trigger.key).where(Trigger.workspace_id == workspace_id))
    )
    mend = f"Use one of {known}." if known else "Add the trigger."
    what = f"there is no trigger {wanted.trigger!r}"
    raise ConfigurationError([Problem(("experiments", place, "trigger"), what, mend)], {})


def _variants(
    session: Session, workspace_id: int, wanted: ExperimentIn
) -> Iterator[dict[str, Any]]:
    for place, one in enumerate(wanted.variants):
        mine = (Survey.workspace_id == workspace_id) & (Survey.key == one.survey)
        survey_id = session.scalar(select(Survey.id).where(mine)) if one.survey else None
        values = (
            *(one.key, one.name or one.key.replace("_", " ").capitalize(), place, one.weight),
            *(survey_id, one.channel, one.delay, one.hour),
        )
        yield dict(zip(_CONTENT, values, strict=True))


def _kept(session: Session, one: Experiment) -> list[dict[str, Any]]:
    ordered = select(Variant).where(Variant.experiment_id == one.id).order_by(Variant.place)
    return [{name: getattr(row, name) for name in _CONTENT} for row in session.scalars(ordered)]
