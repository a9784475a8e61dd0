"""Experiments of a configuration: drafted, changed while drafts, and named where they are wrong."""

from __future__ import annotations

from typing import Any

import pytest
from asking_world import NOW, World
from sqlalchemy.orm import Session

from feedback.configuration.apply import apply
from feedback.configuration.problems import ConfigurationError
from feedback.experiments.life import find, start
from models.invitation import Invitation
from models.survey import Trigger
from models.workspace import Workspace

VARIANTS: list[dict[str, Any]] = [{"key": "as_now"}, {"key": "sooner", "delay": "1 hour"}]


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    made = World(session, workspace)
    made.trigger(made.survey(), key="after", delay_seconds=86_400)
    return made


def configured(world: World, **changes: Any) -> list[str]:
    wanted = {"key": "trial", "trigger": "after", "variants": VARIANTS, **changes}
    lines = apply(world.session, world.workspace, {"experiments": [wanted]}, NOW)
    world.session.commit()
    return lines


def test_a_draft_is_made_changed_and_left_alone(world: World) -> None:
    assert configured(world) == [
        "experiment trial: drafted; `waymark experiment start trial` begins it"
    ]
    assert configured(world) == []
    assert configured(world, variants=[*VARIANTS, {"key": "late", "hour": "18:00"}]) == [
        "experiment trial: changed"
    ]
    found = find(world.session, world.workspace.id, "trial")
    assert [(one.key, one.delay_seconds, one.hour) for one in found.variants] == [
        ("as_now", None, None),
        ("sooner", 3600, None),
        ("late", None, 18),
    ]


def test_what_runs_keeps_its_variants(world: World) -> None:
    configured(world)
    start(world.session, find(world.session, world.workspace.id, "trial"), NOW)
    assert configured(world) == []
    with pytest.raises(ConfigurationError, match="has been started"):
        configured(world, variants=[*VARIANTS, {"key": "late"}])


def test_customers_are_asked_as_their_variant_has_it(world: World) -> None:
    configured(world)
    here, session = world.workspace.id, world.session
    world.happens(world.customer("+447700900100"))
    start(session, find(session, here, "trial"), NOW)
    for number in range(101, 113):
        world.happens(world.customer(f"+4477009001{number % 100:02d}"))
    variants = {one.id: one.key for one in find(session, here, "trial").variants}
    asked = [
        (variants.get(one.variant_id or 0), (one.due_at - NOW).total_seconds())
        for one in world.rows(Invitation)
    ]
    assert asked[0] == (None, 86_400)
    assert set(asked[1:]) == {("as_now", 86_400), ("sooner", 3600)}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"trigger": "nothing"}, "there is no trigger 'nothing'"),
        ({"variants": [{"key": "a"}]}, "variants"),
        ({"variants": [{"key": "a"}, {"key": "a"}]}, "'a' is used twice"),
        ({"variants": [{"key": "a"}, {"key": "b", "survey": "none"}]}, "there is no survey 'none'"),
        ({"variants": [{"key": "a"}, {"key": "b", "hour": 24}]}, "hour"),
        ({"variants": [{"key": "a"}, {"key": "b", "delay": "-2h"}]}, "below zero"),
        ({"variants": [{"key": "a"}, {"key": "b", "channel": "fax"}]}, "channel"),
    ],
)
def test_what_is_wrong_is_named(world: World, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        configured(world, **changes)


def test_only_triggers_of_events_are_tried(world: World) -> None:
    trigger = world.rows(Trigger)[0]
    trigger.kind = "recurring"
    world.session.commit()
    with pytest.raises(ConfigurationError, match="waits for no event"):
        configured(world)
