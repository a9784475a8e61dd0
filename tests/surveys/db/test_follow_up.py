"""Receipts that never come are asked for at the provider, a few times, and then given up on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asking_world import World, asked_world
from sqlalchemy.orm import Session

from feedback.jobs import asking
from feedback.pages.inbox_words import fate
from models.message import Message
from models.workspace import Workspace
from surveys.channels.gateway import Found
from surveys.explanation import explanation
from surveys.follow_up import follow_up
from surveys.overdue import WAITS
from surveys.receipts import apply_status


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return asked_world(session, workspace)


def sent(world: World) -> Message:
    (row,) = world.outbound()
    return row


def look(world: World) -> int:
    follow_up(world.session, world.services, world.now)
    return len(world.gateway.asked)


def test_nobody_is_asked_before_a_receipt_is_overdue(world: World) -> None:
    assert asking.follow_up(world.session, world.later(minutes=4)) is None
    assert look(world) == 0
    world.later(minutes=2)
    assert asking.follow_up(world.session, world.now) is not None
    assert look(world) == 1


def test_what_the_provider_says_moves_a_message_as_its_receipt_would(world: World) -> None:
    row = sent(world)
    world.gateway.says_of[str(row.provider_id)] = Found(str(row.provider_id), "delivered")
    world.later(minutes=6)
    look(world)
    row = sent(world)
    assert (row.status, row.follow_at, row.status_at) == ("delivered", None, world.now)
    assert world.invitation(row.invitation_id or 0).status == "delivered"
    late = (world.session, "fake", str(row.provider_id), "sent", None, world.now)
    assert not apply_status(*late), "the receipt comes after all"
    assert sent(world).status == "delivered"


def test_what_did_not_arrive_leads_to_what_a_receipt_of_it_leads_to(world: World) -> None:
    row = sent(world)
    world.gateway.says_of[str(row.provider_id)] = Found(
        str(row.provider_id), "undelivered", "30005"
    )
    world.later(minutes=6)
    look(world)
    row = sent(world)
    assert (row.status, row.error_code) == ("undelivered", "30005")
    assert world.invitation(row.invitation_id or 0).status == "failed"


def test_a_message_is_asked_about_a_few_times_and_then_said_to_be_silent(world: World) -> None:
    row = sent(world)
    world.gateway.says_of[str(row.provider_id)] = Found(str(row.provider_id), "sent")
    for place, wait in enumerate(WAITS, 1):
        world.later(seconds=wait.total_seconds() + 1)
        assert look(world) == place
        assert sent(world).status == "sent"
    world.later(days=30)
    assert look(world) == len(WAITS)
    row = sent(world)
    assert (row.asked, row.follow_at) == (len(WAITS), None)
    assert fate(row) == "Sent: no receipt ever came"
    told = "\n".join(explanation(world.session, row.invitation_id or 0, world.now))
    assert "no receipt ever came" in told


def test_a_receipt_that_comes_ends_the_asking(world: World) -> None:
    row = sent(world)
    apply_status(world.session, "fake", str(row.provider_id), "delivered", None, world.now)
    world.later(days=1)
    assert look(world) == 0
    assert sent(world).follow_at is None


def test_a_provider_that_does_not_answer_costs_no_try(world: World) -> None:
    row = sent(world)
    world.gateway.says_of[str(row.provider_id)] = Found(str(row.provider_id), "sent")
    world.gateway.unavailable = True
    world.later(minutes=6)
    assert look(world) == 1
    assert sent(world).asked == 0
    assert look(world) == 1, "it is left alone for a while"
    world.gateway.unavailable = False
    world.later(minutes=6)
    assert look(world) == 2
    assert sent(world).asked == 1


def test_what_the_provider_keeps_no_more_is_asked_about_once(world: World) -> None:
    world.later(minutes=6)
    assert look(world) == 1
    world.later(days=2)
    assert look(world) == 1
    assert fate(sent(world)).endswith("no receipt ever came")


def test_batches_are_handed_out_at_a_pace(world: World) -> None:
    for number in range(4):
        world.happens(world.customer(phone=f"+4477009003{number:02d}"))
    world.ask()
    world.later(minutes=6)
    follow_up(world.session, world.services, world.now, limit=3)
    assert len(world.gateway.asked) == 3
    follow_up(world.session, world.services, world.now, limit=3)
    assert len(world.gateway.asked) == 5
    assert len(set(world.gateway.asked)) == 5
    assert sum(WAITS, timedelta()) < timedelta(hours=18)
