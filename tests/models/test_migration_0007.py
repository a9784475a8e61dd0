"""A database with a history moves on to the additive statistics: it is marked, not counted."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, MetaData, create_engine, func, inspect, select, text
from sqlalchemy.orm import Session

from models import marking, migrate
from models.customer import Customer
from models.engine import make_engine, parse_url
from models.marked import names
from models.reading import Comment, Mention
from models.statistics import StatisticCell, StatisticMark

AT = datetime(2026, 10, 3, 23, 30, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database at 0006 on each engine in turn, with a comment at a touchpoint."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'old.db'}")
        _fill(engine)
        yield engine
        engine.dispose()
        return
    server_url = parse_url(request.getfixturevalue("postgres_url"))
    server = create_engine(server_url, isolation_level="AUTOCOMMIT")
    name = f"waymark_test_{secrets.token_hex(4)}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = make_engine(server_url.set(database=name).render_as_string(hide_password=False))
    _fill(engine)
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def _fill(engine: Engine) -> None:
    """Rows as the program before wrote them: by the tables of its own time."""
    migrate.upgrade(engine, "0006")
    tables = MetaData()
    tables.reflect(engine)
    at = AT if engine.dialect.name == "postgresql" else AT.replace(tzinfo=None)

    def add(table: str, **values: Any) -> None:
        columns = tables.tables[table].columns
        dated = {"created_at": at} if "created_at" in columns else {}
        connection.execute(tables.tables[table].insert().values(**dated, **values))

    company = {"name": "shop", "company": "Shop", "default_region": "GB", "default_locale": "en"}
    with engine.begin() as connection:
        add("workspaces", **company, timezone="UTC", accent="#000000", quarantine_days=30.0)
        add("journeys", workspace_id=1, key="buying", name="Buying")
        add("stages", workspace_id=1, journey_id=1, key="after", name="After", position=0)
        point = {"key": "delivery", "name": "Delivery", "position": 0}
        add("touchpoints", workspace_id=1, stage_id=1, **point)
        words = {"external_id": "1", "text": "late", "text_hash": "h", "occurred_at": at}
        placed = {"touchpoint_id": 1, "attached_by": "import", "source": "import"}
        add("comments", workspace_id=1, **placed, **words, read_state="waiting")


def marks(session: Session) -> list[tuple[int | None, str | None, int | None]]:
    columns = (StatisticMark.touchpoint_id, StatisticMark.hour, StatisticMark.customer_id)
    return [tuple(row) for row in session.execute(select(*columns).distinct())]


def test_the_history_is_marked_and_nothing_is_counted(old: Engine) -> None:
    migrate.upgrade(old, "0007")
    with Session(old) as session:
        assert marks(session) == [(None, None, None)]
        assert session.scalar(select(func.count()).select_from(StatisticCell)) == 0
        assert marking.missing(session.connection()) == []


def test_every_change_marks_its_place(old: Engine) -> None:
    migrate.upgrade(old)
    place = (1, "2026-10-03 23", None)
    with Session(old) as session:
        session.execute(text("DELETE FROM statistic_marks"))
        said = {"start": 0, "end": 4, "theme": "speed", "sentiment": "negative"}
        session.add(Mention(workspace_id=1, comment_id=1, sentiment_score=-0.5, **said))
        session.commit()
        assert marks(session) == [place]
        session.execute(text("DELETE FROM statistic_marks"))
        session.execute(text("UPDATE comments SET text = 'later', claimed_until = NULL"))
        session.commit()
        assert marks(session) == []
        session.execute(text("UPDATE comments SET touchpoint_id = NULL"))
        session.commit()
        assert marks(session) == [place]
        session.execute(text("DELETE FROM statistic_marks"))
        new = {"external_id": "c", "attributes": {}, "created_at": AT, "updated_at": AT}
        session.add(Customer(workspace_id=1, **new))
        session.commit()
        assert marks(session) == [(None, None, 1)]
        session.execute(text("DELETE FROM workspaces"))
        session.commit()
        assert session.scalar(select(func.count(Comment.id))) == 0


def test_it_moves_back_and_on_again(old: Engine) -> None:
    migrate.upgrade(old)
    with old.connect() as connection:
        command.downgrade(migrate.configuration(connection), "0006")
        connection.commit()
        assert marking.missing(connection) == names()
    assert "statistic_cells" not in inspect(old).get_table_names()
    migrate.upgrade(old)
    with Session(old) as session:
        assert session.scalar(select(func.count(Comment.id))) == 1
