"""Cells as they are stored, read back and added up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.cells.adding import summed as added_up
from feedback.cells.codes import made_packs, opened_packs
from feedback.cells.columns import Places
from feedback.cells.items import Slice
from feedback.cells.lexicon import WORDS
from models.statistics import StatisticCell

Packs = tuple[bytes, bytes]
"""The reach of a cell, and the rest."""

Cells = dict[Slice, Packs]

Whose = tuple[Slice, int]
"""A slice, and 0 for the reach or 1 for the rest."""

OPEN = 4_000_000
"""About so many bytes of packs are open at once; opened they are some ten times as large."""


def full(cells: Cells) -> Cells:
    """The cells that hold anything."""
    return {part: packs for part, packs in cells.items() if any(packs)}


def summed(below: Iterable[Cells], shelf: int) -> Cells:
    """Cells of one shelf added up, slice by slice."""
    packs: dict[Whose, list[bytes]] = {}
    for cells in below:
        for part, both in cells.items():
            for which, pack in enumerate(both):
                if pack:
                    packs.setdefault((part, which), []).append(pack)
    found = {whose: listed[0] for whose, listed in packs.items() if len(listed) == 1}
    for some in _portions({whose: listed for whose, listed in packs.items() if len(listed) > 1}):
        words, whole = Places(*WORDS), list(some)
        numbered = [(number, one) for number, whose in enumerate(whole) for one in some[whose]]
        sums = added_up(*opened_packs(numbered, words))
        found |= {whole[number]: one for number, one in made_packs(*sums, list(words), [shelf])}
    parts = {part for part, _ in found}
    return {part: (found.get((part, 0), b""), found.get((part, 1), b"")) for part in parts}


def _portions(packs: Mapping[Whose, list[bytes]]) -> Iterator[dict[Whose, list[bytes]]]:
    """Packs in parts that are not too much to be open at once."""
    some: dict[Whose, list[bytes]] = {}
    size = 0
    for whose, listed in packs.items():
        some[whose] = listed
        size += sum(map(len, listed))
        if size > OPEN:
            yield some
            some, size = {}, 0
    if some:
        yield some


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
