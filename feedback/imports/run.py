"""An import from end to end: the file checked, the survey and journey made, the rows added."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.map import apply_journey
from feedback.configuration.publishing import publish
from feedback.imports.mapping import Mapping
from feedback.imports.plan import Plan, definition_of, good_rows, journey_of, make_plan
from feedback.imports.rows import Row
from feedback.imports.store import store
from feedback.imports.table import Table
from feedback.imports.target import Counts, Target
from feedback.listening import scale_of
from feedback.scoring import Scale
from models.errors import Conflict
from models.journey import Journey, Stage, Touchpoint
from models.survey import Survey
from models.workspace import Workspace
from surveys.definition import SurveyDefinition
from surveys.versions import current_version

CHUNK = 2000
Progress = Callable[[int, int], None]


@dataclass
class Report:
    """What an import did: what was added, what was refused, what was set up on the way."""

    counts: Counts = field(default_factory=Counts)
    rejected: int = 0
    disagreeing: int = 0
    lines: list[str] = field(default_factory=list)


def run_import(
    session: Session,
    workspace: Workspace,
    mapping: Mapping,
    table: Table,
    rejects: Path,
    now: datetime,
    progress: Progress = lambda done, total: None,
    chunk_rows: int = CHUNK,
) -> Report:
    """Add the file's rows to the workspace; again, it adds nothing. Commits chunk by chunk.

    Bad rows are written to `rejects` with the reason. Whatever stops an import in the middle,
    running it anew goes on where it stopped.
    """
    plan = make_plan(mapping, table, now, rejects)
    report = Report(rejected=plan.rejected, disagreeing=len(plan.disagreeing))
    if not plan.good:
        return report
    target = _prepare(session, workspace, mapping, plan, now, report)
    session.commit()
    for chunk in _chunks(good_rows(mapping, table, now), chunk_rows):
        store(session, target, chunk, report.counts)
        session.commit()
        progress(report.counts.rows, plan.good)
    return report


def _chunks(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, size)):
        yield chunk


def _prepare(
    session: Session,
    workspace: Workspace,
    mapping: Mapping,
    plan: Plan,
    now: datetime,
    report: Report,
) -> Target:
    journey = journey_of(mapping, plan)
    if journey is not None:
        _refuse_foreign(session, workspace.id, journey.key, _keys(journey))
        report.lines += apply_journey(session, workspace.id, journey, now)
    definition = definition_of(mapping, plan)
    report.lines += publish(session, workspace.id, definition, now)
    survey = session.scalars(
        select(Survey).where(Survey.workspace_id == workspace.id, Survey.key == definition.key)
    ).one()
    return Target(
        workspace_id=workspace.id,
        survey_id=survey.id,
        version_id=current_version(session, survey.id).id,
        touchpoints=_touchpoints(session, workspace.id),
        source=mapping.source,
        event=mapping.event or f"{mapping.name}_answered",
        channel=mapping.channel,
        language=mapping.language,
        score_key=mapping.score.key if mapping.score else None,
        scale=_scale(definition, mapping),
        now=now,
    )


def _keys(journey: Any) -> set[str]:
    return {touchpoint.key for stage in journey.stages for touchpoint in stage.touchpoints}


def _refuse_foreign(session: Session, workspace_id: int, journey: str, keys: set[str]) -> None:
    """A touchpoint of another journey is not taken from it."""
    taken = session.execute(
        select(Touchpoint.key, Journey.key)
        .join(Stage, Stage.id == Touchpoint.stage_id)
        .join(Journey, Journey.id == Stage.journey_id)
        .where(Touchpoint.workspace_id == workspace_id, Touchpoint.key.in_(keys))
        .where(Journey.key != journey)
    ).first()
    if taken:
        raise Conflict(
            f"touchpoint {taken[0]!r} belongs to the journey {taken[1]!r}",
            field="journey",
            mend="Choose another key in the mapping, or import into that journey.",
        )


def _touchpoints(session: Session, workspace_id: int) -> dict[str, int]:
    found = select(Touchpoint.key, Touchpoint.id).where(Touchpoint.workspace_id == workspace_id)
    return dict(session.execute(found).all())


def _scale(definition: SurveyDefinition, mapping: Mapping) -> Scale | None:
    return scale_of(definition.by_key[mapping.score.key]) if mapping.score else None
