"""A year of one journey written in bulk: 30 touchpoints, 31 themes, 4 channels, 8 segments.

Half of the answers were asked for, each by one of three invitations.

Rows only as a history has them that was there before the statistics were: nothing is marked but
that all is to be counted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benchmarks import bulk
from benchmarks.report_rows import COLUMNS, END, World, customers, rows
from models import marking, migrate
from models.customer import Segment
from models.engine import make_engine
from models.journey import Journey, Stage, Touchpoint
from models.survey import Survey, SurveyVersion
from models.workspace import Workspace

CHUNK = 50_000


def make(engine: Engine, size: int) -> None:
    """The whole history of so many responses, in workspace 1."""
    migrate.upgrade(engine)
    with engine.begin() as connection:
        marking.remove(connection)
    with Session(engine) as session:
        world = _frame(session, size)
    dice = np.random.default_rng(7)
    with bulk.bare(engine, COLUMNS):
        for numbers in _chunks(world.customers):
            bulk.write(engine, COLUMNS, customers(numbers))
        for numbers in _chunks(size):
            bulk.write(engine, COLUMNS, rows(world, numbers, dice))
    with engine.begin() as connection:
        marking.install(connection)
        for marks in ("statistic_marks", "rate_marks"):
            connection.execute(text(f"DELETE FROM {marks}"))
        connection.execute(text("INSERT INTO statistic_marks (workspace_id) VALUES (1)"))
    bulk.finish(engine, COLUMNS)


def _chunks(count: int) -> Iterator[range]:
    """The numbers from 1 to `count`, some at a time."""
    for start in range(0, count, CHUNK):
        yield range(start + 1, min(start + CHUNK, count) + 1)


def _frame(session: Session, size: int) -> World:
    """A workspace with everything that responses hang on."""
    workspace = Workspace(name="shop", company="Shop", timezone="Europe/London", created_at=END)
    session.add(workspace)
    session.flush()
    base: dict[str, Any] = {"workspace_id": workspace.id}
    journey = _journey(base)
    survey = Survey(key="ask", name="Ask", created_at=END, **base)
    session.add_all([journey, survey, *_segments(base)])
    session.flush()
    version = _version(survey, base)
    session.add(version)
    session.flush()
    points = [point.id for stage in journey.stages for point in stage.touchpoints]
    world = World(survey.id, version.id, points, size)
    session.commit()
    return world


def _journey(base: dict[str, Any]) -> Journey:
    stages = [
        Stage(
            key=f"stage{stage}",
            name=f"Stage {stage}",
            position=stage,
            touchpoints=[
                Touchpoint(key=f"t{stage}{one}", name=f"Touchpoint {one}", position=one, **base)
                for one in range(5)
            ],
            **base,
        )
        for stage in range(6)
    ]
    return Journey(key="buying", name="Buying", created_at=END, stages=stages, **base)


def _version(survey: Survey, base: dict[str, Any]) -> SurveyVersion:
    made = {"definition": {}, "content_hash": "x", "published_at": END}
    return SurveyVersion(survey_id=survey.id, number=1, **made, **base)


def _segments(base: dict[str, Any]) -> list[Segment]:
    return [
        Segment(
            key=f"group{group}",
            name=f"Group {group}",
            filter={"group": group},
            created_at=END,
            **base,
        )
        for group in range(8)
    ]


def main() -> None:
    """Make a history in the database of a URL: `python -m benchmarks.report_history URL SIZE`."""
    make(make_engine(sys.argv[1]), int(sys.argv[2]))


if __name__ == "__main__":
    main()
