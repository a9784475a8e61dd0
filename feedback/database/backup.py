"""A backup of the whole database to one file, taken while the program writes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL

from models.engine import parse_url
from models.errors import Conflict, InvalidInput, NotFound

SQLITE, DUMP = b"SQLite format 3\0", b"PGDMP"
_OWNER_ALONE = 0o600


def backup(url: str, file: Path) -> int:
    """Write a backup beside nothing else's name; its size in bytes.

    It shows one moment, whatever is written meanwhile, and appears under its name only once it
    is whole. It holds all personal data there is: its owner alone may read it.
    """
    if file.exists():
        raise Conflict(f"{file} is there already", mend="Give another name; nothing is overwritten")
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_EXCL, _OWNER_ALONE))
    try:
        parsed = parse_url(url)
        if parsed.get_backend_name() == "sqlite":
            _from_sqlite(parsed, part)
        else:
            run_postgres(
                "pg_dump", parsed, "--format=custom", "--no-owner", "--no-acl", f"--file={part}"
            )
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return file.stat().st_size


def _from_sqlite(url: URL, part: Path) -> None:
    """One step, in which readers and writers go on (WAL)."""
    path = Path(url.database or "")
    if not path.is_file():
        raise NotFound(f"there is no database {path}")
    where = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(where, uri=True)) as old, closing(sqlite3.connect(part)) as new:
        old.backup(new)
        # a file of its own: a WAL beside it might be left behind when it is carried away
        new.execute("PRAGMA journal_mode = DELETE")
    check(part)


def check(file: Path) -> None:
    """Raise `InvalidInput` unless a file of SQLite is whole, and Waymark's."""
    try:
        with closing(sqlite3.connect(file)) as opened:
            found = opened.execute("PRAGMA quick_check").fetchone()[0]
            known = opened.execute("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'")
            fine = found == "ok" and known.fetchone() is not None
    except sqlite3.DatabaseError:
        fine = False
    if not fine:
        raise InvalidInput(f"{file} is damaged, or no database of Waymark's")


def run_postgres(program: str, url: URL, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs; the password goes by its environment alone."""
    found = shutil.which(program)
    if found is None:
        raise NotFound(
            f"{program} is not on this machine",
            mend="Install postgresql-client, of the server's version or newer",
        )
    password = {"PGPASSWORD": url.password} if url.password else {}
    bare = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    command = [found, f"--dbname={bare}", *arguments]
    done = subprocess.run(  # noqa: S603 - the program and its arguments are ours
        command, env={**os.environ, **password}, stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().split("\n")[0]
        raise Conflict(f"{program} failed: {said}")
