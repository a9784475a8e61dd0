"""Decisions stay what they are and where they can be found; on PostgreSQL they lie in parts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from old_database import AT, Add, add_invitation, add_survey, move_back
from shelf import Begin
from sqlalchemy import Engine, text

from models import migrate

DUE = {"due_at": AT, "expires_at": AT, "status_at": AT}
TOLD = "SELECT id, outcome, decided_at FROM decisions ORDER BY id"


def _fill(add: Add) -> None:
    add_survey(add)
    add_invitation(add, status="scheduled")
    decided = {"workspace_id": 1, "invitation_id": 1, "detail": "", "facts": {"a": 1}}
    for outcome, days in (("wait", 0), ("wait", 40), ("ask", 4000)):
        add("decisions", **decided, outcome=outcome, decided_at=AT + timedelta(days=days))


@pytest.fixture
def old(begin: Begin) -> Engine:
    """A database at 0028 with decisions of two months, one of them taken by a clock gone wrong."""
    return begin.at("0028", _fill)


def _rows(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(TOLD))]


def _run(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_decisions_stay_there_and_back_and_new_ones_follow(old: Engine) -> None:
    before = _rows(old)
    migrate.upgrade(old, "0029")
    assert _rows(old) == before
    _run(
        old,
        "INSERT INTO decisions (workspace_id, invitation_id, outcome, detail, facts, decided_at) "
        "VALUES (1, 1, 'wait', '', '{}', '2099-01-01')",
    )
    assert [row[0] for row in _rows(old)] == [1, 2, 3, 4]
    move_back(old, "0028")
    assert [row[:2] for row in _rows(old)] == [*(row[:2] for row in before), (4, "wait")]
    migrate.upgrade(old, "0029")
    assert len(_rows(old)) == 4


def test_decisions_go_with_their_invitation(old: Engine) -> None:
    migrate.upgrade(old, "0029")
    _run(old, "DELETE FROM invitations")
    assert _rows(old) == []


def test_no_row_is_moved_on_postgres(old: Engine) -> None:
    if old.dialect.name == "sqlite":
        pytest.skip("SQLite knows no parts")
    file = "SELECT relfilenode FROM pg_class WHERE relname = '{}'"
    with old.connect() as connection:
        before = connection.scalar(text(file.format("decisions")))
    migrate.upgrade(old, "0029")
    with old.connect() as connection:
        assert connection.scalar(text(file.format("decisions_before"))) == before
        invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"
        assert connection.scalar(text(invalid)) == 0


def test_what_was_broken_off_is_begun_again(old: Engine) -> None:
    if old.dialect.name == "sqlite":
        pytest.skip("SQLite knows no parts")
    _run(old, "CREATE UNIQUE INDEX pk_decisions_before ON decisions (id, decided_at)")
    _run(old, "ALTER TABLE decisions ADD CONSTRAINT ck_decisions_before CHECK (id > 0)")
    migrate.upgrade(old, "0029")
    assert len(_rows(old)) == 3
