"""The vectors of comments as rows: written with each reading, filled in where they are missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session

from models.meaning import CommentMeaning, MeaningMark
from models.reading import Comment
from nlp.meaning import Meaning
from nlp.reading import FIRST, UNDETERMINED, CommentText, Reading
from surveys.upsert import insert_into

SIZE = 4_096
"""Ids of comments that a block spans."""
BATCH = 128
"""Comments that are encoded between two commits."""


class Reads(Protocol):
    """Understands comments; `nlp.reader.Reader` does."""

    def read(self, comments: Sequence[CommentText]) -> list[Reading]:
        """One reading a comment, in order."""


def write(session: Session, found: Mapping[int, tuple[int, Meaning | None]]) -> None:
    """Set what comments mean, by id: (workspace, meaning), None where they were not read.

    Marks their ranges to be packed again; commits nothing.
    """
    session.execute(delete(CommentMeaning).where(CommentMeaning.comment_id.in_(found)))
    rows = [
        {
            "comment_id": comment_id,
            "workspace_id": workspace_id,
            "encoder": meaning.encoder,
            "vector": meaning.vector,
        }
        for comment_id, (workspace_id, meaning) in found.items()
        if meaning
    ]
    if rows:
        session.execute(insert(CommentMeaning), rows)
    places = {(owner, id_ // SIZE) for id_, (owner, meaning) in found.items() if meaning}
    marks = [{"workspace_id": owner, "number": number} for owner, number in sorted(places)]
    if marks:
        session.execute(insert(MeaningMark), marks)


def fill(session: Session, reader: Callable[[], Reads], workspace_id: int, number: int) -> int:
    """Encode the comments of a range that were read before vectors were kept; how many.

    Commits after each batch, so that nothing is done twice if it is killed.
    """
    done = 0
    for batch in _missing(session, workspace_id, number):
        texts = [CommentText(row.text, row.question, language=row.language) for row in batch]
        session.commit()  # nothing is locked while the encoder is at work
        for row, reading in zip(batch, reader().read(texts), strict=True):
            same = select(Comment.id).where(
                Comment.id == row.id, Comment.text_hash == row.text_hash
            )
            if reading.meaning and session.scalar(same.with_for_update()):
                values = {"comment_id": row.id, "workspace_id": workspace_id}
                kept = {"encoder": reading.meaning.encoder, "vector": reading.meaning.vector}
                into = insert_into(session, CommentMeaning).values(**values, **kept)
                session.execute(into.on_conflict_do_nothing())
        session.commit()
        done += len(batch)
    return done


def _missing(session: Session, workspace_id: int, number: int) -> Iterator[Sequence[Comment]]:
    """The comments of a range that have no vector though they should, some at a time."""
    known = exists().where(CommentMeaning.comment_id == Comment.id)
    query = (
        select(Comment)
        .where(
            Comment.workspace_id == workspace_id,
            Comment.id >= number * SIZE,
            Comment.id < (number + 1) * SIZE,
            Comment.read_state == "read",
            Comment.language.in_((FIRST, UNDETERMINED)),
            ~known,
        )
        .order_by(Comment.id)
    )
    rows = session.scalars(query).all()
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
