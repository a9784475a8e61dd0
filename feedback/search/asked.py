"""Words that somebody searches by meaning: asked by the web process, encoded by the worker.

The web process loads no model. The worker leaves a vector, forgets the words, and whoever asks
the same within a day has the answer at once.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from feedback.jobs.tasks import hand_out
from models.meaning import MeaningQuestion
from nlp.meaning import Meaning
from surveys.upsert import insert_into

FRESH = timedelta(days=1)
"""A vector is made anew after so long: the model may be another."""
KIND = "meaning"
"""The task that encodes what was asked."""
PATIENCE = 1.5
"""Seconds that a page waits for the worker."""
STEP = 0.02
AGAIN = 10
"""Steps after which the task is handed out again: the one before may just have been ending."""

Clock = Callable[[], datetime]
Encodes = Callable[[], Callable[[str], Meaning]]


def meaning_of(
    session: Session, workspace_id: int, words: str, now: Clock, patience: float = PATIENCE
) -> Meaning | None:
    """The vector of some words; None where no worker made it in time. Commits."""
    found = _answered(session, workspace_id, words, now())
    if found is not None:
        return found
    _ask(session, workspace_id, words, now())
    for step in range(round(patience / STEP)):
        time.sleep(STEP)
        found = _answered(session, workspace_id, words, now())
        if found is not None:
            break
        if step % AGAIN == AGAIN - 1:
            hand_out(session, KIND, now(), now())
        session.commit()  # the next look is to see what was written meanwhile
    return found


def _hash(words: str) -> str:
    return hashlib.sha256(" ".join(words.casefold().split()).encode()).hexdigest()


def _answered(session: Session, workspace_id: int, words: str, now: datetime) -> Meaning | None:
    row = session.execute(
        select(MeaningQuestion.encoder, MeaningQuestion.vector)
        .where(MeaningQuestion.workspace_id == workspace_id)
        .where(MeaningQuestion.words_hash == _hash(words))
        .where(MeaningQuestion.words.is_(None), MeaningQuestion.asked_at > now - FRESH)
    ).one_or_none()
    return Meaning(row.encoder, row.vector) if row is not None and row.vector else None


def _ask(session: Session, workspace_id: int, words: str, now: datetime) -> None:
    """Leave the question and a task for the worker, without waiting for the clock; commits."""
    values = {"words": words, "asked_at": now}
    insert = insert_into(session, MeaningQuestion).values(
        workspace_id=workspace_id, words_hash=_hash(words), **values
    )
    same = ["workspace_id", "words_hash"]
    session.execute(insert.on_conflict_do_update(index_elements=same, set_=values))
    hand_out(session, KIND, now, now)
    session.commit()


def owed(session: Session, now: datetime) -> datetime | None:
    """Since when a question waits."""
    waiting = MeaningQuestion.words.is_not(None)
    return session.scalar(select(func.min(MeaningQuestion.asked_at)).where(waiting))


def answer_next(session: Session, encoder: Encodes, now: Clock) -> int:
    """Encode what was asked first; 0 when nobody waits. Forgets what nobody asks any more."""
    waiting = MeaningQuestion.words.is_not(None)
    query = select(MeaningQuestion).where(waiting).order_by(MeaningQuestion.asked_at).limit(1)
    asked = session.scalar(query)
    if asked is None:
        return 0
    asked_at, words = asked.asked_at, str(asked.words)
    old = MeaningQuestion.asked_at < now() - FRESH
    session.execute(delete(MeaningQuestion).where(old, MeaningQuestion.words.is_(None)))
    session.commit()
    found = encoder()(words)
    session.execute(
        update(MeaningQuestion)
        .where(MeaningQuestion.id == asked.id, MeaningQuestion.asked_at == asked_at)
        .values(words=None, encoder=found.encoder, vector=found.vector)
        .execution_options(synchronize_session=False)
    )
    session.commit()
    return 1
