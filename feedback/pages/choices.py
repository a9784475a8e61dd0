"""What the filters of a report may be set to, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.pages.journey import journeys_of
from feedback.pages.languages import language
from feedback.reporting.languages import languages_heard
from models.customer import Segment
from models.errors import NotFound
from models.journey import Journey
from models.survey import CHANNELS, Survey

Choices = dict[str, list[tuple[str, str]]]
CHANNEL_NAMES: Mapping[str, str] = {
    "sms": "SMS",
    "web": "Web",
    "email": "E-mail",
    "whatsapp": "WhatsApp",
}


def choices(session: Session) -> Choices:
    """The filters' values, each with its words; a filter without any is not shown."""
    return {
        "survey": named(session, g.workspace_id, Survey),
        "channel": [(one, CHANNEL_NAMES.get(one, one)) for one in CHANNELS],
        "segment": named(session, g.workspace_id, Segment),
        "language": asked_in(session, g.workspace_id),
    }


def asked_in(session: Session, workspace_id: int) -> list[tuple[str, str]]:
    """The languages to choose from: (code, name); none where only one was heard."""
    heard = [(code, language(code)) for code in languages_heard(session, workspace_id)]
    return sorted(heard, key=lambda one: one[1]) if len(heard) > 1 else []


def named(
    session: Session, workspace_id: int, table: type[Survey] | type[Segment]
) -> list[tuple[str, str]]:
    """A workspace's surveys or segments by name: (key, name)."""
    query = select(table.key, table.name).where(table.workspace_id == workspace_id)
    return [(row.key, row.name) for row in session.execute(query.order_by(table.name))]


def chosen_journey(session: Session, asked: str | None) -> tuple[Journey | None, list[Journey]]:
    """The journey asked for, or the first, and all there are; None: there is none yet."""
    journeys = journeys_of(session, g.workspace_id)
    found = next((one for one in journeys if asked in (one.key, None)), None)
    if found is None and journeys:
        known = ", ".join(one.key for one in journeys)
        raise NotFound(f"there is no journey {asked!r}", mend=f"Choose one of: {known}.")
    return found, journeys
