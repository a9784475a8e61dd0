"""The journey as it is set up: stages, touchpoints, their event names, and what came in."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from models.base import db
from models.event import Event
from models.journey import Journey, Stage, Touchpoint
from models.reading import Comment
from models.response import Response
from surveys.access import Access, allow


def add_routes(blueprint: Blueprint) -> None:
    """`/journey`."""

    @blueprint.get("/journey")
    @allow(Access.SESSION)
    def journey() -> ResponseReturnValue:
        session = db.session()
        return render_template(
            "journey.html",
            journeys=journeys_of(session, g.workspace_id),
            events=_counts(session, Event, g.workspace_id),
            responses=_counts(session, Response, g.workspace_id),
            comments=_counts(session, Comment, g.workspace_id),
        )


def journeys_of(session: Session, workspace_id: int) -> list[Journey]:
    """The workspace's journeys with all that hangs on them, oldest first."""
    statement = (
        select(Journey)
        .where(Journey.workspace_id == workspace_id)
        .options(
            selectinload(Journey.stages)
            .selectinload(Stage.touchpoints)
            .selectinload(Touchpoint.event_names)
        )
        .order_by(Journey.id)
    )
    return list(session.scalars(statement))


def _counts(
    session: Session, model: type[Event] | type[Response] | type[Comment], workspace_id: int
) -> dict[int | None, int]:
    rows = session.execute(
        select(model.touchpoint_id, func.count().label("n"))
        .where(model.workspace_id == workspace_id)
        .group_by(model.touchpoint_id)
    )
    return {row.touchpoint_id: row.n for row in rows}
