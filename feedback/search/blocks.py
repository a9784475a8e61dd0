"""Blocks of codes: made by the worker of the vectors in a range of comments, looked through whole.

A block is the place of each comment in its range (two bytes each), then the codes in the same
order. Where a range is marked its block is not to be trusted, and its vectors are read instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from feedback.search.meanings import SIZE, Reads, fill
from feedback.search.words import on_postgres
from models.job import Task
from models.meaning import CommentMeaning, MeaningBlock, MeaningMark
from nlp.meaning import CODE, Codes, codes, unpacked

EVERY = timedelta(minutes=1)
"""How often marks are looked at: until then what changed is read row by row."""
AT_ONCE = 64
_BLOCKS = "SELECT number, codes FROM meaning_blocks WHERE workspace_id = %s AND encoder = %s"
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


def block_rows(session: Session, workspace_id: int, encoder: str) -> Iterator[tuple[int, bytes]]:
    """The number and the bytes of each block of a workspace, some in memory at a time."""
    query = select(MeaningBlock.number, MeaningBlock.codes).where(
        MeaningBlock.workspace_id == workspace_id, MeaningBlock.encoder == encoder
    )
    if not on_postgres(session):
        for row in session.execute(query.execution_options(yield_per=AT_ONCE)):
            yield row.number, row.codes
        return
    # SQLAlchemy's cursors ask for text, twice as long as the bytes: these take a third of the time
    driver: psycopg.Connection[Any] = session.connection().connection.driver_connection  # type: ignore[assignment]
    with driver.cursor(binary=True) as cursor:
        yield from cursor.stream(_BLOCKS, (workspace_id, encoder))


def read_block(number: int, block: bytes) -> tuple[Ids, Codes]:
    """The ids of a block's comments, and their codes."""
    n = len(block) // (_PLACE.itemsize + CODE)
    places = np.frombuffer(block, _PLACE, n)
    found = np.frombuffer(block, np.uint8, offset=n * _PLACE.itemsize).reshape(n, CODE)
    return places.astype(np.int64) + number * SIZE, found
