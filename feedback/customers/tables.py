"""Which tables name a customer, and what becomes of their rows when two are merged.

The list is read from the models, so that a table made later is moved too.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import ColumnElement, Table, UniqueConstraint, and_, exists

from models.base import Base

COLUMN = "customer_id"


class Fate(StrEnum):
    """What becomes of the rows of the customer that goes."""

    MOVE = "move"  # they are the other's from now on
    DROP = "drop"  # they are worked out anew for the other
    YIELD = "yield"  # they move, but for those that the other has already
    UNTIE = "untie"  # they move, and what the other has too is no longer told apart by its turn


# who belongs to a segment is looked at anew once the customer is marked
WORKED_OUT = frozenset({"segment_members"})
# one person is next asked by a trigger once; what both were asked in one turn stays as history
BOTH_HAVE: Mapping[str, tuple[Fate, tuple[str, ...]]] = {
    "appointments": (Fate.YIELD, ("trigger_id",)),
    "invitations": (Fate.UNTIE, ("trigger_id", "period")),
}


def named() -> list[Table]:
    """Every table with a customer's id, in the order of what refers to what."""
    return [table for table in Base.metadata.sorted_tables if COLUMN in table.columns]


def fate(table: Table) -> Fate:
    """What becomes of a table's rows."""
    if table.name in WORKED_OUT:
        return Fate.DROP
    return BOTH_HAVE[table.name][0] if table.name in BOTH_HAVE else Fate.MOVE


def both_have(table: Table, kept: int, gone: int) -> ColumnElement[bool]:
    """Rows of the one that goes which the other has too."""
    other = table.alias()
    _, columns = BOTH_HAVE[table.name]
    same = (other.columns[name] == table.columns[name] for name in columns)
    theirs = other.columns[COLUMN] == kept
    return and_(table.columns[COLUMN] == gone, exists().where(theirs, *same))


def may_collide(table: Table) -> bool:
    """Whether two customers' rows could not both be the same customer's."""
    column = table.columns[COLUMN]
    keys = [set(table.primary_key.columns)]
    keys += [set(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [set(index.columns) for index in table.indexes if index.unique]
    return any(column in key for key in keys)
