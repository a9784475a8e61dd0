from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from asking_world import World, asked_world
from sqlalchemy import text
from sqlalchemy.orm import Session

from feedback.retention import parts
from feedback.retention.forget import forget_next, owed
from models.engine import make_engine
from models.invitation import Decision
from models.retention import Retention
from models.workspace import Workspace


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    """A customer who was asked, on PostgreSQL, with all parts made that are wanted by now."""
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite knows no parts")
    made = asked_world(session, workspace)
    parts.make_ahead(session, datetime.now(UTC))
    return made


def _newest(session: Session) -> datetime:
    return max(parts.uppers(session).values())


def _part_of(session: Session, row: Decision) -> str:
    query = text("SELECT tableoid::regclass::text FROM decisions WHERE id = :id")
    return str(session.scalar(query, {"id": row.id}))


def _decided(world: World, at: datetime) -> Decision:
    (invitation,) = {row.invitation_id for row in world.rows(Decision)}
    whose = {"workspace_id": world.workspace.id, "invitation_id": invitation}
    return world.add(Decision(**whose, outcome="wait", facts={}, decided_at=at))


@pytest.mark.postgres
def test_a_decision_lies_in_the_part_of_its_month(world: World) -> None:
    newest = _newest(world.session)
    row = _decided(world, newest - timedelta(seconds=1))
    assert _part_of(world.session, row) == f"decisions_{parts.later(newest, -1):%Y_%m}"


@pytest.mark.postgres
def test_none_is_refused_and_a_part_made_later_takes_it_over(world: World) -> None:
    newest = _newest(world.session)
    row = _decided(world, newest + timedelta(days=1))
    assert _part_of(world.session, row) == "decisions_rest"
    assert owed(world.session, newest) is not None
    assert forget_next(world.session, newest) == parts.MONTHS_AHEAD + 1
    assert _part_of(world.session, row) == f"decisions_{newest:%Y_%m}"
    assert parts.missing(world.session, newest) == []


@pytest.mark.postgres
def test_a_part_goes_once_every_workspace_has_done_with_it(world: World) -> None:
    session, newest = world.session, _newest(world.session)
    row = _decided(world, newest - timedelta(days=1))
    part = _part_of(session, row)
    rule = world.add(Retention(workspace_id=world.workspace.id, decision_days=90))
    another = world.add(Workspace(name="other", company="Other", created_at=world.now))
    long_after = newest + timedelta(days=91)
    assert parts.drop_old(session, long_after) == 0
    world.add(Retention(workspace_id=another.id, decision_days=120))
    parts.drop_old(session, newest + timedelta(days=119))
    assert set(parts.uppers(session)) == {part}
    parts.drop_old(session, newest + timedelta(days=120))
    assert part not in parts.uppers(session)
    session.expunge(row)
    rule.decision_days = None
    session.commit()
    assert parts.drop_old(session, long_after + timedelta(days=500)) == 0


@pytest.mark.postgres
def test_a_table_that_is_held_is_left_for_tomorrow(world: World) -> None:
    session, newest = world.session, _newest(world.session)
    holder = make_engine(str(session.get_bind().engine.url.render_as_string(False)))
    with holder.begin() as connection:
        connection.execute(text("LOCK TABLE decisions IN ACCESS EXCLUSIVE MODE"))
        assert parts.make_ahead(session, newest, wait="50ms") == 0
    assert parts.make_ahead(session, newest) == parts.MONTHS_AHEAD + 1
    holder.dispose()


def test_sqlite_wants_no_parts(sqlite_session: Session) -> None:
    assert parts.make_ahead(sqlite_session, datetime.now(UTC)) == 0
    assert parts.drop_old(sqlite_session, datetime.now(UTC)) == 0
