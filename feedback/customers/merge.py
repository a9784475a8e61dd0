"""Two customers that prove to be one person become one, with nothing lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from feedback.customers import stricter, tables
from feedback.customers.tables import COLUMN, Fate
from models.customer import Customer
from models.errors import InvalidInput, NotFound
from models.intake import CustomerAlias
from models.statistics import StatisticMark
from surveys.upsert import insert_into

_FIELDS = ("phone", "email", "locale", "timezone")


@dataclass(frozen=True)
class Merged:
    """What a merging did; `moved` counts rows by table. Nothing where they were one already."""

    kept: str
    merged: bool
    moved: dict[str, int] = field(default_factory=dict)
    withdrawn: int = 0


def find(session: Session, workspace_id: int, external_id: str) -> Customer | None:
    """The customer with this id of its own, or of one that was merged into it."""
    mine = select(Customer).where(Customer.workspace_id == workspace_id)
    own = session.scalar(mine.where(Customer.external_id == external_id))
    if own is not None:
        return own
    alias = select(CustomerAlias.customer_id).where(
        CustomerAlias.workspace_id == workspace_id, CustomerAlias.external_id == external_id
    )
    return session.scalar(mine.where(Customer.id.in_(alias)))


def link(session: Session, workspace_id: int, other: str, own: str, now: datetime) -> Merged:
    """Make `other` a further id of the customer `own`, who is made where there is none.

    Where `other` is a customer already, the two are merged. In the caller's transaction; done
    again, it changes nothing.
    """
    if other == own:
        return Merged(own, merged=False)
    kept = find(session, workspace_id, own) or _make(session, workspace_id, own, now)
    gone = find(session, workspace_id, other)
    if gone is None:
        _alias(session, workspace_id, other, kept.id, now)
        return Merged(kept.external_id, merged=False)
    return merge(session, kept, gone, now)


def merge_named(session: Session, workspace_id: int, kept: str, gone: str, now: datetime) -> Merged:
    """Merge the customer `gone` into `kept`; both must be known."""
    found = {one: find(session, workspace_id, one) for one in (kept, gone)}
    for name, customer in found.items():
        if customer is None:
            raise NotFound(f"there is no customer {name!r}", field="CUSTOMER")
    keeper, goer = found[kept], found[gone]
    assert keeper is not None and goer is not None
    return merge(session, keeper, goer, now)


def merge(session: Session, kept: Customer, gone: Customer, now: datetime) -> Merged:
    """Move all that is `gone`'s to `kept`, in the caller's transaction; `gone` lives on as an id.

    Invitations of both count for quarantine from then on, a withdrawal of either holds for all
    addresses of the two, and what `kept` doesn't say of itself is taken from `gone`.
    """
    if kept.id == gone.id:
        return Merged(kept.external_id, merged=False)
    if kept.workspace_id != gone.workspace_id:
        raise InvalidInput("belong to two workspaces", field="CUSTOMER", mend="Name two of one.")
    _lock(session, kept, gone)
    addresses = [one for of in (kept, gone) for one in (of.phone, of.email) if one]
    moved = _move(session, kept.id, gone.id)
    _alias(session, kept.workspace_id, gone.external_id, kept.id, now)
    _fill(kept, gone, now)
    session.expunge(gone)
    session.execute(delete(Customer).where(Customer.id == gone.id))
    session.add(StatisticMark(workspace_id=kept.workspace_id, customer_id=kept.id))
    session.flush()
    added = stricter.withdraw_alike(
        session, kept.workspace_id, kept.id, list(dict.fromkeys(addresses)), now
    )
    return Merged(kept.external_id, merged=True, moved=moved, withdrawn=added)


def _lock(session: Session, kept: Customer, gone: Customer) -> None:
    """Nobody adds a row to either meanwhile; always in one order, so that none wait in a circle."""
    session.flush()
    ids = (kept.id, gone.id)
    rows = select(Customer).where(Customer.id.in_(ids)).order_by(Customer.id).with_for_update()
    found = session.scalars(rows.execution_options(populate_existing=True)).all()
    if len(found) != len(ids):
        raise NotFound("one of the two was merged meanwhile", field="CUSTOMER", mend="Try again.")


def _move(session: Session, kept: int, gone: int) -> dict[str, int]:
    moved: dict[str, int] = {}
    for table in tables.named():
        mine = table.columns[COLUMN] == gone
        if tables.fate(table) is Fate.DROP:
            session.execute(table.delete().where(mine))
            continue
        _part(session, table, kept, gone)
        done = session.connection().execute(table.update().where(mine).values({COLUMN: kept}))
        if done.rowcount:
            moved[table.name] = done.rowcount
    # what was read before is not what stands there now
    session.expire_all()
    return moved


def _part(session: Session, table: Table, kept: int, gone: int) -> None:
    """Take what both have out of the way of each other."""
    fate = tables.fate(table)
    if fate is Fate.YIELD:
        session.execute(table.delete().where(tables.both_have(table, kept, gone)))
    elif fate is Fate.UNTIE:
        session.execute(
            table.update().where(tables.both_have(table, kept, gone)).values(period=None)
        )


def _alias(session: Session, workspace_id: int, other: str, kept: int, now: datetime) -> None:
    values = {"workspace_id": workspace_id, "external_id": other, "customer_id": kept}
    insert = insert_into(session, CustomerAlias).values(**values, created_at=now)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["workspace_id", "external_id"], set_={"customer_id": kept}
        )
    )


def _fill(kept: Customer, gone: Customer, now: datetime) -> None:
    for name in _FIELDS:
        if getattr(kept, name) is None:
            setattr(kept, name, getattr(gone, name))
    kept.attributes = {**gone.attributes, **kept.attributes}
    kept.created_at = min(kept.created_at, gone.created_at)
    kept.updated_at = now


def _make(session: Session, workspace_id: int, external_id: str, now: datetime) -> Customer:
    """The customer of this id, made; a rival who makes it at the same time makes it for both."""
    values = {"workspace_id": workspace_id, "external_id": external_id, "attributes": {}}
    insert = insert_into(session, Customer).values(
        **values, is_test=False, created_at=now, updated_at=now
    )
    session.execute(insert.on_conflict_do_nothing())
    made = find(session, workspace_id, external_id)
    assert made is not None
    return made
