from __future__ import annotations

import stat
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from whole_databases import NOW, NewUrl, executed, scalar

from feedback.checkup import examine_statistics
from feedback.database.backup import backup
from feedback.database.copying import copy
from feedback.database.restore import restore
from models.engine import make_engine
from models.errors import Conflict, InvalidInput, NotFound

KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
USER = (
    "INSERT INTO users (workspace_id, email, password_hash, created_at) "
    "VALUES (1, 'a@b.example', 'x', '2026-11-01')"
)
_COPIED = (
    "INSERT INTO invitations (workspace_id, customer_id, survey_id, version_id, channel, token, "
    "status, due_at, expires_at, status_at, created_at) "
    "SELECT workspace_id, customer_id, survey_id, version_id, "
    "'sms', '{due}', 'scheduled', occurred_at, occurred_at, occurred_at, occurred_at "
    "FROM responses WHERE customer_id IS NOT NULL LIMIT 1"
)
_SET = "UPDATE invitations SET due_at = '2026-11-18 {due}:00' WHERE token = '{due}'"
PENDING = (
    "INSERT INTO messages (workspace_id, direction, kind, sender, address, body, segments, status, "
    "provider, priority, attempts, created_at, status_at) VALUES (1, 'out', 'question', "
    "'+447700900000', '+447700900001', 'Hi', 1, 'pending', 'twilio', 0, 0, "
    "'2026-11-18', '2026-11-18')"
)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def source(kind: str, history: str, own_history: str, new_url: NewUrl) -> str:
    """A history of its own on each engine in turn."""
    if kind == "sqlite":
        return own_history
    url = new_url(kind)
    copy(history, url, NOW, lambda table, done, *, of: None)
    return url


def _write(url: str, stopped: threading.Event, begun: threading.Event) -> None:
    """Write two tables in each transaction: a moment between them is in no backup."""
    engine = make_engine(url)
    while not stopped.is_set():
        with engine.begin() as connection:
            connection.execute(text("UPDATE survey_versions SET number = number + 1"))
            connection.execute(text("UPDATE users SET password_hash = password_hash || 'x'"))
        begun.set()
    engine.dispose()


def test_a_backup_taken_while_the_program_writes_is_one_moment(
    kind: str, source: str, nothing_there: NewUrl, tmp_path: Path
) -> None:
    executed(source, USER)
    executed(source, "UPDATE survey_versions SET number = 1")
    stopped, begun = threading.Event(), threading.Event()
    writer = threading.Thread(target=_write, args=(source, stopped, begun))
    writer.start()
    begun.wait(30)
    backup(source, tmp_path / "copy")
    stopped.set()
    writer.join()
    target = nothing_there(kind)
    restore(target, tmp_path / "copy", NOW)
    written = scalar(target, "SELECT max(number) FROM survey_versions")
    assert scalar(target, "SELECT length(password_hash) FROM users") == written > 1
    assert [one.words for one in examine_statistics(make_engine(target)) if not one.fine] == []


def test_what_may_have_been_sent_since_is_looked_up_or_let_go(
    kind: str, source: str, nothing_there: NewUrl, tmp_path: Path
) -> None:
    executed(source, PENDING)
    for due in ("12:30", "13:30"):
        executed(source, _COPIED.format(due=due))
        executed(source, _SET.format(due=due))
    backup(source, tmp_path / "copy")
    first = nothing_there(kind)
    done = restore(first, tmp_path / "copy", LATER)
    assert (done.looked_up, done.let_go) == (1, 1)
    assert scalar(first, "SELECT count(*) FROM messages WHERE status = 'unknown'") == 1
    assert scalar(first, "SELECT count(*) FROM invitations WHERE status = 'expired'") == 1
    assert scalar(first, "SELECT count(*) FROM invitations WHERE status = 'scheduled'") == 1
    if kind == "sqlite":
        again = restore(nothing_there(kind), tmp_path / "copy", LATER, ask_again=True)
        assert again.let_go == 0


def test_nothing_is_overwritten(source: str, tmp_path: Path) -> None:
    file = tmp_path / "copy"
    backup(source, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(Conflict, match="there already"):
        backup(source, file)
    with pytest.raises(Conflict, match="not empty"):
        restore(source, file, NOW)


def test_what_is_no_backup_is_refused(nothing_there: NewUrl, tmp_path: Path, history: str) -> None:
    target = nothing_there("sqlite")
    (tmp_path / "words").write_text("hello")
    (tmp_path / "dump").write_bytes(b"PGDMP....")
    (tmp_path / "cut").write_bytes(Path(history.removeprefix("sqlite:///")).read_bytes()[:50_000])
    for name, error, words in (
        ("words", InvalidInput, "is no backup"),
        ("dump", InvalidInput, "backup of PostgreSQL, and the database is SQLite"),
        ("cut", InvalidInput, "damaged"),
        ("none", NotFound, "there is no file"),
    ):
        with pytest.raises(error, match=words):
            restore(target, tmp_path / name, NOW)
    assert not Path(target.removeprefix("sqlite:///")).exists()
