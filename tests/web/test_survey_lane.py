"""The survey page's own connections: used again, replaced when dead, closed with the engine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select, text

from models.engine import PING_AFTER, make_engine
from models.workspace import Workspace
from surveys.pages.lane import lane
from surveys.prepared import Prepared

COMPANY = Prepared(lambda dialect: select(Workspace.__table__.c.company))


def test_a_connection_is_used_again(engine: Engine) -> None:
    with lane(engine) as first:
        pass
    with lane(engine) as second:
        assert second is first


def test_two_requests_at_once_have_one_each(engine: Engine) -> None:
    with lane(engine) as first, lane(engine) as second:
        assert first.connection is not second.connection


def test_a_connection_serves_whichever_thread_asks(engine: Engine, workspace: Workspace) -> None:
    def read() -> list[object] | None:
        with lane(engine) as opened:
            return opened.first(COMPANY, {})

    here = read()
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(read).result() == here == [workspace.company]


def test_what_failed_leaves_nothing_behind(engine: Engine, workspace: Workspace) -> None:
    with pytest.raises(ZeroDivisionError), lane(engine) as opened:
        if not opened.one_statement:
            opened.cursor.execute("UPDATE workspaces SET company = 'lost'")
        raise ZeroDivisionError
    with lane(engine) as opened:
        assert opened.first(COMPANY, {}) == [workspace.company]


def test_a_disposed_engine_closes_them(engine: Engine) -> None:
    with lane(engine) as first:
        pass
    engine.dispose()
    with lane(engine) as second:
        assert second is not first


@pytest.mark.postgres
def test_a_dead_connection_is_replaced_after_a_rest(postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    with lane(engine) as first:
        number = first.connection.info.backend_pid
    with engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
    first.left_at -= PING_AFTER
    with lane(engine) as second:
        assert second is not first and second.alive()
    engine.dispose()
