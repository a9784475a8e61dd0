"""The comments that come nearest to some words by meaning, among all or those that are wanted.

First the codes of all are looked through, then the vectors of the nearest by code are compared.
Cost: some 34 bytes a comment are read, and at most so many vectors as the limits below say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from feedback.reporting.segments import one_of_ids
from feedback.search.blocks import Ids, block_rows, read_block
from feedback.search.meanings import SIZE
from models.meaning import CommentMeaning, MeaningMark
from models.reading import Comment
from nlp.meaning import Codes, Meaning, apart, codes, unpacked

NEAR = 0.5
"""Cosine below which a comment speaks of something else."""

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a search costs at most, in comments.

    `shown` are listed: farther down is ever less of what was meant. The vectors of the `rescored`
    nearest by code are compared. Where filters leave too few of these, the same is done among
    the comments that meet them, if these are at most `few`, or with the nearest `of_many`.
    Of ranges without a block the newest `unpacked` are compared, about.
    """

    shown: int = 100
    rescored: int = 2_000
    of_many: int = 5_000
    few: int = 5_000
    unpacked: int = 20_000


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Near:
    """Comments and their cosines, nearest first; `compared` with how many, `whole`: with all."""

    ids: Sequence[int] = ()
    nearness: Sequence[float] = ()
    compared: int = 0
    whole: bool = True


@dataclass(slots=True)
class _Looked:
    """What was looked through: ids, and in how many bits their codes differ from the question's.

    `whole`: nothing was left out.
    """

    code: Codes
    ids: list[Ids] = field(default_factory=list)
    bits: list[NDArray[np.uint16]] = field(default_factory=list)
    whole: bool = True

    def add(self, ids: Ids, found: Codes) -> None:
        self.ids.append(ids)
        self.bits.append(apart(found, self.code))


def nearest(
    session: Session,
    workspace_id: int,
    meaning: Meaning,
    which: Conditions,
    narrowed: bool,
    limits: Limits = USUAL,
) -> Near:
    """The nearest of a workspace's comments; `which` are conditions on their rows.

    `narrowed`: the conditions leave out some, besides those of other workspaces.
    """
    looked = _Looked(codes(unpacked([meaning.vector])))
    marked = _packed(session, workspace_id, meaning.encoder, looked)
    _unpacked(session, workspace_id, meaning.encoder, marked, looked, limits.unpacked)
    ids = np.concatenate([np.zeros(0, np.int64), *looked.ids])
    bits = np.concatenate([np.zeros(0, np.uint16), *looked.bits])
    rows = _vectors(session, _by_code(ids, bits, limits.rescored), which)
    compared = len(ids)
    if narrowed and len(rows) < limits.shown and compared > limits.rescored:
        few = _few(session, which, limits.few)
        if few is None:
            rows = _vectors(session, _by_code(ids, bits, limits.of_many), which)
        else:
            mine = np.isin(ids, few)
            compared = int(mine.sum())
            # they meet the conditions: asked again, PostgreSQL would begin with all that do
            rows = _vectors(session, _by_code(ids[mine], bits[mine], limits.rescored), ())
    found = _ranked(rows, meaning)[: limits.shown]
    return Near([id_ for id_, _ in found], [near for _, near in found], compared, looked.whole)


def _by_code(ids: Ids, bits: NDArray[np.uint16], most: int) -> list[int]:
    """The comments nearest by their codes."""
    if len(ids) > most:
        ids = ids[np.argpartition(bits, most)[:most]]
    return list(map(int, ids))


def _packed(session: Session, workspace_id: int, encoder: str, looked: _Looked) -> list[int]:
    """Look through all blocks that hold what their vectors say; the other ranges' numbers."""
    here = MeaningMark.workspace_id == workspace_id
    marked = session.scalars(select(MeaningMark.number).where(here).distinct()).all()
    stale = set(marked)
    for number, block in block_rows(session, workspace_id, encoder):
        if number not in stale:
            looked.add(*read_block(number, block))
    return sorted(stale, reverse=True)


def _unpacked(
    session: Session,
    workspace_id: int,
    encoder: str,
    marked: Sequence[int],
    looked: _Looked,
    left: int,
) -> None:
    """Look through the vectors of ranges without a block, the newest ones first."""
    for place, number in enumerate(marked):
        rows = session.execute(
            select(CommentMeaning.comment_id, CommentMeaning.vector)
            .where(CommentMeaning.workspace_id == workspace_id)
            .where(CommentMeaning.comment_id >= number * SIZE)
            .where(CommentMeaning.comment_id < (number + 1) * SIZE)
            .where(CommentMeaning.encoder == encoder)
        ).all()
        if rows:
            ids = np.array([row.comment_id for row in rows], np.int64)
            looked.add(ids, codes(unpacked([row.vector for row in rows])))
        left -= len(rows)
        if left <= 0:
            looked.whole = place + 1 == len(marked)
            return


def _few(session: Session, which: Conditions, most: int) -> Ids | None:
    """The comments that conditions leave; None where they are many."""
    found = session.scalars(select(Comment.id).where(*which).limit(most + 1)).all()
    return np.array(found, np.int64) if len(found) <= most else None


def _vectors(session: Session, ids: Sequence[int], which: Conditions) -> Sequence[Row[int, bytes]]:
    """The vectors of those that are wanted; none of words that changed since they were read."""
    return session.execute(
        select(CommentMeaning.comment_id, CommentMeaning.vector)
        .join(Comment, Comment.id == CommentMeaning.comment_id)
        .where(one_of_ids(session, CommentMeaning.comment_id, ids))
        .where(Comment.read_state == "read", *which)
    ).all()


def _ranked(rows: Sequence[Row[int, bytes]], meaning: Meaning) -> list[tuple[int, float]]:
    """Ids and cosines, nearest first; of equals the newest."""
    if not rows:
        return []
    one = unpacked([meaning.vector])[0]
    near = np.round(unpacked([row.vector for row in rows]) @ one, 4)
    order = sorted(range(len(rows)), key=lambda i: (-near[i], -rows[i].comment_id))
    return [(rows[i].comment_id, float(near[i])) for i in order if near[i] >= NEAR]
