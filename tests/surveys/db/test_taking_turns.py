"""A workspace with a great backlog delays nobody else's, and what rests is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from asking_world import MakeWorkspace, World
from sqlalchemy import delete, event, insert, select, update
from sqlalchemy.orm import Session

from feedback import comment_claims, listening
from feedback.jobs import due
from models.invitation import Invitation
from models.message import Message
from models.reading import Comment
from models.survey import SurveyVersion
from models.workspace import Workspace
from surveys import firing
from surveys.delivery import fire_due, send_pending
from surveys.in_line import held_up
from surveys.pauses import EVERY, pause, resume
from surveys.taking_turns import in_turn, oldest, take

MANY = 1_000


@pytest.fixture
def busy(session: Session, make_workspace: MakeWorkspace, now: datetime) -> World:
    """A workspace with a thousand invitations due since an hour."""
    world = World(session, make_workspace(session, "busy"))
    customer, survey = world.customer(), world.survey()
    invites(world, customer.id, survey.id, now - timedelta(hours=1), MANY)
    return world


@pytest.fixture
def quiet(session: Session, make_workspace: MakeWorkspace, now: datetime) -> World:
    """Another, with a single invitation due right now."""
    world = World(session, make_workspace(session, "quiet", sender="+447700900009"))
    customer, survey = world.customer("+447700900555"), world.survey()
    invites(world, customer.id, survey.id, now, 1)
    return world


def invites(world: World, customer_id: int, survey_id: int, due_at: datetime, many: int) -> None:
    version = world.session.scalar(
        select(SurveyVersion.id).where(SurveyVersion.survey_id == survey_id)
    )
    about = {"workspace_id": world.workspace.id, "customer_id": customer_id}
    times = {"expires_at": due_at + timedelta(days=7), "status_at": due_at, "created_at": due_at}
    rows = [
        {
            **about,
            **times,
            "survey_id": survey_id,
            "version_id": version,
            "channel": "sms",
            "token": f"{world.workspace.name}{number}",
            "status": "scheduled",
            "due_at": due_at + timedelta(milliseconds=number),
        }
        for number in range(many)
    ]
    world.session.execute(insert(Invitation), rows)
    world.session.commit()


def owners(session: Session, ids: list[int]) -> dict[str, int]:
    names = session.scalars(
        select(Workspace.name)
        .join(Invitation, Invitation.workspace_id == Workspace.id)
        .where(Invitation.id.in_(ids))
    ).all()
    return {name: names.count(name) for name in set(names)}


def test_anothers_invitation_is_in_the_first_batch(busy: World, quiet: World) -> None:
    taken = take(busy.session, firing.DUE, quiet.now, 200)
    assert owners(busy.session, taken) == {"busy": 100, "quiet": 1}


def test_a_workspace_alone_has_the_whole_batch_and_what_fits_needs_no_turns(
    busy: World, now: datetime
) -> None:
    assert len(take(busy.session, firing.DUE, now, 200)) == 200
    assert len(take(busy.session, firing.DUE, now, 5_000)) == MANY


def test_more_workspaces_than_places_each_have_a_chance(
    busy: World, quiet: World, now: datetime
) -> None:
    one = take(busy.session, firing.DUE, now, 1)
    busy.session.rollback()
    drawn = {tuple(owners(busy.session, take(busy.session, firing.DUE, now, 1))) for _ in range(60)}
    assert len(one) == 1 and drawn == {("busy",), ("quiet",)}


def test_what_a_look_reads_does_not_grow_with_the_backlog(
    busy: World, quiet: World, now: datetime
) -> None:
    """SQLite and PostgreSQL both find each workspace's first rows by an index."""
    postgres = busy.session.get_bind().dialect.name == "postgresql"
    plan = "EXPLAIN " if postgres else "EXPLAIN QUERY PLAN "
    seen: list[tuple[str, object]] = []
    connection = busy.session.connection()

    def note(conn: object, cursor: object, sql: str, values: object, *_: object) -> None:
        if sql.startswith("SELECT") and "invitations" in sql:
            seen.append((sql, values))

    event.listen(connection, "before_cursor_execute", note)
    in_turn(busy.session, firing.DUE, now)
    oldest(busy.session, firing.DUE, now)
    take(busy.session, firing.DUE, now, 200)
    event.remove(connection, "before_cursor_execute", note)
    assert len(seen) >= 5
    if postgres:
        connection.exec_driver_sql("ANALYZE invitations")
    for sql, values in seen:
        told = " ".join(str(row) for row in connection.exec_driver_sql(plan + sql, values))  # type: ignore[arg-type]
        assert "ix_invitations_" in told and "Seq Scan on invitations" not in told, told
        assert "SCAN invitations" not in told, told
        # not by everybody's index, of which a small workspace's rows are the last
        assert "workspaces" not in sql or "ix_invitations_turns" in told, told


