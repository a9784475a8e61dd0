"""Exactly one active clock: a PostgreSQL advisory lock, or a row with an expiry on SQLite."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import Connection, Engine, case, delete, or_, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models.job import Lease
from surveys.upsert import insert_for

log = structlog.get_logger(__name__)

CLOCK = "clock"
TTL = timedelta(seconds=6)
_LOCK_KEY = 0x57434C4B


class Right(Protocol):
    """A right that one process holds at a time."""

    def keep(self, now: datetime) -> bool:
        """Take the right or renew it; False while somebody else has it."""

    def give_up(self) -> None:
        """Let the next one have it at once."""


def _claim(connection: Connection, name: str, holder_name: str, now: datetime, force: bool) -> bool:
    """Write the lease row unless a living other holds it; every change of hands raises epoch."""
    row = {"name": name, "holder": holder_name, "epoch": 1, "expires_at": now + TTL}
    free = or_(Lease.holder == holder_name, Lease.expires_at <= now)
    changes_hands = case((Lease.holder == holder_name, 0), else_=1)
    statement = (
        insert_for(connection.dialect.name, Lease)
        .values(**row)
        .on_conflict_do_update(
            index_elements=[Lease.name],
            set_={
                "holder": holder_name,
                "expires_at": now + TTL,
                "epoch": Lease.epoch + changes_hands,
            },
            where=None if force else free,
        )
        .returning(Lease.name)
    )
    return connection.execute(statement).first() is not None


def holder(session: Session, name: str, now: datetime) -> str | None:
    """Who holds a lease now; None when nobody does."""
    return session.scalar(select(Lease.holder).where(Lease.name == name, Lease.expires_at > now))


@dataclass
class RowLease:
    """The right as a row that its holder renews and anybody may take once it has expired."""

    engine: Engine
    name: str
    holder_name: str

    def keep(self, now: datetime) -> bool:
        """Take or renew by one guarded upsert."""
        with self.engine.begin() as connection:
            return _claim(connection, self.name, self.holder_name, now, force=False)

    def give_up(self) -> None:
        """Delete the row if it is ours."""
        mine = (Lease.name == self.name) & (Lease.holder == self.holder_name)
        with self.engine.begin() as connection:
            connection.execute(delete(Lease).where(mine))


@dataclass
class AdvisoryLease:
    """The right as a PostgreSQL session lock: it ends with the connection, however that ends.

    The row is written too, so that other processes can see who holds the right.
    """

    engine: Engine
    name: str
    holder_name: str
    _connection: Connection | None = field(default=None, repr=False)

    def keep(self, now: datetime) -> bool:
        """True while our connection holds the lock."""
        try:
            if self._connection is None and not self._lock():
                return False
            assert self._connection is not None
            _claim(self._connection, self.name, self.holder_name, now, force=True)
        except SQLAlchemyError as error:
            log.warning("lease_lost", name=self.name, reason=str(error))
            self._drop()
            return False
        return True

    def give_up(self) -> None:
        """Close the connection, and with it the lock; take the row away."""
        self._drop()
        RowLease(self.engine, self.name, self.holder_name).give_up()

    def _lock(self) -> bool:
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        locked = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK_KEY})
        if not locked:
            connection.close()
            return False
        self._connection = connection
        return True

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def make_right(engine: Engine, holder_name: str, name: str = CLOCK) -> Right:
    """The kind of lease that fits the database."""
    kind = AdvisoryLease if engine.dialect.name == "postgresql" else RowLease
    return kind(engine, name, holder_name)
