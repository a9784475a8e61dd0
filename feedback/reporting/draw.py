"""An even draw of customers: which of a long history's are looked at one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.reporting.scope import Scope
from feedback.reporting.segments import member_ids
from models.customer import Customer

MOST = 20_000
"""So many responses are measured whole, and so many customers are drawn at most."""


def drawn_customers(session: Session, scope: Scope) -> tuple[int, ...]:
    """At most `MOST` customers' ids, spread evenly over all that the scope may hold.

    Each of as many equal stretches of the ids gives one, by a hash: the same every time, and
    no matter when a customer came.
    """
    listed = scope.customers
    if listed is None and scope.members is not None:
        listed = member_ids(session, scope.members)
    if listed is not None:
        return tuple(listed[place] for place in even(len(listed)))
    mine = Customer.workspace_id == scope.workspace_id
    first, last = session.execute(
        select(func.min(Customer.id), func.max(Customer.id)).where(mine)
    ).one()
    if first is None:
        return ()
    return tuple(first + place for place in even(last - first + 1))


def even(size: int, most: int = MOST) -> Iterator[int]:
    """At most `most` places of 0 to size - 1, one of each equal stretch, by a hash."""
    if size <= most:
        yield from range(size)
        return
    for number in range(most):
        low, high = number * size // most, (number + 1) * size // most
        digest = hashlib.blake2b(number.to_bytes(8, "big"), digest_size=8).digest()
        yield low + int.from_bytes(digest, "big") % (high - low)
