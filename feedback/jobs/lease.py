"""Exactly one active clock: a row that its holder renews, by the database's time, with an epoch.

Whoever takes the row raises its epoch, and whatever a clock hands out it hands out in the
transaction that renews the row under the epoch it took. So a clock that was paused, or cut off,
finds itself deposed before it can hand anything out, whatever its own clock says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Interval, func, literal, or_, select, text, update
from sqlalchemy.orm import Session

from models.base import UTCDateTime
from models.job import Lease
from surveys.upsert import insert_for

CLOCK = "clock"
TTL = timedelta(seconds=5)
"""How long a right lasts without being renewed; it is renewed every second."""
LOCK_PATIENCE_MS = 2_000
"""How long a clock waits for another that is just renewing."""
_LIMITS = text(
    "SELECT set_config('lock_timeout', :patience, true), "
    "set_config('idle_in_transaction_session_timeout', :longest, true)"
)


def moment(dialect: str, ahead: timedelta = timedelta(0)) -> ColumnElement[Any]:
    """The database's own time, so far ahead; the time of now, not of the transaction's start."""
    seconds = ahead.total_seconds()
    if dialect == "postgresql":
        return func.clock_timestamp(type_=UTCDateTime()) + literal(ahead, Interval())
    # as SQLAlchemy writes a time there: with microseconds, where SQLite has milliseconds
    shifted = func.strftime("%Y-%m-%d %H:%M:%f", "now", f"{seconds:+.3f} seconds")
    return shifted.concat("000")


def holder(session: Session, name: str) -> str | None:
    """Who holds a lease now; None when nobody does."""
    living = Lease.expires_at > moment(session.get_bind().dialect.name)
    return session.scalar(select(Lease.holder).where(Lease.name == name, living))


@dataclass
class ClockLease:
    """The right to hand out, as this process holds it: `epoch` is None while it does not.

    `ttl` is how long it lasts without being renewed, the same for all who want it.
    """

    holder_name: str
    name: str = CLOCK
    ttl: timedelta = TTL
    epoch: int | None = field(default=None, init=False)

    def keep(self, connection: Connection) -> bool:
        """Renew the right, or take it where nobody living has it; False while somebody has.

        The row stays locked until the caller commits: nobody takes over in between. PostgreSQL
        ends the session of a holder that falls silent there, so that it holds up nobody.
        """
        if connection.dialect.name == "postgresql":
            longest = str(round(self.ttl.total_seconds() * 1000))
            connection.execute(_LIMITS, {"patience": str(LOCK_PATIENCE_MS), "longest": longest})
        return self.renew(connection) or self._take(connection)

    def renew(self, connection: Connection) -> bool:
        """Renew the right under the epoch it was taken with; False when it is another's."""
        if self.epoch is None:
            return False
        mine = (Lease.name == self.name) & (Lease.epoch == self.epoch)
        renewed = connection.execute(
            update(Lease)
            .where(mine, Lease.holder == self.holder_name)
            .values(expires_at=moment(connection.dialect.name, self.ttl))
        )
        if renewed.rowcount != 1:
            self.epoch = None
        return self.epoch is not None

    def _take(self, connection: Connection) -> bool:
        """Take a right that ran out; one that lasts longer than any was given is no right.

        That is what is left when the database's time was set back.
        """
        dialect = connection.dialect.name
        until = moment(dialect, self.ttl)
        over = Lease.expires_at <= moment(dialect)
        absurd = Lease.expires_at > moment(dialect, 2 * self.ttl)
        first = {"name": self.name, "holder": self.holder_name, "epoch": 1, "expires_at": until}
        taken = {"holder": self.holder_name, "epoch": Lease.epoch + 1, "expires_at": until}
        self.epoch = connection.scalar(
            insert_for(dialect, Lease)
            .values(**first)
            .on_conflict_do_update(index_elements=[Lease.name], set_=taken, where=or_(over, absurd))
            .returning(Lease.epoch)
        )
        return self.epoch is not None

    def give_up(self, connection: Connection) -> None:
        """Let the next one have it at once; the epoch goes on counting."""
        mine = (Lease.name == self.name) & (Lease.epoch == self.epoch)
        over = moment(connection.dialect.name, -self.ttl)
        connection.execute(update(Lease).where(mine).values(expires_at=over))
        self.epoch = None
