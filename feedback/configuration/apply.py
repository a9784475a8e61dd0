"""Applying a configuration: checked as a whole, written in one transaction, safe to repeat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.alerts import apply_alerts
from feedback.configuration.check import Known, Plan, check
from feedback.configuration.contact_rules import lay_over
from feedback.configuration.experiments import apply_experiments
from feedback.configuration.goals import apply_goals
from feedback.configuration.map import apply_journey
from feedback.configuration.problems import ConfigurationError
from feedback.configuration.publishing import publish
from feedback.configuration.quotas import apply_quotas
from feedback.configuration.rows import changed, find
from feedback.configuration.schema import (
    SegmentIn,
    WorkspaceSettings,
    words,
)
from feedback.configuration.themes import apply_themes
from feedback.configuration.trigger_rows import apply_campaign, apply_trigger
from feedback.configuration.whatsapp import whatsapp_notes
from feedback.configuration.yaml_file import Document, Path, merged, read_yaml
from models.customer import Segment
from models.journey import Journey, Stage, Touchpoint, TouchpointEvent
from models.survey import Survey
from models.workspace import Workspace

_NOWHERE: Mapping[Path, str] = {}


def apply(
    session: Session,
    workspace: Workspace,
    document: Document | Mapping[str, Any],
    now: datetime,
    private_webhooks: bool = False,
) -> list[str]:
    """Bring the workspace to what the document says; the lines say what changed.

    Raises ConfigurationError with every problem, and then nothing was written. Commits
    nothing. What the document doesn't name stays; a survey whose content changed is
    published as its next version.
    """
    data, places = (
        (document.data, document.places) if isinstance(document, Document) else (document, _NOWHERE)
    )
    plan, problems = check(data, _known(session, workspace.id))
    if problems or plan is None:
        raise ConfigurationError(problems, places)
    lines = list(_write(session, workspace, plan, now))
    alerts = plan.config.alerts
    lines += apply_alerts(session, workspace.id, alerts, now, private_webhooks)
    session.flush()
    return lines


def apply_text(
    session: Session, workspace: Workspace, text: str, now: datetime, name: str = "configuration"
) -> list[str]:
    """The same for the text of one YAML file, which errors call by `name`."""
    return apply(session, workspace, merged([read_yaml(text, name)]), now)


def _known(session: Session, workspace_id: int) -> Known:
    surveys = session.scalars(select(Survey.key).where(Survey.workspace_id == workspace_id))
    segments = session.scalars(select(Segment.key).where(Segment.workspace_id == workspace_id))
    points = (
        select(Touchpoint.key, Journey.key, TouchpointEvent.event_name)
        .join(Stage, Stage.id == Touchpoint.stage_id)
        .join(Journey, Journey.id == Stage.journey_id)
        .outerjoin(TouchpointEvent, TouchpointEvent.touchpoint_id == Touchpoint.id)
        .where(Touchpoint.workspace_id == workspace_id)
    )
    rows = session.execute(points).all()
    return Known(
        surveys=frozenset(surveys),
        segments=frozenset(segments),
        touchpoints={touchpoint: journey for touchpoint, journey, _ in rows},
        events={event: journey for _, journey, event in rows if event},
    )


def _write(session: Session, workspace: Workspace, plan: Plan, now: datetime) -> Iterator[str]:
    if plan.config.workspace:
        yield from _settings(workspace, plan.config.workspace)
    for journey in plan.journeys:
        yield from apply_journey(session, workspace.id, journey, now)
    for definition, settings in plan.surveys:
        yield from publish(session, workspace.id, definition, now, settings)
        yield from whatsapp_notes(settings.whatsapp, definition)
    session.flush()
    for trigger in plan.config.triggers:
        yield from apply_trigger(session, workspace.id, trigger, now)
    for segment in plan.config.segments:
        yield from _segment(session, workspace.id, segment, now)
    session.flush()
    for campaign in plan.config.campaigns:
        yield from apply_campaign(session, workspace.id, campaign, now)
    yield from apply_quotas(session, workspace.id, plan.config.quotas, now)
    yield from apply_experiments(session, workspace.id, plan.config.experiments, now)
    yield from apply_themes(session, workspace.id, plan.config.themes, now)
    yield from apply_goals(session, workspace.id, plan.config.goals, now)


def _settings(workspace: Workspace, settings: WorkspaceSettings) -> Iterator[str]:
    label = f"workspace {workspace.name}"
    yield from changed(workspace, label, settings.columns())
    yield from lay_over(workspace, label, settings)


def _segment(
    session: Session, workspace_id: int, wanted: SegmentIn, now: datetime
) -> Iterator[str]:
    values = {"name": wanted.name or words(wanted.key), "filter": wanted.filter}
    row, label = find(session, Segment, workspace_id, wanted.key), f"segment {wanted.key}"
    if row is not None:
        yield from changed(row, label, values)
        return
    session.add(Segment(workspace_id=workspace_id, key=wanted.key, created_at=now, **values))
    yield f"{label}: made"
