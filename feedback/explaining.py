"""The words behind a comment's reading, weighed by the worker and kept for whoever asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from feedback.asked_why import waiting
from feedback.corrections.reading import MODEL, Reading
from feedback.corrections.rows import own
from feedback.spoken import as_read
from models.explanation import Explanation
from models.reading import Comment
from nlp.explain import Piece
from nlp.reading import CommentText, Mention
from nlp.why import Why

CLAIM = timedelta(minutes=2)


class Explains(Protocol):
    """Weighs words; `nlp.why.Explainer` does."""

    @property
    def model(self) -> str:
        """Whose decisions they are."""

    def mentions(self, text: CommentText, mentions: Sequence[Mention]) -> list[Why]:
        """The words behind each mention, in order."""

    def urgency(self, text: CommentText) -> tuple[Piece, ...]:
        """The words behind the urgency."""


def explain_next(
    session: Session, explainer: Callable[[int], Explains], now: Callable[[], datetime]
) -> int:
    """Weigh the words of the comment that was asked about first; 0 when nobody waits.

    `explainer` gives what knows a workspace's themes. Nothing is locked meanwhile; what was
    asked again since, or of words that changed, stays owed.
    """
    asked = _claim(session, now())
    if asked is None:
        return 0
    comment = session.get(Comment, asked.comment_id, populate_existing=True)
    if comment is None or comment.text_hash != asked.text_hash or comment.read_at is None:
        session.execute(delete(Explanation).where(_same(asked)))
        session.commit()
        return 1
    reading, text = own(session, comment), as_read(session, comment)
    found = explainer(comment.workspace_id)
    session.commit()
    words = _weighed(found, text, reading)
    done = {"words": words, "model": found.model, "done_at": now(), "claimed_until": None}
    session.execute(
        update(Explanation)
        .where(_same(asked))
        .values(**done)
        .execution_options(synchronize_session=False)
    )
    session.commit()
    return 1


def _claim(session: Session, now: datetime) -> Explanation | None:
    """Take the oldest question nobody works on, and commit."""
    query = select(Explanation).where(waiting(now)).order_by(Explanation.asked_at).limit(1)
    asked = session.scalar(query.with_for_update(skip_locked=True))
    if asked is not None:
        asked.claimed_until = now + CLAIM
    session.commit()
    return asked


def _same(asked: Explanation) -> ColumnElement[bool]:
    """The very question that was claimed, not one that was asked since."""
    return (Explanation.comment_id == asked.comment_id) & (Explanation.asked_at == asked.asked_at)


def _weighed(explainer: Explains, text: CommentText, reading: Reading) -> dict[str, Any]:
    """`mentions`: the model's own, each with the words of its theme and of its sentiment, as
    [start, end, share]; `urgent` where the model says so."""
    own_ = [one for one in reading.mentions if one.source == MODEL]
    asked = [Mention(m.start, m.end, m.theme, m.sentiment, m.sentiment_score) for m in own_]
    mentions = [
        {
            "start": one.start,
            "end": one.end,
            "theme": one.theme,
            "sentiment": one.sentiment,
            "theme_words": _plain(why.theme),
            "sentiment_words": _plain(why.sentiment),
        }
        for one, why in zip(asked, explainer.mentions(text, asked), strict=True)
    ]
    urgent = {"urgent": _plain(explainer.urgency(text))} if reading.urgent else {}
    return {"mentions": mentions, **urgent}


def _plain(pieces: Iterable[Piece]) -> list[list[float]]:
    return [[one.start, one.end, one.share] for one in pieces]
