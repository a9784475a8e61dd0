"""Which tables name a customer, and what becomes of their rows when two are merged.

The list is read from the models, so that a table made later is moved too.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Table, UniqueConstraint

from models.base import Base

COLUMN = "customer_id"


class Fate(StrEnum):
    """What becomes of the rows of the customer that goes."""

    MOVE = "move"  # they are the other's from now on
    DROP = "drop"  # they are worked out anew for the other


# who belongs to a segment is looked at anew once the customer is marked
WORKED_OUT = frozenset({"segment_members"})


def named() -> list[Table]:
    """Every table with a customer's id, in the order of what refers to what."""
    return [table for table in Base.metadata.sorted_tables if COLUMN in table.columns]


def fate(table: Table) -> Fate:
    """What becomes of a table's rows."""
    return Fate.DROP if table.name in WORKED_OUT else Fate.MOVE


def may_collide(table: Table) -> bool:
    """Whether two customers' rows could not both be the same customer's."""
    column = table.columns[COLUMN]
    keys = [set(table.primary_key.columns)]
    keys += [set(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [set(index.columns) for index in table.indexes if index.unique]
    return any(column in key for key in keys)
