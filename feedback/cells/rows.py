"""All sums of a scope from its rows: for what no stored ones are held, and to check these."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain

from sqlalchemy.orm import Session

from feedback.cells.earned import earned, valued
from feedback.cells.feeling import feeling, states
from feedback.cells.items import Items, Kind
from feedback.cells.reach import Found, reach
from feedback.reporting.scope import Scope


def from_rows(session: Session, scope: Scope, kinds: Collection[int] = frozenset(Kind)) -> Items:
    """The sums of a scope, whatever its filters; those of these kinds, and maybe more."""
    parts: list[Found] = []
    rest = set(kinds) - {Kind.VALUE}
    if Kind.VALUE in kinds:
        parts.append(valued(session, scope))
    if min(rest, default=Kind.VALUE) < Kind.STATE:
        parts.append(reach(session, scope))
    if max(rest, default=0) == Kind.STATE:
        parts.append(states(session, scope))
    elif max(rest, default=0) > Kind.STATE:
        parts += [feeling(session, scope), earned(session, scope)]
    found: Items = {}
    for item, number in chain(*parts):
        if number:
            found[item] = found.get(item, 0) + number
    return found
