from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from whole_databases import NOW, NewUrl, executed, scalar

from feedback.checkup import examine_statistics
from feedback.cli import group
from feedback.database.copying import copy
from models.engine import make_engine
from models.errors import Conflict, InvalidInput, NotFound

postgres = pytest.mark.postgres


def _silent(table: str, done: int, *, of: int) -> None:
    pass


def _report(url: str, home: Path) -> object:
    """The pain points of a database, by the program's own command."""
    environment = {
        **{"DATABASE_URL": url, "WAYMARK_HOME": str(home)},
        **{"SECRET_KEY": "s" * 40, "PUBLIC_URL": "https://ask.example"},
    }
    asked = ["report", "pain-points", "--workspace", "shop", "--json"]
    done = CliRunner().invoke(group, asked, env=environment)
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def _made(url: str) -> set[str]:
    """Every index, constraint and trigger of a database of PostgreSQL, in its words."""
    queries = (
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT conrelid::regclass || conname || pg_get_constraintdef(oid) FROM pg_constraint",
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    )
    with make_engine(url).connect() as connection:
        return {str(one) for query in queries for one in connection.scalars(text(query))}


@postgres
def test_there_and_back_everything_is_the_same(
    history: str, nothing_there: NewUrl, new_url: NewUrl, tmp_path: Path
) -> None:
    there, back = nothing_there("postgres"), new_url("sqlite")
    first = copy(history, there, NOW, _silent)
    idle = make_engine(there)
    with idle.connect(), pytest.raises(Conflict, match="1 other connections"):
        copy(there, back, NOW, _silent)
    idle.dispose()
    second = copy(there, back, NOW, _silent)
    assert first.sums["mentions"].rows > 50
    assert first == second
    reports = [_report(url, tmp_path) for url in (history, there, back)]
    assert reports[0] == reports[1] == reports[2]
    for url in (there, back):
        assert [one.words for one in examine_statistics(make_engine(url)) if not one.fine] == []


@postgres
def test_indexes_and_references_are_there_again(history: str, new_url: NewUrl) -> None:
    target = new_url("postgres")
    before = _made(target)
    copy(history, target, NOW, _silent, bare_from=100)
    assert _made(target) == before
    assert len(before) > 300


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=postgres)])
def test_ids_go_on_after_the_last_that_was_given(
    kind: str, own_history: str, new_url: NewUrl
) -> None:
    source = own_history
    executed(source, "INSERT INTO statistic_marks (id, workspace_id) VALUES (9000, 1)")
    executed(source, "DELETE FROM statistic_marks")
    target = new_url(kind)
    copy(source, target, NOW, _silent)
    executed(target, "INSERT INTO statistic_marks (workspace_id) VALUES (1)")
    assert scalar(target, "SELECT max(id) FROM statistic_marks") == 9001


def test_a_target_that_is_not_empty_is_refused(history: str, new_url: NewUrl) -> None:
    target = new_url("sqlite")
    copy(history, target, NOW, _silent)
    with pytest.raises(Conflict, match="not empty"):
        copy(history, target, NOW, _silent)


def test_a_target_of_somebody_else_is_left_alone(history: str, nothing_there: NewUrl) -> None:
    target = nothing_there("sqlite")
    executed(target, "CREATE TABLE users (name TEXT)")
    with pytest.raises(Conflict, match="users that is not Waymark's"):
        copy(history, target, NOW, _silent)


def test_a_source_at_work_is_refused(own_history: str, new_url: NewUrl) -> None:
    source = own_history
    until = NOW + timedelta(seconds=5)
    with make_engine(source).begin() as connection:
        connection.execute(
            text("INSERT INTO leases VALUES ('clock', 'host:1', 1, :until)"),
            {"until": until.replace(tzinfo=None)},
        )
    with pytest.raises(Conflict, match="a clock is at work on the source"):
        copy(source, new_url("sqlite"), NOW, _silent)
    copy(source, new_url("sqlite"), until, _silent)


def test_an_older_source_is_to_be_migrated_first(own_history: str, new_url: NewUrl) -> None:
    executed(own_history, "UPDATE alembic_version SET version_num = '0018'")
    with pytest.raises(Conflict, match="db upgrade"):
        copy(own_history, new_url("sqlite"), NOW, _silent)


def test_a_source_that_is_not_there_is_not_made(nothing_there: NewUrl, new_url: NewUrl) -> None:
    with pytest.raises(NotFound):
        copy(nothing_there("sqlite"), new_url("sqlite"), NOW, _silent)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=postgres)])
def test_what_was_written_meanwhile_stops_the_copy_and_the_target_stays_empty(
    kind: str, own_history: str, new_url: NewUrl
) -> None:
    source, target = own_history, new_url(kind)

    def write_once(table: str, done: int, *, of: int) -> None:
        if table == "comments":
            executed(source, "UPDATE workspaces SET company = company || '!'")

    with pytest.raises(Conflict, match="written to the source"):
        copy(source, target, NOW, write_once)
    assert scalar(target, "SELECT count(*) FROM workspaces") == 0
    copy(source, target, NOW, _silent)


@postgres
def test_a_row_that_the_target_refuses_is_named(own_history: str, new_url: NewUrl) -> None:
    source, target = own_history, new_url("postgres")
    executed(source, "UPDATE workspaces SET company = 'a' || char(0)")
    with pytest.raises(InvalidInput, match="workspaces 1: company holds a zero character"):
        copy(source, target, NOW, _silent)
    executed(source, f"UPDATE workspaces SET company = '{'x' * 81}'")
    with pytest.raises(InvalidInput, match="company holds 81 characters of at most 80"):
        copy(source, target, NOW, _silent)
    assert scalar(target, "SELECT count(*) FROM workspaces") == 0


def test_rows_that_changed_on_their_way_take_all_back(history: str, new_url: NewUrl) -> None:
    target = new_url("sqlite")
    changed = "UPDATE comments SET question = 'another' WHERE id = new.id"
    executed(target, f"CREATE TRIGGER spoil AFTER INSERT ON comments BEGIN {changed}; END")
    with pytest.raises(Conflict, match="comments: "):
        copy(history, target, NOW, _silent)
    assert scalar(target, "SELECT count(*) FROM comments") == 0
    executed(target, "DROP TRIGGER spoil")
    copy(history, target, NOW, _silent)
