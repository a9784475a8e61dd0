"""Warnings of SMS that take more than two segments, for the surveys that a file holds."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.yaml_file import Document
from models.survey import Survey, Trigger
from models.workspace import Workspace
from surveys.channels.links import example_link
from surveys.channels.names import is_name
from surveys.sms_preview import long_messages
from surveys.versions import current_version, definition_of


def long_texts(
    session: Session, workspace: Workspace, document: Document, public_url: str
) -> Iterator[str]:
    """A sentence for each such SMS; a survey that is asked on the web alone sends none."""
    link, smart = example_link(public_url), workspace.smart_encoding
    by_link = is_name(workspace.sender or "")
    for key in _keys(document):
        mine = (Survey.workspace_id == workspace.id) & (Survey.key == key)
        survey = session.scalars(select(Survey).where(mine)).one_or_none()
        if survey is not None and _by_sms(session, survey.id):
            definition = definition_of(current_version(session, survey.id))
            yield from long_messages(
                definition, workspace.company, link, smart=smart, by_link=by_link
            )


def _keys(document: Document) -> list[str]:
    surveys = document.data.get("surveys") or []
    return [str(one.get("key")) for one in surveys if isinstance(one, dict)]


def _by_sms(session: Session, survey_id: int) -> bool:
    """Whether an SMS may go out by it: no trigger asks it, or one does so by SMS."""
    asked = select(Trigger.channel, Trigger.other_channels).where(Trigger.survey_id == survey_id)
    ways = [f"{first},{others or ''}" for first, others in session.execute(asked)]
    return not ways or any("sms" in one.split(",") for one in ways)
