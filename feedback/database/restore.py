"""A backup brought back into an empty place, without texting anybody twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, inspect, update
from sqlalchemy.engine import URL

from feedback.database.backup import DUMP, SQLITE, check, run_postgres
from models import migrate
from models.engine import make_engine, parse_url
from models.errors import Conflict, InvalidInput, NotFound
from models.invitation import Invitation
from models.message import Message
from models.status import InvitationStatus, MessageStatus


@dataclass(frozen=True, slots=True)
class Restored:
    """What may have been sent since the backup: messages to look up, invitations let go."""

    looked_up: int
    let_go: int


def restore(url: str, file: Path, now: datetime, *, ask_again: bool = False) -> Restored:
    """Bring a backup back into an empty place; raises `Conflict` where there is anything.

    What waited to be sent may have left after the backup: a message is looked up at the
    provider first, and an invitation that has fallen due since is let go, unless `ask_again`.
    """
    parsed = parse_url(url)
    kind = _kind(file)
    here = SQLITE if parsed.get_backend_name() == "sqlite" else DUMP
    if kind != here:
        names = {SQLITE: "SQLite", DUMP: "PostgreSQL"}
        raise InvalidInput(
            f"{file} is a backup of {names[kind]}, and the database is {names[here]}",
            mend="Restore it into its own kind, then `waymark db copy FROM_URL TO_URL`",
        )
    _refuse_what_is_there(url)
    if kind == SQLITE:
        _to_sqlite(parsed, file)
    else:
        run_postgres(
            "pg_restore", parsed, "--no-owner", "--no-acl", "--single-transaction", str(file)
        )
    return _settle(url, now, ask_again)


def _kind(file: Path) -> bytes:
    if not file.is_file():
        raise NotFound(f"there is no file {file}")
    with file.open("rb") as opened:
        begin = opened.read(16)
    for kind in (SQLITE, DUMP):
        if begin.startswith(kind):
            return kind
    raise InvalidInput(f"{file} is no backup", mend="Give a file that `waymark db backup` wrote")


def _refuse_what_is_there(url: str) -> None:
    path = Path(parse_url(url).database or "")
    if parse_url(url).get_backend_name() == "sqlite" and not path.exists():
        return
    engine = make_engine(url)
    there = inspect(engine).get_table_names()
    engine.dispose()
    if there:
        raise Conflict(
            f"the database is not empty: it has a table {sorted(there)[0]}",
            mend="Restore into a new one (DATABASE_URL, or WAYMARK_HOME); nothing is overwritten",
        )


def _to_sqlite(url: URL, file: Path) -> None:
    check(file)
    path = Path(url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as old, closing(sqlite3.connect(part)) as new:
        part.chmod(0o600)
        old.backup(new)
    part.rename(path)


def _settle(url: str, now: datetime, ask_again: bool) -> Restored:
    """Let go what may have been sent, and show the planner what is there."""
    engine = make_engine(url)
    with engine.begin() as connection:
        if migrate.current(connection) == ():
            raise InvalidInput("the backup is of no Waymark database")
        done = Restored(_look_up(connection), 0 if ask_again else _let_go(connection, now))
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()
    return done


def _look_up(connection: Connection) -> int:
    """Messages that waited: of unknown fate, as if a process had died while it sent them."""
    waited = (Message.status == MessageStatus.PENDING.value) & (Message.direction == "out")
    attempted = func.coalesce(Message.attempted_at, Message.created_at)
    unknown = {"status": MessageStatus.UNKNOWN.value, "attempted_at": attempted}
    return connection.execute(update(Message).where(waited).values(**unknown)).rowcount


def _let_go(connection: Connection, now: datetime) -> int:
    waited = (Invitation.status == InvitationStatus.SCHEDULED.value) & (Invitation.due_at <= now)
    expired = {"status": InvitationStatus.EXPIRED.value, "status_at": now}
    return connection.execute(update(Invitation).where(waited).values(**expired)).rowcount
