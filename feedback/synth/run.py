"""A made-up history from end to end: journey and survey made, rows added, the truth told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from feedback.configuration.map import apply_journey
from feedback.configuration.publishing import publish
from feedback.synth.model import draw, world
from feedback.synth.rows import SURVEY
from feedback.synth.target import Target
from feedback.synth.truth import truth
from feedback.synth.write import Progress, write
from models.errors import Conflict, InvalidInput
from models.journey import Touchpoint
from models.response import Response
from models.survey import Survey
from models.workspace import Workspace
from surveys.definition import parse_definition
from surveys.versions import current_version

MOST = 10_000_000


def synthesise(
    session: Session,
    workspace: Workspace,
    count: int,
    seed: int,
    now: datetime,
    *,
    read: bool = False,
    progress: Progress = lambda done, total: None,
) -> list[dict[str, Any]]:
    """Add `count` responses of the last half-year; the planted pain points, worst first.

    The same seed gives the same history. With `read` the comments come with their readings,
    else they wait for the reader. Commits chunk by chunk.
    """
    if not 1 <= count <= MOST:
        mend = f"Use 1 to {MOST:,}."
        raise InvalidInput(f"{count} is no number of responses", field="--responses", mend=mend)
    target = _prepare(session, workspace, seed, read, now)
    draws = draw(world(), count, np.random.default_rng(seed))
    write(session, target, world(), draws, progress)
    return truth(world(), draws)


def _prepare(
    session: Session, workspace: Workspace, seed: int, read: bool, now: datetime
) -> Target:
    source = f"synth:{seed}"
    there = exists().where(Response.workspace_id == workspace.id, Response.source == source)
    if session.scalar(select(there)):
        mend = "Use another --seed, or another workspace."
        raise Conflict(f"the history of seed {seed} is there already", field="--seed", mend=mend)
    for _ in apply_journey(session, workspace.id, world().journey(), now):
        pass
    for _ in publish(session, workspace.id, parse_definition(SURVEY), now):
        pass
    survey = session.scalars(
        select(Survey).where(Survey.workspace_id == workspace.id, Survey.key == SURVEY["key"])
    ).one()
    version = current_version(session, survey.id)
    known = select(Touchpoint.key, Touchpoint.id).where(Touchpoint.workspace_id == workspace.id)
    touchpoints = {row.key: row.id for row in session.execute(known)}
    session.commit()
    return Target(
        workspace_id=workspace.id,
        survey_id=survey.id,
        version_id=version.id,
        touchpoints=[touchpoints[place.key] for place in world().places],
        seed=seed,
        read=read,
        now=now,
    )
