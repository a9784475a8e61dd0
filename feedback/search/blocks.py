"""Blocks of codes: made by the worker of the vectors in a range of comments, looked through whole.

A block is the place of each comment in its range (two bytes each), then the codes in the same
order. Where a range is marked its block is not to be trusted, and its vectors are read instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from feedback.search.meanings import SIZE, Reads, fill
from models.job import Task
from models.meaning import CommentMeaning, MeaningBlock, MeaningMark
from nlp.meaning import CODE, Codes, codes, unpacked

EVERY = timedelta(minutes=1)
"""How often marks are looked at: until then what changed is read row by row."""
_PLACE = np.dtype("<u2")

Ids = NDArray[np.int64]


def owed(session: Session, kind: str, now: datetime) -> datetime | None:
    """Now, where a range is marked and none was packed for a minute; `kind` is the task's."""
    if session.scalar(select(MeaningMark.id).limit(1)) is None:
        return None
    packed_at = session.scalar(select(func.max(Task.finished_at)).where(Task.kind == kind))
    return None if packed_at is not None and packed_at > now - EVERY else now


def pack_next(session: Session, reader: Callable[[], Reads]) -> int:
    """Pack the newest marked range, its missing vectors first; 0 when none is marked.

    What is marked while it works stays so.
    """
    newest = select(MeaningMark).order_by(MeaningMark.number.desc(), MeaningMark.id).limit(1)
    mark = session.scalar(newest)
    if mark is None:
        return 0
    workspace_id, number = mark.workspace_id, mark.number
    fill(session, reader, workspace_id, number)
    here = (MeaningMark.workspace_id == workspace_id) & (MeaningMark.number == number)
    marks = session.scalars(select(MeaningMark.id).where(here)).all()
    _pack(session, workspace_id, number)
    session.execute(delete(MeaningMark).where(MeaningMark.id.in_(marks)))
    session.commit()
    return 1


def _pack(session: Session, workspace_id: int, number: int) -> None:
    """Write the blocks of a range, one an encoder, in place of those that are there."""
    rows = session.execute(
        select(CommentMeaning.encoder, CommentMeaning.comment_id, CommentMeaning.vector)
        .where(CommentMeaning.workspace_id == workspace_id)
        .where(CommentMeaning.comment_id >= number * SIZE)
        .where(CommentMeaning.comment_id < (number + 1) * SIZE)
        .order_by(CommentMeaning.comment_id)
    ).all()
    session.execute(
        delete(MeaningBlock)
        .where(MeaningBlock.workspace_id == workspace_id)
        .where(MeaningBlock.number == number)
    )
    for encoder in sorted({row.encoder for row in rows}):
        mine = [row for row in rows if row.encoder == encoder]
        block = _written([row.comment_id - number * SIZE for row in mine], [r.vector for r in mine])
        place = {"workspace_id": workspace_id, "encoder": encoder, "number": number}
        session.execute(insert(MeaningBlock).values(**place, codes=block))


def _written(places: Sequence[int], vectors: Sequence[bytes]) -> bytes:
    return np.array(places, _PLACE).tobytes() + codes(unpacked(vectors)).tobytes()


def read_block(number: int, block: bytes) -> tuple[Ids, Codes]:
    """The ids of a block's comments, and their codes."""
    n = len(block) // (_PLACE.itemsize + CODE)
    places = np.frombuffer(block, _PLACE, n)
    found = np.frombuffer(block, np.uint8, offset=n * _PLACE.itemsize).reshape(n, CODE)
    return places.astype(np.int64) + number * SIZE, found
