"""A journey with months of answers in it, and a look whose day is over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.journey import Journey, Stage, Touchpoint
from models.reading import Comment, Mention
from models.workspace import Workspace

BAD_DAY = date(2026, 11, 17)  # a Tuesday
MORNING = datetime(2026, 11, 18, 7, tzinfo=UTC)
WORDS = "It came late again, call me on 07700 900123 or write to ada@home.example."


def journey(session: Session, workspace: Workspace) -> Journey:
    """A journey of one touchpoint."""
    base: dict[str, Any] = {"workspace_id": workspace.id}
    point = Touchpoint(key="parcel", name="Parcel", position=0, **base)
    stage = Stage(key="after", name="After", position=0, touchpoints=[point], **base)
    made = Journey(key="buying", name="Buying", created_at=MORNING, stages=[stage], **base)
    session.add(made)
    session.commit()
    return made


def comments(
    session: Session, journey: Journey, days: Iterable[date], heard: int, late: int
) -> None:
    """So many comments each day, so many of them complaining that it came late."""
    point = journey.stages[0].touchpoints[0]
    rows, mentions = [], []
    for day in days:
        at = datetime.combine(day, time(12), UTC)
        for place in range(heard):
            bad = place < late
            rows.append(_comment(journey.workspace_id, point.id, f"{day}-{place}", at, bad))
    ids = session.scalars(insert(Comment).returning(Comment.id, sort_by_parameter_order=True), rows)
    for row_id, row in zip(ids.all(), rows, strict=True):
        if row["sentiment"] == "negative":
            mentions.append(_mention(journey.workspace_id, row_id))
    if mentions:
        session.execute(insert(Mention), mentions)
    session.commit()


def history(session: Session, journey: Journey, until: date, many: int = 21) -> None:
    """Calm days before a day: 20 heard, two or so complain."""
    for place in range(many):
        day = until - timedelta(days=many - place)
        comments(session, journey, [day], 20, 1 + place % 3)


def _comment(workspace_id: int, point: int, key: str, at: datetime, bad: bool) -> dict[str, Any]:
    text = WORDS if bad else "All was fine."
    return {
        "workspace_id": workspace_id,
        "touchpoint_id": point,
        "external_id": key,
        "text": text,
        "text_hash": hashlib.sha256(key.encode()).hexdigest(),
        "occurred_at": at,
        "created_at": at,
        "attached_by": "import",
        "source": "import",
        "read_state": "read",
        "read_at": at,
        "language": "en",
        "model": "test",
        "themes": {"delivery_speed": 0.9} if bad else {},
        "emotions": {},
        "urgency": 0.0,
        "sentiment": "negative" if bad else "positive",
        "sentiment_score": -0.8 if bad else 0.8,
    }


def _mention(workspace_id: int, comment_id: int) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "comment_id": comment_id,
        "start": 0,
        "end": 18,
        "theme": "delivery_speed",
        "sentiment": "negative",
        "sentiment_score": -0.8,
    }
