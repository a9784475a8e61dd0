"""Answers as rows: one a question of a response, revised in place."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Protocol

from surveys.definition import SurveyDefinition
from surveys.flow_types import Saved

Channel = Literal["sms", "web", "whatsapp"]


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
