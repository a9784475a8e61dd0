"""Prices are a workspace's own, and its typographic signs are replaced only where it says so."""

from __future__ import annotations

from datetime import datetime

import pytest
from asking_world import World
from sqlalchemy.orm import Session

from models.workspace import Workspace
from surveys.outbox import Draft, put
from surveys.prices import Price, prices_of, set_prices

CURLY = "It\u2019s one question \u2013 how was it?"


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return World(session, workspace)


def draft(world: World, body: str, step: str = "x") -> Draft:
    return Draft(world.workspace.id, "help", "in:1", step, "+44770", "+44771", body, "fake")


def test_a_message_goes_out_as_it_is_written_unless_the_workspace_asks(
    world: World, now: datetime
) -> None:
    put(world.session, draft(world, CURLY, "1"), now)
    world.workspace.smart_encoding = True
    world.session.flush()
    put(world.session, draft(world, CURLY, "2"), now)
    put(world.session, draft(world, f"{CURLY} \U0001f642", "3"), now)
    bodies = [message.body for message in world.outbound()]
    assert bodies == [CURLY, "It's one question - how was it?", f"{CURLY} \U0001f642"]


def test_segments_are_counted_of_what_is_sent(world: World, now: datetime) -> None:
    world.workspace.smart_encoding = True
    world.session.flush()
    put(world.session, draft(world, CURLY * 3), now)
    (message,) = world.outbound()
    assert len(message.body) > 70 and message.segments == 1


def test_prices_are_replaced_as_a_whole(world: World, now: datetime) -> None:
    session, mine = world.session, world.workspace.id
    assert prices_of(session, mine) == []
    wanted = [Price("44", 0.0463, "GBP"), Price("1", 0.0079, "USD")]
    assert set_prices(session, mine, wanted, now)
    assert prices_of(session, mine) == sorted(wanted, key=lambda one: one.prefix)
    assert not set_prices(session, mine, wanted, now)
    assert set_prices(session, mine, wanted[:1], now)
    assert prices_of(session, mine) == wanted[:1]


def test_another_workspaces_prices_are_not_mine(
    world: World, make_workspace: object, now: datetime
) -> None:
    other = make_workspace(world.session, name="other", sender="+447700900111")  # type: ignore[operator]
    set_prices(world.session, world.workspace.id, [Price("44", 1.0, "GBP")], now)
    assert prices_of(world.session, other.id) == []
    set_prices(world.session, other.id, [], now)
    assert len(prices_of(world.session, world.workspace.id)) == 1
