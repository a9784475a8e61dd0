"""Comments that speak of lockers, of parking, of a theme, or of nothing; and who encodes them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from models.reading import Comment, Mention
from models.workspace import Workspace

WIDTH = 24
SUBJECTS = ("locker", "parking", "late")
LOCKERS = ("The lockers jam", "My locker would not open", "Lockers stuck again")
PARKING = ("No parking space left", "The parking space is tiny", "Parking space was full")
LATE = ("It came late", "Late again", "Two days late")
Matrix = NDArray[np.float32]


@dataclass
class Encoder:
    """Vectors by the subject a text names, a little apart by its words; it may be interrupted."""

    model: str = "fake-1"
    between: Callable[[], None] = lambda: None
    heard: list[str] = field(default_factory=list)

    def vectors(self, texts: Sequence[str]) -> Matrix:
        """A row a text."""
        self.heard += texts
        self.between()
        return np.stack([self._row(text) for text in texts]).astype(np.float32)

    def _row(self, text: str) -> NDArray[np.float64]:
        named = [one for one in SUBJECTS if one in text.lower()]
        middle = np.random.default_rng(SUBJECTS.index(named[0])) if named else _drawn(text)
        return middle.normal(0, 1, WIDTH) + _drawn(text).normal(0, 0.1, WIDTH)


def _drawn(text: str) -> np.random.Generator:
    return np.random.default_rng(int(hashlib.sha256(text.encode()).hexdigest()[:8], 16))


def say(
    session: Session,
    workspace: Workspace,
    at: datetime,
    texts: Sequence[str],
    many: int,
    *,
    theme: str | None = None,
    sentiment: str = "negative",
    waiting: bool = False,
    language: str = "en",
) -> list[Comment]:
    """So many comments, an hour apart from `at` on; a mention each where there is a theme."""
    start = session.query(Comment).count()
    rows = []
    for number in range(many):
        text = f"{texts[number % len(texts)]} (no. {start + number})"
        row = Comment(
            workspace_id=workspace.id,
            attached_by="import",
            source="import",
            external_id=str(start + number),
            text=text,
            text_hash=hashlib.sha256(text.encode()).hexdigest(),
            occurred_at=at + timedelta(hours=number),
            created_at=at,
            read_state="waiting" if waiting else "read",
        )
        if not waiting:
            row.sentiment, row.sentiment_score = sentiment, -0.8
            row.language = language
            row.model, row.read_at = "fake-1", at + timedelta(days=1)
        rows.append(row)
    session.add_all(rows)
    session.flush()
    if theme:
        session.add_all(mention(row, theme) for row in rows)
    session.commit()
    return rows


def mention(row: Comment, theme: str) -> Mention:
    """A mention over the whole of a comment."""
    return Mention(
        workspace_id=row.workspace_id,
        comment_id=row.id,
        start=0,
        end=len(row.text),
        theme=theme,
        sentiment="negative",
        sentiment_score=-0.8,
    )
