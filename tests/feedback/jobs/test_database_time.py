from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from feedback.jobs.database_time import SKEWED, DatabaseTime
from models.engine import make_engine


def test_on_postgresql_a_machine_with_a_wrong_clock_goes_by_the_databases(
    postgres_url: str,
) -> None:
    engine = make_engine(postgres_url)
    steady = [100.0]
    now = DatabaseTime(engine, lambda: datetime.now(UTC) + timedelta(hours=3), lambda: steady[0])
    asked = now()
    assert abs(asked - datetime.now(UTC)) < timedelta(minutes=1)
    assert now.skew() > timedelta(hours=2) > SKEWED
    steady[0] += 90
    assert now() - asked == timedelta(seconds=90), "between two looks only what passed counts"
    engine.dispose()


def test_where_the_database_is_away_the_time_goes_on() -> None:
    steady = [0.0]
    here = datetime(2026, 11, 18, 12, tzinfo=UTC)
    gone = make_engine("postgresql://127.0.0.1:1/nowhere")
    now = DatabaseTime(gone, lambda: here, lambda: steady[0])
    steady[0] = 5.0
    now.refresh()
    assert now() == here + timedelta(seconds=5)


def test_sqlite_has_no_time_of_its_own(sqlite_engine: Engine) -> None:
    here = datetime(2026, 11, 18, 12, tzinfo=UTC)
    assert DatabaseTime(sqlite_engine, lambda: here, lambda: 7.0)() == here
