"""The comments of a run: those of its two periods, and which of them no theme covers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from feedback.spoken import READ_IN_ENGLISH
from models.reading import Comment, Mention
from models.topic import TopicRun
from nlp.redaction import redactions

MOST = 10_000
"""Comments of a period that are looked at; of more, so many are drawn evenly."""
GENERAL = "general"
BATCH = 500


@dataclass(frozen=True, slots=True)
class Told:
    """A comment that no theme covers: its words without personal data, and how it feels."""

    id: int
    text: str
    sentiment: str
    now: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """A period: how many comments were read, how many of them no theme covers, how many were
    drawn to be looked at, and the ids of the drawn that no theme covers, in order.
    """

    comments: int
    uncovered: int
    drawn: int
    ids: tuple[int, ...]


def counted(
    session: Session, workspace_id: int, start: datetime, end: datetime, seed: int, most: int = MOST
) -> Counted:
    """The comments of a period that were read and are in English, or in any language.

    A theme covers a comment that has a mention of a theme other than `general`, a person's or a
    model's; so a comment with no mention, or with none but `general`, is not covered. Clauses
    without a theme in a comment that has one elsewhere are left out: measured on the patient
    survey, they gave pieces of sentences rather than topics. Comments that could not be read,
    or that another encoder than the English one reads, are in no count: vectors of two encoders
    lie in two spaces.
    """
    covered = exists().where(Mention.comment_id == Comment.id, Mention.theme != GENERAL)
    query = (
        select(Comment.id, covered)
        .where(Comment.workspace_id == workspace_id, READ_IN_ENGLISH)
        .where(Comment.occurred_at >= start, Comment.occurred_at < end)
        .order_by(Comment.id)
    )
    rows = [(id_, bool(has)) for id_, has in session.execute(query)]
    drawn = rows
    if len(rows) > most:
        chosen = random.Random(seed).sample(range(len(rows)), most)  # noqa: S311 - an even draw
        drawn = [rows[place] for place in sorted(chosen)]
    uncovered = sum(not has for _, has in rows)
    return Counted(len(rows), uncovered, len(drawn), tuple(id_ for id_, has in drawn if not has))


def unread(session: Session, run: TopicRun) -> int:
    """Comments of both periods that still wait to be read."""
    query = select(func.count(Comment.id)).where(
        Comment.workspace_id == run.workspace_id,
        Comment.read_state == "waiting",
        Comment.occurred_at >= run.before_at,
        Comment.occurred_at < run.ends_at,
    )
    return session.scalar(query) or 0


def told(session: Session, ids: Sequence[int], *, now: bool) -> Iterator[Told]:
    """These comments in the order of their ids; one erased meanwhile is left out."""
    columns = (Comment.id, Comment.text, Comment.sentiment)
    for start in range(0, len(ids), BATCH):
        part = Comment.id.in_(ids[start : start + BATCH])
        for row in session.execute(select(*columns).where(part).order_by(Comment.id)):
            yield Told(row.id, bare(row.text), row.sentiment or "neutral", now)


def bare(text: str) -> str:
    """A text without its personal data, not even a word for it: no topic is called by that."""
    pieces, at = [], 0
    for one in redactions(text):
        pieces.append(text[at : one.start])
        at = one.end
    return " ; ".join((*pieces, text[at:]))
