"""Pooled connections, of which a dead one is replaced unnoticed, and how results come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, Integer, LargeBinary, String, literal, select, text

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


@pytest.mark.postgres
def test_what_is_asked_for_as_bytes_comes_as_bytes(postgres: Engine) -> None:
    """The same values, and a statement beside it comes in letters as ever."""
    pack = bytes(range(256))
    query = select(literal(7, Integer), literal(pack, LargeBinary), literal("µ", String))
    with postgres.connect() as connection:
        plain = connection.execute(query)
        assert plain.cursor is not None and plain.cursor.description[1].type_code == 17
        packed = connection.execute(query, execution_options=engines.AS_BYTES)
        formats = [one.cursor.pgresult.fformat(1) for one in (plain, packed)]  # type: ignore[union-attr,attr-defined]
        assert [plain.all(), packed.all()] == [[(7, pack, "µ")]] * 2
    assert formats == [0, 1]
