"""Core statements on a bare cursor: whose value goes where."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import pytest
from sqlalchemy import Table, bindparam, literal, update
from sqlalchemy.orm import Session

from models.workspace import Workspace
from surveys.prepared import Prepared

_W = cast(Table, Workspace.__table__)
RENAME = Prepared(
    lambda dialect: (
        update(_W)
        .where(_W.c.id == bindparam("id"))
        .values(company=literal("Renamed"), accent=bindparam("accent"))
    )
)


def _run(session: Session, given: dict[str, object]) -> int:
    driver = session.connection().connection
    return RENAME.run(driver.cursor(), session.connection().dialect, given)


def test_a_literal_is_never_taken_for_a_value_of_its_columns_name(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    given = {"id": workspace.id, "accent": "#112233", "company": "meant for another statement"}
    assert _run(session, given) == 1
    session.refresh(workspace)
    assert (workspace.company, workspace.accent) == ("Renamed", "#112233")


def test_a_missing_value_is_an_error_not_a_null(session: Session, workspace: Workspace) -> None:
    with pytest.raises(Exception, match="accent"):
        _run(session, {"id": workspace.id})
