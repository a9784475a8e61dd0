"""Answers as rows: one a question of a response, revised in place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, Literal, Protocol

from sqlalchemy.orm import Session

from models.response import Answer
from surveys.definition import SurveyDefinition
from surveys.flow_types import Saved
from surveys.upsert import Insert, insert_for

Channel = Literal["sms", "web"]
REVISED = ("value", "comment", "channel", "answered_at", "scored_at")


class OpenResponse(Protocol):
    """What saving needs of a response: a row of models.response or anything shaped like it."""

    @property
    def id(self) -> int:
        """The response's id."""

    @property
    def workspace_id(self) -> int:
        """Its workspace."""

    @property
    def invitation_id(self) -> int | None:
        """The invitation it answers."""


def save_answers(
    session: Session,
    response: OpenResponse,
    definition: SurveyDefinition,
    saved: Iterable[Saved],
    channel: Channel,
    now: datetime,
) -> None:
    """Write answers down in one statement; a revised one is to be scored anew."""
    rows = [_row(response, definition, one, channel, now) for one in saved]
    connection = session.connection()
    connection.execute(_upsert(connection.dialect.name), rows)


@cache
def _upsert(dialect: str) -> Insert:
    """Made once a dialect, because every answer on the web passes here."""
    statement = insert_for(dialect, Answer)
    return statement.on_conflict_do_update(
        index_elements=["response_id", "question"],
        set_={name: statement.excluded[name] for name in REVISED},
    )


def _row(
    response: OpenResponse,
    definition: SurveyDefinition,
    saved: Saved,
    channel: Channel,
    now: datetime,
) -> dict[str, Any]:
    values = answer_values(definition, saved, channel, now)
    return {
        "workspace_id": response.workspace_id,
        "response_id": response.id,
        "scored_at": None,
        **values,
    }


def answer_values(
    definition: SurveyDefinition, saved: Saved, channel: Channel, now: datetime
) -> dict[str, Any]:
    """An answer's own columns."""
    value = list(saved.value) if isinstance(saved.value, tuple) else saved.value
    return {
        "question": saved.question,
        "type": definition.by_key[saved.question].type,
        "value": {"value": value},
        "comment": saved.comment,
        "channel": channel,
        "answered_at": now,
    }
