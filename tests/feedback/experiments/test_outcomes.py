"""What came of an experiment, counted from rows on both engines."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from asking_world import NOW, World, make_experiment
from sqlalchemy.orm import Session

from feedback.experiments.life import find, start, stop, take_over
from feedback.experiments.outcomes import Outcome, outcomes
from feedback.listening import listen
from models.customer import Consent
from models.errors import Conflict, InvalidInput, NotFound
from models.experiment import Experiment, Variant
from models.invitation import Invitation
from models.survey import Trigger
from models.workspace import Workspace
from surveys.windows import opens_at, read_window

UTC_ZONE = ZoneInfo("UTC")
LATER = NOW + timedelta(days=30)


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return World(session, workspace)


@pytest.fixture
def experiment(world: World) -> Experiment:
    return make_experiment(world, world.trigger(world.survey()), {}, {"delay_seconds": 3600})


def ids(world: World) -> list[int]:
    return [one.id for one in sorted(world.rows(Variant), key=lambda one: one.place)]


def give(world: World, phone: str, variant: int) -> None:
    """A customer to whom something happened, with this variant."""
    made = world.happens(world.customer(phone))
    world.session.get_one(Invitation, made[0]).variant_id = variant
    world.session.commit()


def counted(world: World) -> list[Outcome]:
    listen(world.session, LATER)
    found = outcomes(world.session, ids(world), LATER)
    return [found[one] for one in ids(world)]


def test_everybody_counts_once_where_they_got(world: World, experiment: Experiment) -> None:
    first, second = ids(world)
    give(world, "+447700900101", first)
    give(world, "+447700900102", second)
    world.ask()
    world.says("9 - quick", "+447700900101")
    world.says("2", "+447700900102")
    control, variant = counted(world)
    assert (control.given, control.asked, control.answered, control.completed) == (1, 1, 1, 1)
    assert (variant.given, variant.asked, variant.answered, variant.completed) == (1, 1, 1, 0)
    assert (control.points["nps"].n, control.points["nps"].mean) == (1, 100.0)
    assert variant.points["nps"].mean == -100.0


def test_a_second_time_is_under_the_influence_of_the_first(
    world: World, experiment: Experiment
) -> None:
    customer = world.customer("+447700900101")
    for _ in range(2):
        for made in world.happens(customer):
            world.session.get_one(Invitation, made).variant_id = ids(world)[0]
    world.session.commit()
    assert counted(world)[0].given == 1


def test_who_is_not_yet_due_long_enough_does_not_count(
    world: World, experiment: Experiment
) -> None:
    give(world, "+447700900101", ids(world)[0])
    soon = outcomes(world.session, ids(world), world.now + timedelta(days=1))
    assert soon[ids(world)[0]].given == 0


def test_leaving_counts_where_it_follows_the_asking(world: World, experiment: Experiment) -> None:
    first, second = ids(world)
    give(world, "+447700900101", first)
    give(world, "+447700900102", second)
    world.ask()
    world.says("STOP", "+447700900101")
    late = next(one for one in world.rows(Invitation) if one.variant_id == second)
    world.add(
        Consent(
            workspace_id=world.workspace.id,
            customer_id=late.customer_id,
            channel="sms",
            address="+447700900102",
            state="withdrawn",
            source="reply",
            occurred_at=world.now + timedelta(days=9),
        )
    )
    assert [one.left for one in counted(world)] == [1, 0]


def test_only_one_runs_on_a_trigger(world: World, experiment: Experiment) -> None:
    trigger = world.session.get_one(Trigger, experiment.trigger_id)
    other = make_experiment(world, trigger, {}, {"hour": 10}, key="other")
    here = world.workspace.id
    start(world.session, find(world.session, here, experiment.key), NOW)
    with pytest.raises(Conflict, match="another experiment runs"):
        start(world.session, find(world.session, here, other.key), NOW)
    stop(world.session, find(world.session, here, experiment.key), NOW)
    start(world.session, find(world.session, here, other.key), NOW)
    with pytest.raises(Conflict, match="started before"):
        start(world.session, find(world.session, here, experiment.key), NOW)


def test_the_winner_becomes_the_rule(world: World, experiment: Experiment) -> None:
    here, session = world.workspace.id, world.session
    start(session, find(session, here, experiment.key), NOW)
    with pytest.raises(InvalidInput, match="there is no variant"):
        take_over(session, find(session, here, experiment.key), "nobody", NOW)
    take_over(session, find(session, here, experiment.key), "v1", NOW)
    one = find(session, here, experiment.key)
    assert session.get_one(Trigger, experiment.trigger_id, populate_existing=True).delay_seconds
    assert (one.experiment.state, one.experiment.applied) == ("stopped", "v1")


def test_an_hour_becomes_the_trigger_s_window(world: World) -> None:
    trigger = world.trigger(
        world.survey(), window={"from": "08:00", "to": "12:00", "days": ["mon"]}
    )
    one = make_experiment(world, trigger, {}, {"hour": 23})
    here, session = world.workspace.id, world.session
    take_over(session, find(session, here, one.key), "v1", NOW)
    kept = session.get_one(Trigger, trigger.id, populate_existing=True).window
    assert kept == {"from": "23:00", "to": "24:00", "days": ["mon"]}
    window = read_window(kept)
    assert window is not None
    assert opens_at(window, NOW, UTC_ZONE).astimezone(UTC_ZONE).strftime("%a %H") == "Mon 23"


def test_an_hour_that_won_is_learnt_no_more(world: World) -> None:
    trigger = world.trigger(world.survey(), timing={"hour": "learn", "from": "day"})
    one = make_experiment(world, trigger, {}, {"hour": 18})
    take_over(world.session, find(world.session, world.workspace.id, one.key), "v1", NOW)
    kept = world.session.get_one(Trigger, trigger.id, populate_existing=True)
    assert (kept.window, kept.timing) == ({"from": "18:00", "to": "19:00"}, {"from": "day"})


def test_another_workspace_s_experiment_is_not_found(world: World, experiment: Experiment) -> None:
    with pytest.raises(NotFound):
        find(world.session, world.workspace.id + 1, experiment.key)
