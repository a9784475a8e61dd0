from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from feedback.jobs.lease import CLOCK, TTL, AdvisoryLease, RowLease, holder, make_right
from models.engine import make_engine
from models.job import Lease


def test_one_holds_the_right_and_the_other_waits(engine: Engine, now: datetime) -> None:
    first, second = make_right(engine, "a"), make_right(engine, "b")
    assert first.keep(now)
    assert not second.keep(now)
    assert first.keep(now + TTL / 2)
    with Session(engine) as session:
        assert holder(session, CLOCK, now + TTL) == "a"
    first.give_up()


def test_giving_up_lets_the_next_one_in_at_once(engine: Engine, now: datetime) -> None:
    first, second = make_right(engine, "a"), make_right(engine, "b")
    assert first.keep(now)
    first.give_up()
    assert second.keep(now)
    second.give_up()


def test_nobody_is_shown_as_holder_once_the_lease_ran_out(engine: Engine, now: datetime) -> None:
    right = make_right(engine, "a")
    right.keep(now)
    with Session(engine) as session:
        assert holder(session, CLOCK, now + TTL + timedelta(seconds=1)) is None
    right.give_up()


def test_a_dead_holder_is_replaced_after_its_lease_and_the_epoch_rises(
    sqlite_engine: Engine, now: datetime
) -> None:
    dead, living = RowLease(sqlite_engine, CLOCK, "a"), RowLease(sqlite_engine, CLOCK, "b")
    assert dead.keep(now)
    assert not living.keep(now + TTL / 2)
    assert living.keep(now + TTL)
    assert not dead.keep(now + TTL), "the dead one came back and must not win"
    with Session(sqlite_engine) as session:
        assert session.scalar(select(Lease.epoch)) == 2


def test_on_postgresql_the_right_ends_with_the_connection(postgres_url: str, now: datetime) -> None:
    first_engine, second_engine = make_engine(postgres_url), make_engine(postgres_url)
    first = AdvisoryLease(first_engine, CLOCK, "a")
    second = AdvisoryLease(second_engine, CLOCK, "b")
    assert first.keep(now) and not second.keep(now)
    with second_engine.connect() as connection:  # what a kill -9 does to its connection
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks "
                "WHERE locktype = 'advisory' AND granted AND database = "
                "(SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
    assert second.keep(now)
    assert not first.keep(now)
    second.give_up()
    first.give_up()
    first_engine.dispose()
    second_engine.dispose()
