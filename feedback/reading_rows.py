"""What a model understood, as the columns of a comment and the rows of its mentions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nlp.reading import Reading
from surveys.contact_wishes import wants_contact

Owner = tuple[int, int, int | None]
"""Of a mention: its workspace, its comment, and the response that one belongs to."""


def columns(reading: Reading, text: str, now: datetime) -> dict[str, Any]:
    """The comment's columns, the model's word alone: nothing stands over it yet."""
    return {
        "read_state": "read" if reading.read else "not_read",
        "claimed_until": None,
        "read_at": now,
        "model": reading.model,
        "language": reading.language[:8],
        "sentiment": reading.sentiment,
        "sentiment_score": reading.sentiment_score,
        "probabilities": reading.probabilities,
        "emotions": reading.emotions,
        "themes": reading.themes,
        "urgency": reading.urgency,
        "urgent": reading.urgent,
        "risks": reading.risks,
        "wants_contact": wants_contact(text),
        "model_reading": None,
        "reread_at": None,
    }


def mention_rows(owner: Owner, reading: Reading) -> list[dict[str, Any]]:
    """The rows of a reading's mentions."""
    workspace_id, comment_id, response_id = owner
    return [
        {
            "workspace_id": workspace_id,
            "comment_id": comment_id,
            "response_id": response_id,
            "start": mention.start,
            "end": mention.end,
            "theme": mention.theme,
            "sentiment": mention.sentiment,
            "sentiment_score": mention.sentiment_score,
            "source": "model",
        }
        for mention in reading.mentions
    ]
