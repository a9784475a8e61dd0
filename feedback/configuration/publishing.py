"""Publishing surveys: made or renamed, and a new version where the content changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.contact_rules import lay_over
from feedback.configuration.rows import changed, find
from feedback.configuration.schema import SurveySettings
from models.survey import Survey, SurveyVersion
from surveys.definition import SurveyDefinition


def publish(
    session: Session,
    workspace_id: int,
    definition: SurveyDefinition,
    now: datetime,
    settings: SurveySettings | None = None,
) -> Iterator[str]:
    """Make or rename a survey, and publish the definition unless its latest version is equal."""
    survey, label = find(session, Survey, workspace_id, definition.key), f"survey {definition.key}"
    wanted: dict[str, Any] = {"name": definition.name}
    wanted |= settings.columns() if settings else {}
    known = survey is not None
    if survey is None:
        survey = Survey(workspace_id=workspace_id, key=definition.key, created_at=now, **wanted)
        session.add(survey)
        session.flush()
        yield f"{label}: made"
    else:
        yield from changed(survey, label, wanted)
    if settings is not None:
        lines = list(lay_over(survey, label, settings))
        yield from lines if known else ()
    latest = session.scalars(
        select(SurveyVersion)
        .where(SurveyVersion.survey_id == survey.id)
        .order_by(SurveyVersion.number.desc())
        .limit(1)
    ).first()
    if latest is None or latest.content_hash != definition.content_hash:
        number = latest.number + 1 if latest else 1
        session.add(_version(survey, definition, number, now))
        session.flush()
        yield f"{label}: version {number} published"


def _version(
    survey: Survey, definition: SurveyDefinition, number: int, now: datetime
) -> SurveyVersion:
    return SurveyVersion(
        workspace_id=survey.workspace_id,
        survey_id=survey.id,
        number=number,
        definition=definition.to_json(),
        content_hash=definition.content_hash,
        published_at=now,
    )
