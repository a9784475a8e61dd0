"""The triggers that events set off, each with what it asks, read in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row, Text, cast, func, select
from sqlalchemy.orm import Session

from models.survey import SurveyVersion, Trigger
from models.workspace import Workspace
from surveys.trials import on_trial

_LATEST = (
    select(func.max(SurveyVersion.number))
    .where(SurveyVersion.survey_id == Trigger.survey_id)
    .correlate(Trigger)
    .scalar_subquery()
)
_TRIGGERS = (
    select(
        Trigger.id,
        Trigger.key,
        Trigger.event_name,
        Trigger.survey_id,
        Trigger.channel,
        Trigger.delay_seconds,
        Trigger.expires_seconds,
        cast(Trigger.filter, Text).label("filter"),
        Trigger.other_channels,
        Trigger.timing,
        Workspace.timezone,
        SurveyVersion.id.label("version_id"),
        on_trial().label("on_trial"),
    )
    .join(SurveyVersion, SurveyVersion.survey_id == Trigger.survey_id)
    .join(Workspace, Workspace.id == Trigger.workspace_id)
    .where(Trigger.enabled, SurveyVersion.number == _LATEST)
    .order_by(Trigger.id)
)


def triggers_of(
    session: Session, workspace_id: int, names: Iterable[str] | None = None
) -> Mapping[str, list[Row[Any]]]:
    """The enabled triggers of these event names (None: of any), with the version each asks."""
    wanted = _TRIGGERS.where(Trigger.workspace_id == workspace_id)
    if names is None:
        wanted = wanted.where(Trigger.kind == "event")
    else:
        wanted = wanted.where(Trigger.event_name.in_(sorted(names)))
    by_name: dict[str, list[Row[Any]]] = {}
    for row in session.execute(wanted):
        by_name.setdefault(row.event_name, []).append(row)
    return by_name
