"""What a report may be narrowed to by name: a survey there is, a channel there is."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import InvalidInput, NotFound
from models.survey import CHANNELS, Survey


def survey_id_of(session: Session, workspace_id: int, key: str) -> int:
    """The id of the survey with a key; NotFound names those there are."""
    known = {
        survey.key: survey.id
        for survey in session.scalars(select(Survey).where(Survey.workspace_id == workspace_id))
    }
    if key not in known:
        mend = f"Name one of: {', '.join(sorted(known))}" if known else "There is none yet"
        raise NotFound(f"there is no survey {key!r}", field="survey", mend=mend)
    return known[key]


def known_channel(asked: str | None) -> str | None:
    """The channel that is asked for, if any is."""
    if asked is not None and asked not in CHANNELS:
        mend = f"Use one of {', '.join(CHANNELS)}"
        raise InvalidInput(f"no channel {asked!r}", field="channel", mend=mend)
    return asked
