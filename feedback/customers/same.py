"""Customers with the same phone or e-mail address: one person, perhaps; the team decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.customers.merge import merge
from models.customer import Customer

BY = ("phone", "email")


@dataclass(frozen=True)
class Alike:
    """Customers that share an address, the one known longest first; the address isn't told."""

    by: str
    customers: Sequence[Customer]

    @property
    def ids(self) -> list[str]:
        """Their ids."""
        return [one.external_id for one in self.customers]


def alike(session: Session, workspace_id: int, by: str, limit: int = 1000) -> list[Alike]:
    """Groups of customers with the same phone (or e-mail, small letters and large alike)."""
    address = Customer.phone if by == "phone" else func.lower(Customer.email)
    mine = Customer.workspace_id == workspace_id
    shared = (
        select(address)
        .where(mine, address.is_not(None), Customer.is_test.is_(False))
        .group_by(address)
        .having(func.count() > 1)
        .limit(limit)
    )
    rows = session.execute(
        select(address, Customer).where(mine, address.in_(shared)).order_by(Customer.id)
    )
    groups: dict[str, list[Customer]] = {}
    for found, customer in rows:
        groups.setdefault(found, []).append(customer)
    return [Alike(by, group) for group in groups.values()]


def merge_all(session: Session, group: Alike, now: datetime) -> int:
    """Merge a group into its oldest customer, in the caller's transaction; how many were."""
    kept, *others = group.customers
    return sum(merge(session, kept, other, now).merged for other in others)
