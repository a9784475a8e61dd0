"""The journey as it is set up: stages, touchpoints, their event names, and what came in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from feedback.pages.csv_file import csv_reply
from feedback.pages.sorting import Sort, arranged, read_sort
from models.base import db
from models.event import Event
from models.journey import Journey, Stage, Touchpoint
from models.reading import Comment
from models.response import Response
from surveys.access import Access, allow

KEYS = ("name", "-events", "-responses", "-comments")
HEAD = ("Journey", "Stage", "Touchpoint", "Known by the events", "Events", "Responses", "Comments")


@dataclass(frozen=True)
class Counts:
    """What came in, by touchpoint; None stands for no touchpoint."""

    events: dict[int | None, int]
    responses: dict[int | None, int]
    comments: dict[int | None, int]

    def row(self, place: int | None) -> tuple[int, int, int]:
        """The events, responses and comments of one touchpoint."""
        got = self.events, self.responses, self.comments
        return got[0].get(place, 0), got[1].get(place, 0), got[2].get(place, 0)


def add_routes(blueprint: Blueprint) -> None:
    """`/journey` and `/journey.csv`."""

    @blueprint.get("/journey")
    @allow(Access.SESSION)
    def journey() -> ResponseReturnValue:
        session = db.session()
        counts, sort = _counts_of(session, g.workspace_id), read_sort(KEYS)
        return render_template(
            "journey.html",
            journeys=journeys_of(session, g.workspace_id),
            counts=counts,
            sort=sort,
            arranged=partial(in_order, sort, counts),
        )

    @blueprint.get("/journey.csv")
    @allow(Access.SESSION)
    def journey_csv() -> ResponseReturnValue:
        session = db.session()
        counts, sort = _counts_of(session, g.workspace_id), read_sort(KEYS)
        rows = [
            (one.name, stage.name, point.name, _events(point), *counts.row(point.id))
            for one in journeys_of(session, g.workspace_id)
            for stage in one.stages
            for point in in_order(sort, counts, stage.touchpoints)
        ]
        return csv_reply("journey", HEAD, rows)


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


def _events(point: Touchpoint) -> str:
    return ", ".join(one.event_name for one in point.event_names)


def in_order(sort: Sort, counts: Counts, points: Sequence[Touchpoint]) -> list[Touchpoint]:
    """A stage's touchpoints in a sort's order; without one, as the journey goes."""
    keys: dict[str, Callable[[Touchpoint], Any]] = {
        "name": lambda point: point.name.casefold(),
        "events": lambda point: counts.row(point.id)[0],
        "responses": lambda point: counts.row(point.id)[1],
        "comments": lambda point: counts.row(point.id)[2],
    }
    return arranged(points, sort, keys)


def _counts_of(session: Session, workspace_id: int) -> Counts:
    return Counts(
        _counts(session, Event, workspace_id),
        _counts(session, Response, workspace_id),
        _counts(session, Comment, workspace_id),
    )


def _counts(
    session: Session, model: type[Event] | type[Response] | type[Comment], workspace_id: int
) -> dict[int | None, int]:
    rows = session.execute(
        select(model.touchpoint_id, func.count().label("n"))
        .where(model.workspace_id == workspace_id)
        .group_by(model.touchpoint_id)
    )
    return {row.touchpoint_id: row.n for row in rows}
