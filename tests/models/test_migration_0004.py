"""A database with comments in it moves on to runs of emerging topics, and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from old_database import AT, Add, add_comment, add_shop, move_back
from shelf import Begin
from sqlalchemy import Connection, Engine, MetaData, inspect, text
from sqlalchemy.exc import IntegrityError

from models import migrate

TABLES = {"topic_runs", "topics", "topic_comments"}


@pytest.fixture
def old(begin: Begin) -> Engine:
    """A database at 0003 on each engine in turn, with a comment in it."""
    return begin.at("0003", _fill)


def _at(engine: Engine) -> datetime:
    return AT if engine.dialect.name == "postgresql" else AT.replace(tzinfo=None)


def _fill(add: Add) -> None:
    add_shop(add)
    add_comment(add, text="The lockers jam")


def _add(connection: Connection, table: str, **values: Any) -> None:
    tables = MetaData()
    tables.reflect(connection, only=[table])
    connection.execute(tables.tables[table].insert().values(**values))


def _run(engine: Engine, **changed: Any) -> None:
    months = [_at(engine).replace(month=month) for month in (8, 9, 10)]
    period = dict(zip(("before_at", "starts_at", "ends_at"), months, strict=True))
    counts = ("comments", "uncovered", "comments_before", "uncovered_before", "unread", "drawn")
    more = ("drawn_before", "done_rows", "total_rows", "attempts")
    values = {"workspace_id": 1, "origin": "page", "status": "queued", "settings": {}}
    values |= {**period, **dict.fromkeys((*counts, *more), 0), "created_at": _at(engine)}
    with engine.begin() as connection:
        _add(connection, "topic_runs", **{**values, **changed})


def test_history_moves_on_and_back(old: Engine) -> None:
    migrate.upgrade(old, "0004")
    assert set(inspect(old).get_table_names()) >= TABLES
    _run(old, id=1)
    with old.begin() as connection:
        shares = {"low": -0.1, "high": 0.2, "negative": 1, "neutral": 0, "positive": 0}
        counts = {"position": 0, "words": ["lockers"], "now": 1, "before": 0, "trend": "unsure"}
        _add(connection, "topics", id=1, workspace_id=1, run_id=1, **counts, **shares)
        _add(connection, "topic_comments", topic_id=1, comment_id=1, workspace_id=1, place=0)
    with old.begin() as connection:
        connection.execute(text("DELETE FROM comments"))
        left = connection.scalar(text("SELECT count(*) FROM topic_comments"))
        assert left == 0, "a comment that is erased leaves no trace"
    move_back(old, "0003")
    assert not set(inspect(old).get_table_names()) & TABLES
    with old.connect() as connection:
        assert connection.scalar(text("SELECT name FROM workspaces")) == "shop"


def test_the_tables_refuse_what_makes_no_sense(old: Engine) -> None:
    migrate.upgrade(old, "0004")
    _run(old, id=1)
    for wrong in (
        {"id": 2},
        {"id": 2, "status": "running"},
        {"id": 2, "status": "soon"},
        {"id": 2, "status": "failed"},
        {"id": 2, "status": "done"},
        {"id": 2, "status": "done", "model": "m", "finished_at": _at(old), "origin": "nobody"},
        {"id": 2, "starts_at": _at(old).replace(month=10)},
    ):
        with pytest.raises(IntegrityError):
            _run(old, **wrong)
    _run(old, id=2, status="done", model="m", finished_at=_at(old))
