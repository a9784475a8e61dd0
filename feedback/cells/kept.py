"""Cells as they are stored, read back and added up."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.cells.items import Slice
from feedback.cells.packed import Sums
from models.statistics import StatisticCell

Packs = tuple[bytes, bytes]
"""The reach of a cell, and the rest."""

Cells = dict[Slice, Packs]


def full(cells: Cells) -> Cells:
    """The cells that hold anything."""
    return {part: packs for part, packs in cells.items() if any(packs)}


def summed(below: Iterable[Cells]) -> Cells:
    """Cells added up, slice by slice."""
    parts: dict[Slice, tuple[list[bytes], list[bytes]]] = {}
    for cells in below:
        for part, packs in cells.items():
            for pack, found in zip(packs, parts.setdefault(part, ([], [])), strict=True):
                found.append(pack)
    return full({part: (_added(reach), _added(rest)) for part, (reach, rest) in parts.items()})


def _added(packs: list[bytes]) -> bytes:
    if len(packs) == 1:
        return packs[0]
    sums = Sums()
    for pack in packs:
        sums.add(pack)
    return sums.pack()


def stored(
    session: Session, workspace_id: int, level: int, nodes: Collection[int], shelf: int
) -> dict[int, Cells]:
    """The cells that are stored, by node."""
    if not nodes:
        return {}
    query = select(StatisticCell.__table__).where(
        StatisticCell.workspace_id == workspace_id,
        StatisticCell.level == level,
        StatisticCell.node.in_(nodes),
        StatisticCell.shelf == shelf,
    )
    found: dict[int, Cells] = {}
    for row in session.execute(query):
        part = Slice(row.segment_id, row.channel, row.survey_id, row.language)
        found.setdefault(row.node, {})[part] = (bytes(row.reach), bytes(row.rest))
    return found
