"""Writing a journey: stages, touchpoints and event names, never losing what hangs on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from feedback.configuration.rows import changed, find
from feedback.configuration.schema import JourneyIn, StageIn, TouchpointIn, words
from models.event import Event
from models.invitation import Invitation
from models.journey import Journey, Stage, Touchpoint, TouchpointEvent
from models.reading import Comment
from models.response import Response


def apply_journey(
    session: Session, workspace_id: int, wanted: JourneyIn, now: datetime
) -> Iterator[str]:
    """Bring a journey to what is wanted; a touchpoint with history is kept even if left out."""
    journey, label = find(session, Journey, workspace_id, wanted.key), f"journey {wanted.key}"
    name = wanted.name or words(wanted.key)
    if journey is None:
        journey = Journey(workspace_id=workspace_id, key=wanted.key, name=name, created_at=now)
        session.add(journey)
        session.flush()
        yield f"{label}: made"
    else:
        yield from changed(journey, label, {"name": name})
    kept = {point.key for stage in wanted.stages for point in stage.touchpoints}
    for position, stage in enumerate(wanted.stages):
        yield from _stage(session, journey, stage, position)
    session.flush()
    yield from _prune(session, journey, kept, {stage.key for stage in wanted.stages})


def _stage(session: Session, journey: Journey, wanted: StageIn, position: int) -> Iterator[str]:
    found = select(Stage).where(Stage.journey_id == journey.id, Stage.key == wanted.key)
    stage, label = session.scalars(found).one_or_none(), f"stage {journey.key}.{wanted.key}"
    name = wanted.name or words(wanted.key)
    if stage is None:
        stage = Stage(
            workspace_id=journey.workspace_id,
            journey_id=journey.id,
            key=wanted.key,
            name=name,
            position=position,
        )
        session.add(stage)
        session.flush()
        yield f"{label}: made"
    else:
        yield from changed(stage, label, {"name": name, "position": position})
    for place, touchpoint in enumerate(wanted.touchpoints):
        yield from _touchpoint(session, stage, touchpoint, place)


def _touchpoint(
    session: Session, stage: Stage, wanted: TouchpointIn, position: int
) -> Iterator[str]:
    row = find(session, Touchpoint, stage.workspace_id, wanted.key)
    label = f"touchpoint {wanted.key}"
    name = wanted.name or words(wanted.key)
    values = {"stage_id": stage.id, "name": name, "position": position}
    if row is None:
        row = Touchpoint(workspace_id=stage.workspace_id, key=wanted.key, **values)
        session.add(row)
        session.flush()
        yield f"{label}: made"
    else:
        yield from changed(row, label, values)
    yield from _events(session, row, wanted.events)


def _events(session: Session, touchpoint: Touchpoint, wanted: list[str]) -> Iterator[str]:
    known = {
        row.event_name: row
        for row in session.scalars(
            select(TouchpointEvent).where(
                TouchpointEvent.workspace_id == touchpoint.workspace_id,
                or_(
                    TouchpointEvent.event_name.in_(wanted),
                    TouchpointEvent.touchpoint_id == touchpoint.id,
                ),
            )
        )
    }
    label = f"touchpoint {touchpoint.key}"
    for name in wanted:
        row = known.pop(name, None)
        if row is None:
            session.add(
                TouchpointEvent(
                    workspace_id=touchpoint.workspace_id,
                    touchpoint_id=touchpoint.id,
                    event_name=name,
                )
            )
            yield f"{label}: event {name} added"
        elif row.touchpoint_id != touchpoint.id:
            row.touchpoint_id = touchpoint.id
            yield f"{label}: event {name} moved here"
    for name, row in known.items():
        session.delete(row)
        yield f"{label}: event {name} taken away"
    session.flush()


def _prune(
    session: Session, journey: Journey, touchpoints: set[str], stages: set[str]
) -> Iterator[str]:
    """Take away what the file no longer has, unless something was said there."""
    rows = session.scalars(
        select(Touchpoint)
        .join(Stage, Stage.id == Touchpoint.stage_id)
        .where(Stage.journey_id == journey.id, Touchpoint.key.not_in(touchpoints))
    ).all()
    for row in rows:
        if _has_history(session, row.id):
            yield f"note: touchpoint {row.key}: not in the file, kept for what was said there"
        else:
            session.delete(row)
            yield f"touchpoint {row.key}: taken away"
    session.flush()
    session.expire(journey)
    for stage in list(journey.stages):
        session.refresh(stage)
        if stage.key not in stages and not stage.touchpoints:
            session.delete(stage)
            yield f"stage {journey.key}.{stage.key}: taken away"
    session.flush()


def _has_history(session: Session, touchpoint_id: int) -> bool:
    return any(
        session.scalar(select(exists().where(model.touchpoint_id == touchpoint_id)))
        for model in (Response, Comment, Event, Invitation)
    )
