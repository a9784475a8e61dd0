"""What stands behind ids, looked up once an export: touchpoints, surveys and their versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.exports.columns import Column, Value, text
from models.journey import Journey, Stage, Touchpoint
from models.survey import Survey, SurveyVersion

NOWHERE: tuple[Value, ...] = (None, None, None, None)
PLACE: tuple[Column, ...] = (
    text("journey", "Key of the journey; empty where nothing says where it belongs."),
    text("stage", "Key of the stage."),
    text("touchpoint", "Key of the touchpoint."),
    text("touchpoint_name", "What the touchpoint is called."),
)


@dataclass(frozen=True)
class Names:
    """Touchpoints as PLACE's columns, surveys' keys and versions' numbers, each by id."""

    places: Mapping[int, tuple[Value, ...]]
    surveys: Mapping[int, str]
    versions: Mapping[int, int]

    def place(self, touchpoint_id: int | None) -> tuple[Value, ...]:
        """The columns of PLACE."""
        return self.places.get(touchpoint_id or 0, NOWHERE)


def names_of(session: Session, workspace_id: int) -> Names:
    """All of a workspace's, in three queries."""
    points = (
        select(Touchpoint.id, Journey.key, Stage.key, Touchpoint.key, Touchpoint.name)
        .join(Stage, Stage.id == Touchpoint.stage_id)
        .join(Journey, Journey.id == Stage.journey_id)
        .where(Touchpoint.workspace_id == workspace_id)
    )
    surveys = select(Survey.id, Survey.key).where(Survey.workspace_id == workspace_id)
    versions = select(SurveyVersion.id, SurveyVersion.number).where(
        SurveyVersion.workspace_id == workspace_id
    )
    return Names(
        places={id_: tuple(place) for id_, *place in session.execute(points)},
        surveys={row.id: row.key for row in session.execute(surveys)},
        versions={row.id: row.number for row in session.execute(versions)},
    )
