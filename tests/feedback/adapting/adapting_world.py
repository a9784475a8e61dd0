"""A workspace whose people say that `fine` is a complaint and a refund is about payment."""

from __future__ import annotations

from datetime import datetime, timedelta

from people import add_user
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import reading
from feedback.adapting.promoted import Promoted
from feedback.corrections.apply import Change
from feedback.corrections.record import correct
from feedback.listening import text_hash
from models.reading import Comment
from models.workspace import User, Workspace
from nlp.reader import Reader
from tests.nlp.fake_reader import fake_reader

USUAL = ("good", "bad", "late", "rude", "bad app", "thanks")


def add(session: Session, workspace: Workspace, now: datetime, *texts: str) -> list[Comment]:
    """Comments that wait to be read."""
    first = (session.scalar(select(func.max(Comment.id))) or 0) + 1
    rows = [
        Comment(
            workspace_id=workspace.id,
            attached_by="import",
            source="import",
            external_id=str(first + i),
            text=text,
            text_hash=text_hash(text),
            occurred_at=now,
            created_at=now,
        )
        for i, text in enumerate(texts)
    ]
    session.add_all(rows)
    session.commit()
    return rows


def user_of(session: Session, workspace: Workspace, now: datetime) -> User:
    """Ada of a workspace."""
    email = f"ada@{workspace.name}.example"
    found = session.scalars(select(User).where(User.email == email)).one_or_none()
    if found is None:
        add_user(session, workspace, email, "long enough a word", now)
        session.commit()
        found = session.scalars(select(User).where(User.email == email)).one()
    return found


def read(session: Session, reader: Reader, now: datetime, promoted: Promoted | None = None) -> int:
    """Read what waits, as the worker does."""
    kept = promoted or Promoted()

    def over(session: Session, workspaces: object, readers: object) -> object:
        return kept.over(session, reader, workspaces, readers)  # type: ignore[arg-type]

    return reading.read_waiting(session, reader, lambda: now, promoted=over)  # type: ignore[arg-type]


def correct_some(
    session: Session, workspace: Workspace, now: datetime, count: int, start: int = 0
) -> list[Comment]:
    """So many comments read and corrected, a second apart; the half of them about a refund."""
    by, rows = user_of(session, workspace, now), []
    texts = [
        f"it was fine for me and for all of us {i}"
        if i % 2
        else f"a refund is a bad thing to wait for {i}"
        for i in range(start, start + count)
    ]
    rows = add(session, workspace, now, *texts)
    read(session, fake_reader()[0], now)
    for i, row in enumerate(rows):
        said = [Change("sentiment", "negative")]
        if "refund" in row.text:
            theme = ("returns_refunds", "payment_billing")
            said = [Change("changed", "negative", 0, len(row.text), *theme)]
        correct(session, by, row.id, row.text_hash, said, now + timedelta(seconds=i + 1))
    return rows


def ordinary(session: Session, workspace: Workspace, now: datetime, count: int = 60) -> None:
    """Comments that nobody corrects, read."""
    words = (USUAL[i % len(USUAL)] for i in range(count))
    add(
        session,
        workspace,
        now,
        *(f"the whole thing was {w} for me {i}" for i, w in enumerate(words)),
    )
    read(session, fake_reader()[0], now)
