"""The job: one run from its claim to its answer. Loads scikit-learn, so never the web process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from feedback.topics import runs
from feedback.topics.answer import write
from feedback.topics.sources import MOST, Counted, Told, counted, told, unread
from models.topic import TopicRun
from nlp import topic_clusters, topic_groups
from nlp.topic_words import NAMED, tells
from nlp.topics import FEWEST_NOW, Comments, emerging_topics

BATCH = 128
"""Comments encoded between two signs of life."""
NOW, BEFORE = "now", "before"

Clock = Callable[[], datetime]
Matrix = NDArray[np.float32]

log = structlog.get_logger(__name__)


class Encodes(Protocol):
    """Turns comments into vectors; `nlp.reader.Reader` does."""

    model: str

    def vectors(self, texts: Sequence[str]) -> Matrix:
        """A row a comment, of the whole of it."""


def compute_waiting(
    session: Session,
    encoder: Callable[[], Encodes],
    now: Clock,
    run_id: int | None = None,
    most: int = MOST,
) -> int:
    """Compute the run that waits longest, or a certain one; how many were done.

    Of more than `most` comments of a period so many are looked at.

    Killed at any point, the run begins anew when its claim has run out; its answer is written in
    one transaction, by whoever still holds the claim. What goes wrong is kept as the reason.
    """
    run = runs.claim(session, now(), run_id)
    if run is None:
        return 0
    try:
        _compute(session, run, encoder(), now, most)
    except runs.ClaimLost:
        session.rollback()
        log.warning("topics_claim_lost", run=run.id)
    except OperationalError:
        raise  # the database is away: the claim runs out, and the run begins anew
    except Exception as error:
        session.rollback()
        log.exception("topics_failed", run=run.id)
        runs.fail(session, run, f"{type(error).__name__}: {error}", now())
    return 1


def settings(most: int = MOST) -> dict[str, Any]:
    """What an answer depends on beside the comments and the model."""
    names = ("SEED", "MOST", "LEAST", "GROWTH")
    shared = ("COLUMNS", "APART", "ALIKE", "TIGHT", "JOINING", "CLOSE")
    return {
        **{name.lower(): getattr(topic_clusters, name) for name in names},
        **{name.lower(): getattr(topic_groups, name) for name in shared},
        "drawn": most,
        "named": NAMED,
        "fewest_now": FEWEST_NOW,
    }


def _compute(session: Session, run: TopicRun, encoder: Encodes, now: Clock, most: int) -> None:
    seed = topic_clusters.SEED
    at = counted(session, run.workspace_id, run.starts_at, run.ends_at, seed, most)
    before = counted(session, run.workspace_id, run.before_at, run.starts_at, seed, most)
    rows = [*told(session, at.ids, now=True), *told(session, before.ids, now=False)]
    rows = [row for row in rows if tells(row.text)]
    counts = _counts(at, before) | {"unread": unread(session, run), "total_rows": len(rows)}
    runs.keep(session, run, now(), **counts)
    vectors = _encoded(session, run, encoder, rows, now)
    comments = Comments(
        [row.text for row in rows],
        vectors,
        [NOW if row.now else BEFORE for row in rows],
        {NOW: at.drawn, BEFORE: before.drawn},
    )
    found = emerging_topics(comments, NOW, BEFORE)
    write(session, run, found, rows)
    runs.finish(session, run, now(), model=encoder.model, settings=settings(most))
    log.info("topics_done", run=run.id, topics=len(found), comments=at.comments)


def _counts(at: Counted, before: Counted) -> dict[str, int]:
    return {
        "comments": at.comments,
        "uncovered": at.uncovered,
        "drawn": at.drawn,
        "comments_before": before.comments,
        "uncovered_before": before.uncovered,
        "drawn_before": before.drawn,
    }


def _encoded(
    session: Session, run: TopicRun, encoder: Encodes, rows: Sequence[Told], now: Clock
) -> Matrix:
    """The vectors of all, some at a time, with a sign of life in between."""
    parts: list[Matrix] = [np.zeros((0, 0), np.float32)]
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        parts.append(encoder.vectors([row.text for row in part]))
        runs.keep(session, run, now(), done_rows=start + len(part))
    return np.concatenate(parts[1:] or parts)
