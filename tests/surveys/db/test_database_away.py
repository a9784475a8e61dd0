"""A webhook that meets a broken connection is done again on a fresh one, and counts once."""

from __future__ import annotations

from itertools import count

import pytest
from asking_world import NOW, PHONE, SENDER, World, asked_world
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from models.message import Message
from models.workspace import Workspace
from surveys.inbound import Inbound, Received, receive
from surveys.persisting import PATIENCE_SECONDS, persist


def replied(world: World) -> Inbound:
    return Inbound("fake", "IN-once", SENDER, PHONE, "9")


def heard(engine: Engine) -> list[str]:
    with Session(engine) as fresh:
        return [row.body for row in fresh.query(Message).filter_by(direction="in")]


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return asked_world(session, workspace)


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_connection_that_was_cut_while_it_lay_in_the_pool(world: World, engine: Engine) -> None:
    with Session(engine) as used, engine.connect() as other:
        pid = used.scalar(text("SELECT pg_backend_pid()"))
        used.rollback()
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        # younger than what is asked whether it lives: the first statement meets the dead one
        taken = persist(used, lambda one: receive(one, world.services, replied(world), NOW))
    assert taken.kind == "reply"
    assert heard(engine) == ["9"]


def test_a_connection_that_breaks_once_the_commit_is_done(world: World, engine: Engine) -> None:
    tries = count(1)

    def work(session: Session) -> Received:
        received = receive(session, world.services, replied(world), NOW)
        if next(tries) == 1:
            raise OperationalError("COMMIT", None, Exception("cut off"))
        return received

    with Session(engine) as used:
        taken = persist(used, work)
    assert (taken.kind, taken.replay) == ("reply", True)
    assert heard(engine) == ["9"]
    with Session(engine) as fresh:
        out = fresh.query(Message).filter_by(direction="out").count()
    assert out == 2, "the next question is written once"


def test_a_database_that_is_away_is_waited_for_but_not_for_ever(sqlite_session: Session) -> None:
    time, tries = [0.0], count(1)

    def wait(seconds: float) -> None:
        time[0] += seconds

    def work(session: Session) -> int:
        number = next(tries)
        if time[0] < 4:
            raise OperationalError("SELECT", None, Exception("starting up"))
        return number

    clock = lambda: time[0]  # noqa: E731
    assert persist(sqlite_session, work, wait=wait, clock=clock) > 4
    time[0] = -100.0
    with pytest.raises(OperationalError):
        persist(sqlite_session, work, wait=wait, clock=clock)
    assert -100 + PATIENCE_SECONDS - 1 < time[0] <= -100 + PATIENCE_SECONDS


def test_what_is_wrong_with_the_work_itself_is_not_tried_again(sqlite_session: Session) -> None:
    tries = count(1)

    def work(session: Session) -> int:
        next(tries)
        raise IntegrityError("INSERT", None, Exception("twice"))

    with pytest.raises(IntegrityError):
        persist(sqlite_session, work, wait=lambda seconds: None)
    assert next(tries) == 2