def test_a_workspace_that_rests_is_left_alone_until_it_goes_on(
    busy: World, quiet: World, now: datetime
) -> None:
    session = busy.session
    pause(session, "fire", busy.workspace.id, now)
    assert owners(session, take(session, firing.DUE, now, 200)) == {"quiet": 1}
    assert due.KINDS["fire"](session, now) == now
    pause(session, EVERY, quiet.workspace.id, now)
    assert take(session, firing.DUE, now, 200) == []
    assert due.KINDS["fire"](session, now) is None
    assert resume(session, "fire", busy.workspace.id)
    assert not resume(session, "fire", busy.workspace.id)
    assert owners(session, take(session, firing.DUE, now, 200)) == {"busy": 200}


@pytest.fixture
def shared_sender(busy: World, quiet: World, now: datetime) -> Iterator[None]:
    """Both text from one number; the busy one has a backlog and the quiet one a single message."""
    for world, many in ((busy, 600), (quiet, 1)):
        about = {"workspace_id": world.workspace.id, "direction": "out", "kind": "invitation"}
        rows = [
            {
                **about,
                "sender": "+447700900000",
                "address": f"+4477001{number:05d}",
                "body": "How did it go?",
                "segments": 1,
                "status": "pending",
                "provider": "fake",
                "priority": 5,
                "attempts": 0,
                "created_at": now,
                "status_at": now,
            }
            for number in range(many)
        ]
        world.session.execute(insert(Message), rows)
    busy.session.commit()
    yield


def test_workspaces_that_share_a_sender_take_turns_on_it(
    busy: World, quiet: World, shared_sender: None
) -> None:
    busy.session.execute(update(Invitation).values(status="sent"))
    busy.session.commit()
    busy.session.execute(
        update(Message)
        .where(Message.workspace_id == busy.workspace.id, Message.id % 300 == 0)
        .values(priority=0)
    )
    busy.session.commit()
    send_pending(busy.session, busy.services, busy.now, 50)
    left = [message.message_id for message in busy.gateway.phone]
    theirs = busy.session.scalars(
        select(Message.id).where(Message.workspace_id == quiet.workspace.id)
    ).one()
    assert theirs in left, "it left with the first fifty of six hundred"
    replies = busy.session.scalars(select(Message.id).where(Message.priority == 0)).all()
    assert set(left[: len(replies)]) == set(replies), "replies go before all"


def test_answers_and_comments_of_another_are_in_the_first_batch(
    session: Session, busy: World, quiet: World, now: datetime
) -> None:
    session.execute(update(Invitation).values(status="sent"))
    add_comments(session, busy.workspace.id, 40, now)
    add_comments(session, quiet.workspace.id, 1, now)
    taken = take(session, comment_claims.WAITING, now, 10)
    found = session.scalars(select(Comment.workspace_id).where(Comment.id.in_(taken))).all()
    assert sorted(found) == [busy.workspace.id] * 5 + [quiet.workspace.id]
    assert take(session, listening.UNSCORED, now, 5) == []


def add_comments(session: Session, workspace_id: int, many: int, now: datetime) -> None:
    rows = [
        {
            "workspace_id": workspace_id,
            "attached_by": "import",
            "source": "import",
            "external_id": str(number),
            "text": "late",
            "text_hash": "h",
            "occurred_at": now,
            "created_at": now,
            "read_state": "waiting",
        }
        for number in range(many)
    ]
    session.execute(insert(Comment), rows)
    session.commit()


def test_a_workspace_whose_messages_do_not_leave_writes_no_more_and_goes_on_by_itself(
    busy: World, quiet: World, shared_sender: None
) -> None:
    soon, later = busy.now + timedelta(seconds=30), busy.now + timedelta(seconds=90)
    assert held_up(busy.session, soon) == frozenset()
    busy.session.execute(delete(Message).where(Message.workspace_id == quiet.workspace.id))
    assert held_up(busy.session, later) == {busy.workspace.id}
    fire_due(busy.session, busy.services, later, 50)
    held = busy.session.scalars(
        select(Invitation.workspace_id).where(Invitation.status != "scheduled")
    ).all()
    assert set(held) == {quiet.workspace.id}, "the other one is asked meanwhile"
    busy.session.execute(update(Message).values(status="sent"))
    busy.session.commit()
    assert fire_due(busy.session, busy.services, later, 50) == 50
