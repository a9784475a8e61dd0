"""How many segments a survey's first SMS takes, to say beforehand what a campaign costs."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.workspace import Workspace
from surveys.channels.links import example_link
from surveys.channels.names import is_name
from surveys.sms_preview import preview
from surveys.versions import current_version, definition_of

_ADDRESS = "https://waymark.example"


def segments_of(session: Session, workspace: Workspace, survey_id: int, sender: str) -> int:
    """The segments of the first SMS in the survey's dearest language."""
    definition = definition_of(current_version(session, survey_id))
    link = example_link(_ADDRESS)
    smart, by_link = workspace.smart_encoding, is_name(sender)
    return max(
        preview(definition, language, workspace.company, link, smart=smart, by_link=by_link)[
            0
        ].counted.segments
        for language in definition.languages
    )
