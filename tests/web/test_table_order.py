"""The order of the long lists, on both engines: every key, both ways, page by page and whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from web_seed import seed

from feedback.app import make_services
from feedback.pages import invitation_list, response_list
from feedback.pages.paging import batches
from feedback.pages.sorting import read_sort
from feedback.settings import load

LISTS: tuple[tuple[ModuleType, Callable[[int], Any]], ...] = (
    (response_list, response_list.response_rows),
    (invitation_list, invitation_list.invitation_rows),
)
SHOWN = {"customer": "customer", "where": "touchpoint", "survey": "survey", "when": "updated_at"}


@pytest.fixture
def workspace_id(session: Session, tmp_path: Path, now: datetime) -> int:
    settings = load({"WAYMARK_HOME": str(tmp_path), "PUBLIC_URL": "http://shop.example"})
    return seed(session, make_services(settings), now, responses=40).workspace_id


def _ordered(room: ModuleType, statement: Any, asked: str) -> Any:
    with Flask("lists").test_request_context(f"/?sort={asked}"):
        return room.in_order(statement, read_sort(room.KEYS))


def test_every_key_sorts_every_row_both_ways(session: Session, workspace_id: int) -> None:
    for room, rows_of in LISTS:
        everything = {row.id for row in session.execute(rows_of(workspace_id))}
        assert len(everything) >= 4
        for key in (one.removeprefix("-") for one in room.KEYS):
            for asked in (key, f"-{key}"):
                statement = _ordered(room, rows_of(workspace_id), asked)
                rows = session.execute(statement).all()
                assert {row.id for row in rows} == everything and len(rows) == len(everything)
                if key in SHOWN:
                    values = [getattr(row, SHOWN[key]) for row in rows]
                    known = [one for one in values if one is not None]
                    assert None not in values[: len(known)]
                    assert known[0] == (max(known) if asked.startswith("-") else min(known))


def test_a_whole_list_comes_in_batches_while_others_are_read(
    session: Session, workspace_id: int
) -> None:
    statement = _ordered(response_list, response_list.response_rows(workspace_id), "feeling")
    wanted = [row.id for row in session.execute(statement)]
    found: list[int] = []
    for rows in batches(session, statement, 7):
        assert len(rows) <= 7
        session.execute(response_list.response_rows(workspace_id).limit(1)).all()
        found += [row.id for row in rows]
    assert found == wanted and len(found) > 3 * 7
