"""A database with a journey in it moves on to goals, and back."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, MetaData, create_engine, func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import migrate
from models.engine import make_engine, parse_url
from models.goal import ScoreGoal
from models.journey import Journey

AT = datetime(2026, 11, 1, tzinfo=UTC)
WORTH = {"point_value": 4000.0, "currency": "EUR"}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database at 0007 on each engine in turn, with a journey."""
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
    migrate.upgrade(engine, "0007")
    tables = MetaData()
    tables.reflect(engine)
    at = AT if engine.dialect.name == "postgresql" else AT.replace(tzinfo=None)
    with engine.begin() as connection:

        def add(table: str, **values: Any) -> None:
            connection.execute(tables.tables[table].insert().values(created_at=at, **values))

        company = {"company": "Shop", "default_region": "GB", "default_locale": "en"}
        looks = {"timezone": "UTC", "accent": "#000000", "quarantine_days": 30.0}
        add("workspaces", name="shop", **company, **looks)
        add("journeys", workspace_id=1, key="buying", name="Buying")


def _goal(**more: Any) -> ScoreGoal:
    return ScoreGoal(**{"workspace_id": 1, "journey_id": 1, "metric": "nps", **more}, updated_at=AT)


def test_a_journey_moves_on_and_goals_can_be_kept(old: Engine) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        session.add_all([_goal(target=40.0, **WORTH), _goal(metric="csat", benchmark=80.0)])
        session.commit()
        assert session.scalar(select(func.count(Journey.id))) == 1
        session.execute(text("DELETE FROM journeys"))
        session.commit()
        assert session.scalar(select(func.count(ScoreGoal.id))) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"metric": "joy"},
        {"metric": "nps"},
        {"metric": "ces", "point_value": 3.0},
        {"metric": "ces", "currency": "EUR"},
        {"metric": "ces", "point_value": 0.0, "currency": "EUR"},
    ],
)
def test_the_table_refuses_what_makes_no_sense(old: Engine, wrong: dict[str, Any]) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        session.add(_goal(target=40.0))
        session.commit()
        session.add(_goal(**wrong))
        with pytest.raises(IntegrityError):
            session.flush()


def test_it_moves_back_and_on_again(old: Engine) -> None:
    migrate.upgrade(old)
    with old.connect() as connection:
        command.downgrade(migrate.configuration(connection), "0007")
        connection.commit()
    assert "score_goals" not in inspect(old).get_table_names()
    migrate.upgrade(old)
    with Session(old) as session:
        assert session.scalar(select(func.count(Journey.id))) == 1
