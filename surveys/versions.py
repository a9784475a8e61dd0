"""Published versions of surveys, each parsed once a process."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import NotFound
from models.survey import SurveyVersion
from surveys.definition import SurveyDefinition, parse_definition

# Versions are immutable and their hash names their content, so that this never goes stale,
# not even when one process speaks to several databases whose ids overlap.
_parsed: dict[str, SurveyDefinition] = {}


def current_version(session: Session, survey_id: int) -> SurveyVersion:
    """The latest published version of a survey; NotFound when there is none."""
    latest = (
        select(SurveyVersion)
        .where(SurveyVersion.survey_id == survey_id)
        .order_by(SurveyVersion.number.desc())
        .limit(1)
    )
    version = session.scalars(latest).first()
    if version is None:
        raise NotFound(
            "has no published version", field="survey", mend="Publish it with `waymark apply`."
        )
    return version


def definition_of(version: SurveyVersion) -> SurveyDefinition:
    """What a version asks; parsed once a process."""
    known = _parsed.get(version.content_hash)
    if known is None:
        known = _parsed[version.content_hash] = parse_definition(version.definition)
    return known


def definition_at(session: Session, version_id: int, content_hash: str) -> SurveyDefinition:
    """The same for a caller who has the version's id and hash at hand, but not its row."""
    known = _parsed.get(content_hash)
    return known if known is not None else definition_of(version_by_id(session, version_id))


def version_by_id(session: Session, version_id: int) -> SurveyVersion:
    """A version by its id; NotFound when there is none."""
    version = session.get(SurveyVersion, version_id)
    if version is None:
        raise NotFound("does not exist", field="version", mend="Use the id of a published version.")
    return version
