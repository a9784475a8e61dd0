"""All sums of a scope from its rows: what the stored ones are made from and checked against."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain

from sqlalchemy.orm import Session

from feedback.cells.by import TOGETHER, WHOLE, By, Part
from feedback.cells.earned import earned
from feedback.cells.feeling import feeling, states
from feedback.cells.items import Items, Kind, Slice, Sliced
from feedback.cells.reach import Found, reach
from feedback.reporting.scope import Scope
from models.statistics import TOTAL


def from_rows(session: Session, scope: Scope, kinds: Collection[int] = frozenset(Kind)) -> Items:
    """The sums of a scope, whatever its filters; those of these kinds, and maybe more."""
    return _summed(session, scope, TOGETHER, kinds).get(WHOLE, {})


def sliced_rows(session: Session, scope: Scope, by: By) -> dict[int, Sliced]:
    """The sums of each slice of each day, hidden themes too, and each segment's in total."""
    found = _summed(session, scope, By(by.days))
    if by.segments:
        found |= _summed(session, scope, by)
    days: dict[int, Sliced] = {}
    for (day, part), items in found.items():
        sliced = days.setdefault(day, {})
        sliced[part] = items
        whole = sliced.setdefault(Slice(part.segment, TOTAL, 0, TOTAL), {})
        for item, number in items.items():
            whole[item] = whole.get(item, 0) + number
    return days


def _summed(
    session: Session, scope: Scope, by: By, kinds: Collection[int] = frozenset(Kind)
) -> dict[Part, Items]:
    parts: list[Found] = []
    if min(kinds) < Kind.STATE:
        parts.append(reach(session, scope, by))
    if max(kinds) == Kind.STATE:
        parts.append(states(session, scope, by))
    elif max(kinds) > Kind.STATE:
        parts += [feeling(session, scope, by), earned(session, scope, by)]
    found: dict[Part, Items] = {}
    for part, item, number in chain(*parts):
        if number:
            items = found.setdefault(part, {})
            items[item] = items.get(item, 0) + number
    return found
