"""Pooled connections: one that died while it lay idle is replaced unnoticed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from models import engine as engines


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Engine]:
    made = engines.make_engine(postgres_url)
    yield made
    made.dispose()


@pytest.mark.postgres
def test_a_connection_that_died_while_idle_is_replaced(postgres: Engine, postgres_url: str) -> None:
    pooled = postgres.raw_connection()
    record, driver = pooled._connection_record, pooled.driver_connection
    pooled.close()
    assert record is not None and driver is not None
    other = engines.make_engine(postgres_url)
    with other.connect() as connection:
        kill = text("SELECT pg_terminate_backend(:number)")
        connection.execute(kill, {"number": driver.info.backend_pid})
    other.dispose()
    record.info["left_at"] -= engines.PING_AFTER
    with postgres.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
