"""Readings and corrections from and to their rows: what counts is written where it is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from feedback.corrections.apply import Change, corrected
from feedback.corrections.reading import Mention, Reading
from models import reading as tables
from models.correction import Correction
from models.reading import Comment


def standing(rows: Iterable[Correction], text_hash: str) -> list[Change]:
    """The changes that count: not undone, and said of these very words; oldest first."""
    listed = sorted(rows, key=lambda row: row.id)
    undone = {row.undoes_id for row in listed}
    return [
        change_of(row)
        for row in listed
        if row.undoes_id is None and row.id not in undone and row.text_hash == text_hash
    ]


def confirmed(rows: Iterable[Correction], text_hash: str) -> int | None:
    """The row by which a person said that the reading is right; what came before is part of it."""
    listed = sorted(rows, key=lambda row: row.id)
    undone = {row.undoes_id for row in listed}
    found = [
        row.id
        for row in listed
        if row.reading is not None and row.id not in undone and row.text_hash == text_hash
    ]
    return found[-1] if found else None


def change_of(row: Correction) -> Change:
    """What a row of the ledger says."""
    start, end, theme = row.start or 0, row.end or 0, row.theme or ""
    kept = None if row.reading is None else Reading.from_json(row.reading)
    return Change(row.kind, row.sentiment, start, end, theme, row.new_theme, kept)


def corrections_of(session: Session, comments: Collection[int]) -> Mapping[int, list[Correction]]:
    """Every correction of these comments, oldest first."""
    found: dict[int, list[Correction]] = defaultdict(list)
    wanted = select(Correction).where(Correction.comment_id.in_(comments)).order_by(Correction.id)
    for row in session.scalars(wanted):
        found[row.comment_id].append(row)
    return found


def counted(session: Session, comment: Comment) -> Reading:
    """The reading that counts today."""
    mentions = select(tables.Mention).where(tables.Mention.comment_id == comment.id)
    rows = session.scalars(mentions.execution_options(populate_existing=True))
    found = [
        Mention(m.start, m.end, m.theme, m.sentiment, m.sentiment_score, m.source) for m in rows
    ]
    return Reading(
        read=comment.read_state == "read",
        sentiment=comment.sentiment,
        sentiment_score=comment.sentiment_score,
        probabilities=comment.probabilities or {},
        themes=comment.themes or {},
        mentions=tuple(sorted(found, key=lambda one: (one.start, one.end, one.theme))),
        **_urgency(comment),
    )


def _urgency(comment: Comment) -> dict[str, Any]:
    return {
        "urgent": comment.urgent,
        "urgency": comment.urgency,
        "risks": comment.risks or {},
    }


def own(session: Session, comment: Comment) -> Reading:
    """What the model itself says, whatever people said over it."""
    kept = comment.model_reading
    if kept is None:
        return counted(session, comment)
    # kept before urgency could be corrected, it does not say it: the column is the model's
    return Reading.from_json({**_urgency(comment), **kept})


def lay_over(session: Session, read: Collection[int]) -> None:
    """Put what people said on top of readings that were just written; most have nothing."""
    found = corrections_of(session, read)
    if not found:
        return
    wanted = select(Comment).where(Comment.id.in_(found)).order_by(Comment.id)
    for comment in session.scalars(wanted.execution_options(populate_existing=True)):
        settle(session, comment, standing(found[comment.id], comment.text_hash))


def settle(session: Session, comment: Comment, changes: Sequence[Change]) -> None:
    """Write what counts under these changes, and keep the model's own reading beside it.

    The comment is held by the transaction. Doing it twice is doing it once.
    """
    said = own(session, comment)
    counts = corrected(said, changes)
    if not changes and comment.model_reading is None:
        return
    comment.read_state = "read" if counts.read else "not_read"
    comment.sentiment, comment.sentiment_score = counts.sentiment, counts.sentiment_score
    comment.probabilities, comment.themes = dict(counts.probabilities), dict(counts.themes)
    comment.urgent, comment.urgency, comment.risks = counts.urgent, counts.urgency, {**counts.risks}
    comment.model_reading = said.to_json() if changes else None
    _replace_mentions(session, comment, counts.mentions)


def _replace_mentions(session: Session, comment: Comment, mentions: Sequence[Mention]) -> None:
    session.flush()
    gone = delete(tables.Mention).where(tables.Mention.comment_id == comment.id)
    session.execute(gone.execution_options(synchronize_session=False))
    if mentions:
        owner = {
            "workspace_id": comment.workspace_id,
            "comment_id": comment.id,
            "response_id": comment.response_id,
        }
        made = [{**owner, **mention_columns(mention)} for mention in mentions]
        session.execute(insert(tables.Mention), made)


def mention_columns(mention: Mention) -> dict[str, object]:
    """A mention's own columns."""
    return {
        "start": mention.start,
        "end": mention.end,
        "theme": mention.theme,
        "sentiment": mention.sentiment,
        "sentiment_score": mention.sentiment_score,
        "source": mention.source,
    }
