"""`waymark consent`: what held for a number, for whom, and why."""

from __future__ import annotations

import pytest
from asking_world import NOW, PHONE, SENDER, World, asked_world
from sqlalchemy.orm import Session

from feedback.commands.consent import told
from models.workspace import Workspace


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return asked_world(session, workspace)


def lines(world: World) -> list[str]:
    return list(told(world.session, world.workspace, PHONE, SENDER, world.now))


def test_a_number_without_entries(world: World) -> None:
    assert lines(world) == [
        f"2026-11-18 12:00:00 UTC, for {SENDER}: Never said.",
        "  Nobody said yes or no, so that nothing is held back.",
        "Nothing was ever written down of this number.",
    ]


def test_what_held_and_what_led_to_it(world: World) -> None:
    world.later(minutes=5)
    world.says("Stop!")
    how = "for every workspace here, by the customer's own SMS: “Stop!”"
    because = f"2026-11-18 12:05:00 UTC withdrawn {how}"
    assert lines(world) == [
        f"2026-11-18 12:05:00 UTC, for {SENDER}: Withdrawn.",
        "  Nothing may be sent; only the customer's own START changes that.",
        f"  Because of: {because}",
        "Ledger:",
        f"  {because}",
    ]
    before = list(told(world.session, world.workspace, PHONE, SENDER, NOW))
    assert before[0] == f"2026-11-18 12:00:00 UTC, for {SENDER}: Never said."
