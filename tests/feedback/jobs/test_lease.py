from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, select, text, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from feedback.jobs.clock import Clock
from feedback.jobs.lease import CLOCK, TTL, ClockLease, holder, moment
from models.engine import make_engine
from models.job import Lease, Task
from models.message import Message
from models.workspace import Workspace


def keep(engine: Engine, lease: ClockLease) -> bool:
    with engine.begin() as connection:
        return lease.keep(connection)


def runs_out(engine: Engine) -> None:
    """As if nobody had renewed the right for its whole length."""
    with engine.begin() as connection:
        over = moment(engine.dialect.name, timedelta(milliseconds=-1))
        connection.execute(update(Lease).values(expires_at=over))


def row(engine: Engine) -> tuple[str, int]:
    with Session(engine) as session:
        found = session.scalars(select(Lease)).one()
        return found.holder, found.epoch


def test_one_holds_the_right_and_the_other_waits(engine: Engine) -> None:
    first, second = ClockLease("a"), ClockLease("b")
    assert keep(engine, first)
    assert not keep(engine, second)
    assert keep(engine, first)
    with Session(engine) as session:
        assert holder(session, CLOCK) == "a"


def test_giving_up_lets_the_next_one_in_at_once_under_a_new_epoch(engine: Engine) -> None:
    first, second = ClockLease("a"), ClockLease("b")
    assert keep(engine, first)
    with engine.begin() as connection:
        first.give_up(connection)
    assert keep(engine, second)
    assert row(engine) == ("b", 2)
    assert not keep(engine, first)


def test_nobody_is_shown_as_holder_once_the_lease_ran_out(engine: Engine) -> None:
    keep(engine, ClockLease("a"))
    runs_out(engine)
    with Session(engine) as session:
        assert holder(session, CLOCK) is None


def test_a_dead_holder_is_replaced_and_comes_back_in_vain(engine: Engine) -> None:
    dead, living = ClockLease("a"), ClockLease("b")
    assert keep(engine, dead)
    runs_out(engine)
    assert keep(engine, living)
    assert not keep(engine, dead), "it was paused, and must not win"
    assert row(engine) == ("b", 2)


def test_a_holder_nobody_replaced_goes_on_after_a_pause(engine: Engine) -> None:
    paused = ClockLease("a")
    keep(engine, paused)
    runs_out(engine)
    assert keep(engine, paused)
    assert row(engine) == ("a", 1)


def test_a_process_of_the_same_name_is_another(engine: Engine) -> None:
    """After a restart in a container host and process id are those of before."""
    keep(engine, ClockLease("a"))
    assert not keep(engine, ClockLease("a"))


def test_a_lease_longer_than_any_is_what_a_clock_left_that_was_set_back(engine: Engine) -> None:
    keep(engine, ClockLease("a"))
    with engine.begin() as connection:
        tomorrow = moment(engine.dialect.name, timedelta(days=1))
        connection.execute(update(Lease).values(expires_at=tomorrow))
    assert keep(engine, ClockLease("b"))


def test_a_right_lasts_as_long_as_it_says_by_the_databases_time(engine: Engine) -> None:
    keep(engine, ClockLease("a"))
    with Session(engine) as session:
        dialect = engine.dialect.name
        soon, late = TTL - timedelta(seconds=2), TTL + timedelta(seconds=1)
        lasts = select(Lease.expires_at > moment(dialect, soon))
        ends = select(Lease.expires_at < moment(dialect, late))
        assert session.scalar(lasts) and session.scalar(ends)


@pytest.fixture
def owed(session: Session, workspace: Workspace, now: datetime) -> Message:
    """A message that waits to be sent."""
    about = {"workspace_id": workspace.id, "direction": "out", "kind": "question"}
    message = Message(
        **about,
        sender="+447700900000",
        address="+447700900001",
        body="How did it go?",
        status="pending",
        provider="simulator",
        created_at=now,
        status_at=now,
    )
    session.add(message)
    session.commit()
    return message


def sends(engine: Engine) -> int:
    with Session(engine) as session:
        return len(session.scalars(select(Task).where(Task.kind == "send")).all())


def test_whoever_is_deposed_while_it_looks_hands_nothing_out(
    engine: Engine, owed: Message, now: datetime
) -> None:
    """It reads what is due, is paused, another takes over; then it goes on."""
    other = Clock(engine, lambda: now, ClockLease("b"))

    def paused() -> datetime:
        runs_out(engine)
        assert other.tick() > 0 and other.active
        finish(engine)
        return now

    first = Clock(engine, paused, ClockLease("a"))
    assert first.tick() == 0 and not first.active
    assert sends(engine) == 0, "the other's were done, and nobody hands them out again"


def finish(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM tasks"))


def test_clocks_that_are_hours_apart_never_both_hand_out(
    engine: Engine, owed: Message, now: datetime
) -> None:
    ahead = Clock(engine, lambda: now + timedelta(hours=5), ClockLease("ahead"))
    behind = Clock(engine, lambda: now + timedelta(seconds=1), ClockLease("behind"))
    assert behind.tick() > 0
    finish(engine)
    assert ahead.tick() == 0 and not ahead.active
    assert behind.tick() > 0 and behind.active
    runs_out(engine)
    assert ahead.tick() == 0 and ahead.active, "it takes over, and finds all handed out"
    finish(engine)
    assert behind.tick() == 0 and not behind.active


@contextmanager
def silent_holder(url: str, lease: ClockLease) -> Iterator[Connection]:
    """A clock that is paused, or cut off, while it holds the row."""
    engine = make_engine(url)
    connection = engine.connect()
    assert lease.keep(connection)
    try:
        yield connection
    finally:
        connection.invalidate()
        connection.close()
        engine.dispose()


def test_a_holder_that_falls_silent_inside_its_transaction_holds_up_nobody(
    postgres_url: str,
) -> None:
    soon = timedelta(milliseconds=300)
    engine = make_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM leases"))
    paused = ClockLease("paused", ttl=soon)
    assert keep(engine, paused)
    with silent_holder(postgres_url, paused) as connection:
        runs_out_meanwhile = ClockLease("living", ttl=soon)
        with engine.begin() as living:
            living.execute(text("SELECT pg_sleep(0.4)"))
            assert runs_out_meanwhile.keep(living), "PostgreSQL ended the silent one's session"
        with pytest.raises(SQLAlchemyError):
            connection.execute(select(Lease))
    assert not keep(engine, paused)
    engine.dispose()


def test_a_clock_says_that_its_database_is_away_and_does_not_die(now: datetime) -> None:
    gone = make_engine("postgresql://127.0.0.1:1/nowhere")
    clock = Clock(gone, lambda: now, ClockLease("a"))
    assert clock.tick() == 0 and not clock.active
    clock.stop()
    with pytest.raises(OperationalError):
        keep(gone, clock.lease)
