"""Comments to search, written row by row."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from models.customer import Customer
from models.journey import Journey, Stage, Touchpoint
from models.reading import Comment, Mention
from models.workspace import Workspace

DAY = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)


class Shelf:
    """A workspace with two touchpoints, and the means to write comments."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self.session, self.workspace = session, workspace
        self.numbers = count(1)
        base: dict[str, Any] = {"workspace_id": workspace.id}
        points = [
            Touchpoint(key=key, name=key.title(), position=place, **base)
            for place, key in enumerate(("parcel", "phone"))
        ]
        stages = [
            Stage(key=f"s-{one.key}", name=one.name, position=0, touchpoints=[one], **base)
            for one in points
        ]
        session.add(Journey(key="buying", name="Buying", created_at=DAY, stages=stages, **base))
        session.flush()
        self.touchpoints = {point.key: point.id for point in points}

    def customer(self) -> Customer:
        row = Customer(
            workspace_id=self.workspace.id,
            external_id=f"c{next(self.numbers)}",
            attributes={},
            created_at=DAY,
            updated_at=DAY,
        )
        self.session.add(row)
        self.session.flush()
        return row

    def say(
        self,
        text: str,
        language: str | None = "en",
        day: float = 0.0,
        about: tuple[str, str] | None = None,
        touchpoint: str = "parcel",
        **columns: Any,
    ) -> int:
        number = next(self.numbers)
        feeling = about[1] if about else "neutral"
        score = {"negative": -0.8, "neutral": 0.0, "positive": 0.8}[feeling]
        values: dict[str, Any] = {
            "read_state": "read",
            "read_at": DAY,
            "model": "test",
            "sentiment": feeling,
            "sentiment_score": score,
            "emotions": {},
        }
        row = Comment(
            workspace_id=self.workspace.id,
            touchpoint_id=self.touchpoints[touchpoint],
            attached_by="import",
            source="test",
            external_id=str(number),
            text=text,
            text_hash=hashlib.sha256(text.encode()).hexdigest(),
            language=language,
            occurred_at=DAY + timedelta(days=day),
            created_at=DAY,
            **{**values, **columns},
        )
        self.session.add(row)
        self.session.flush()
        if about:
            self.session.add(
                Mention(
                    workspace_id=self.workspace.id,
                    comment_id=row.id,
                    start=0,
                    end=len(text),
                    theme=about[0],
                    sentiment=about[1],
                    sentiment_score=score,
                )
            )
            self.session.flush()
        return row.id
