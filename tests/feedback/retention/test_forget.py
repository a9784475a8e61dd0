from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from asking_world import World, asked_world
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.retention import forget
from feedback.retention.forget import apply_now, forget_next, owed, would_go
from feedback.retention.kinds import KINDS, REMOVED
from models.event import Event
from models.invitation import Decision, Invitation
from models.message import Message
from models.response import Answer
from models.retention import Retention
from models.statistics import StatisticMark
from models.status import MessageStatus
from models.workspace import Workspace
from surveys.explanation import explanation

LATER = timedelta(days=100)
ALL = {"decision_days": 90, "event_days": 90, "message_days": 90}


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    """A customer who was asked because of an event and answered, and another who did things."""
    made = asked_world(session, workspace)
    made.says("9")
    other = made.customer(phone="+447700900777")
    for _ in range(3):
        made.event(other, name="seen")
    return made


def _rule(world: World, **days: int) -> Retention:
    return world.add(Retention(workspace_id=world.workspace.id, **days))


def _count(world: World, model: Any) -> int:
    return world.session.scalar(select(func.count()).select_from(model)) or 0


def _all(world: World, now: datetime, step: int = forget.STEP) -> int:
    done = 0
    while looked := forget_next(world.session, now, step):
        done += looked
    return done


def test_old_rows_go_and_what_hangs_on_an_answer_stays(world: World) -> None:
    _rule(world, **ALL)
    marks = _count(world, StatisticMark)
    (invitation,) = world.rows(Invitation)
    _all(world, world.now + LATER)
    assert _count(world, Decision) == 0
    assert [event.name for event in world.rows(Event)] == ["delivered"]
    assert {message.body for message in world.rows(Message)} == {REMOVED}
    assert world.answers() == {"score": 9}
    assert _count(world, StatisticMark) == marks
    story = explanation(world.session, invitation.id, world.now + LATER)
    assert any("delivered" in line for line in story)


def test_nothing_goes_before_its_time(world: World) -> None:
    _rule(world, **ALL)
    before = [_count(world, model) for model in (Decision, Event)]
    _all(world, world.now + timedelta(days=89))
    assert [_count(world, model) for model in (Decision, Event)] == before
    assert REMOVED not in {message.body for message in world.rows(Message)}


def test_without_a_rule_all_is_kept(world: World) -> None:
    _rule(world, event_days=90)
    _all(world, world.now + LATER)
    assert _count(world, Event) == 1
    assert _count(world, Decision) == 1
    assert REMOVED not in {message.body for message in world.rows(Message)}


def test_one_workspace_forgets_for_itself_alone(world: World, make_workspace: Any) -> None:
    other = World(world.session, make_workspace(world.session, "other"))
    other.event(other.customer())
    _rule(world, **ALL)
    _all(world, world.now + LATER)
    assert [event.workspace_id for event in world.rows(Event)] == [
        world.workspace.id,
        other.workspace.id,
    ]


def test_a_message_under_way_keeps_its_words(world: World) -> None:
    _rule(world, message_days=90)
    waiting = world.outbound()[-1]
    waiting.status = MessageStatus.PENDING.value
    world.session.commit()
    _all(world, world.now + LATER)
    kept = [message.id for message in world.rows(Message) if message.body != REMOVED]
    assert kept == [waiting.id]


def test_batches_go_on_where_they_were_stopped(world: World) -> None:
    rule = _rule(world, event_days=90)
    now = world.now + LATER
    assert forget_next(world.session, now, step=1) >= 1
    reached = rule.event_cursor
    assert reached == min(event.id for event in world.rows(Event))
    _all(world, now, step=1)
    assert rule.event_cursor > reached
    assert _count(world, Event) == 1


def test_it_is_owed_once_a_day(world: World) -> None:
    _all(world, world.now)
    assert owed(world.session, world.now) is None
    _rule(world, **ALL)
    assert owed(world.session, world.now) is not None
    _all(world, world.now)
    assert owed(world.session, world.now + timedelta(hours=23)) is None
    assert owed(world.session, world.now + timedelta(days=1)) is not None


def test_counting_before_tells_what_goes(world: World) -> None:
    rule = _rule(world, **ALL)
    now = world.now + LATER
    told = {kind.name: rows for kind, rows in would_go(world.session, rule, now)}
    messages = _count(world, Message)
    assert told == {"decision": 1, "event": 3, "message": messages}
    apply_now(world.session, rule, now)
    assert dict.fromkeys(KINDS, 0) == {
        kind.name: rows for kind, rows in would_go(world.session, rule, now)
    }
    assert _count(world, Answer) == 1
