"""Core statements on a bare cursor: whose value goes where."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from threading import Event
from typing import Any, cast

import pytest
from sqlalchemy import Select, Table, bindparam, literal, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from models.engine import make_engine
from models.workspace import Workspace
from surveys.prepared import Prepared

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
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


def test_in_a_session_a_driver_s_error_is_sqlalchemy_s(
    session: Session, workspace: Workspace
) -> None:
    twin = Prepared(lambda dialect: _W.insert().values(**_copied(workspace)))
    with pytest.raises(IntegrityError):
        twin.run_in(session, {})
    session.rollback()
    assert RENAME.run_in(session, {"id": workspace.id, "accent": "#112233"}) == 1


def _copied(workspace: Workspace) -> dict[str, object]:
    return {"id": workspace.id, "name": "other", "company": "Other", "created_at": NOW}


def test_what_a_session_held_back_is_written_before(session: Session, workspace: Workspace) -> None:
    workspace.company = "Later"
    assert RENAME.run_in(session, {"id": workspace.id, "accent": "#112233"}) == 1
    session.refresh(workspace)
    assert workspace.company == "Renamed"


@pytest.mark.postgres
def test_a_connection_that_broke_is_replaced_when_the_session_tries_again(
    postgres_url: str,
) -> None:
    engine = make_engine(postgres_url)
    with Session(engine) as session, engine.connect() as other:
        backend = session.scalar(text("SELECT pg_backend_pid()"))
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": backend})
        with pytest.raises(OperationalError):
            RENAME.run_in(session, {"id": 0, "accent": "#112233"})
        session.rollback()
        assert RENAME.run_in(session, {"id": 0, "accent": "#112233"}) == 0
    engine.dispose()


def test_on_a_connection_errors_are_sqlalchemy_s(session: Session, workspace: Workspace) -> None:
    bad = Prepared(lambda dialect: update(_W).values(company=None).returning(_W.c.id))
    with pytest.raises(IntegrityError):
        bad.rows(session.connection(), {})
    session.rollback()


def _same(statement: Select[Any], _dialect: str) -> Select[Any]:
    return statement


@pytest.mark.postgres
def test_a_plan_is_not_kept_where_it_is_to_be_made_anew(postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    with engine.connect() as connection:
        for anew, company in ((True, "often planned"), (False, "planned once")):
            said = select(literal(company))
            one = Prepared(partial(_same, said), anew=anew)
            for _ in range(8):
                assert one.rows(connection, {}) == [(company,)]
        kept = connection.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar()
    engine.dispose()
    assert kept == 1


def test_threads_that_want_a_statement_at_once_have_it_compiled_once(
    session: Session, workspace: Workspace
) -> None:
    another, made = Event(), list[str]()

    def make(dialect: str) -> Select[Any]:
        made.append(dialect)
        if len(made) > 1:
            another.set()
        another.wait(0.2)  # whoever does not wait for the first comes in meanwhile
        return select(_W.c.company)

    statement, engine = Prepared(make), session.get_bind()
    session.commit()

    def company(_: int) -> object:
        with Session(engine) as own:
            return statement.first_in(own, {})

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(company, range(4))) == [[workspace.company]] * 4
    assert made == [engine.dialect.name]
