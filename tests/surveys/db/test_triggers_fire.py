from __future__ import annotations

from datetime import timedelta

import pytest
from asking_world import NOW, NPS, MakeWorkspace, World
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.survey import SurveyVersion
from models.workspace import Workspace
from surveys.channels.links import short_link
from surveys.triggers import fire, fire_many


@pytest.fixture
def world(sqlite_session: Session, make_workspace: MakeWorkspace) -> World:
    return World(sqlite_session, make_workspace(sqlite_session))


@pytest.fixture
def both(session: Session, workspace: Workspace) -> World:
    """The same on each engine, where the SQL differs."""
    return World(session, workspace)


def test_an_event_schedules_an_invitation_with_its_delay_and_end(both: World) -> None:
    trigger = both.trigger(both.survey(), delay_seconds=7200, expires_seconds=86400)
    point = both.touchpoint()
    customer = both.customer()
    (made,) = both.happens(customer, touchpoint_id=point.id)
    invitation = both.invitation(made)
    assert invitation.status == "scheduled"
    assert invitation.due_at == NOW + timedelta(hours=2)
    assert invitation.expires_at == NOW + timedelta(hours=26)
    assert (invitation.trigger_id, invitation.touchpoint_id) == (trigger.id, point.id)


def test_the_same_event_fires_once(both: World) -> None:
    both.trigger(both.survey())
    customer = both.customer()
    event = both.event(customer)
    assert len(fire(both.session, event, customer, NOW)) == 1
    assert fire(both.session, event, customer, NOW) == []
    assert len(both.rows(Invitation)) == 1


def test_a_late_event_is_not_due_in_the_past(world: World) -> None:
    world.trigger(world.survey(), delay_seconds=60)
    (made,) = world.happens(world.customer(), occurred_at=NOW - timedelta(days=2))
    invitation = world.invitation(made)
    assert invitation.due_at == NOW
    assert invitation.expires_at > NOW


def test_switched_off_triggers_and_other_events_do_nothing(world: World) -> None:
    survey = world.survey()
    world.trigger(survey, enabled=False)
    world.trigger(survey, event_name="returned")
    assert world.happens(world.customer()) == []


def test_filters_look_at_the_event_and_the_customer(world: World) -> None:
    survey = world.survey()
    world.trigger(survey, filter={"total": {"gte": 50}})
    world.trigger(survey, filter={"event.total": {"lt": 50}})
    world.trigger(survey, filter={"customer.tier": "gold"})
    world.trigger(survey, filter={"customer.attributes.tier": "tin"})
    customer = world.customer(attributes={"tier": "gold"})
    assert len(world.happens(customer, properties={"total": 80})) == 2
    assert len(world.happens(customer, properties={"total": "many"})) == 1


def test_another_workspace_s_triggers_stay_silent(
    world: World, make_workspace: MakeWorkspace
) -> None:
    other = World(world.session, make_workspace(world.session, "other"))
    other.trigger(other.survey())
    assert world.happens(world.customer()) == []


def test_the_latest_version_is_asked(world: World) -> None:
    survey = world.survey()
    world.trigger(survey)
    (first,) = world.happens(world.customer())
    version = world.add(
        SurveyVersion(
            workspace_id=world.workspace.id,
            survey_id=survey.id,
            number=2,
            definition=NPS,
            content_hash="x",
            published_at=NOW,
        )
    )
    (second,) = world.happens(world.customer())
    assert world.invitation(second).version_id == version.id
    assert world.invitation(first).version_id != version.id


def test_many_events_take_two_statements(both: World) -> None:
    both.trigger(both.survey())
    customer = both.customer()
    pairs = [(both.event(customer), customer) for _ in range(20)]
    statements: list[str] = []
    engine = both.session.get_bind()

    def note(connection, cursor, statement, *rest: object) -> None:  # type: ignore[no-untyped-def]
        statements.append(statement)

    sqlalchemy_event.listen(engine, "before_cursor_execute", note)
    assert len(fire_many(both.session, both.workspace.id, pairs, NOW)) == 20
    sqlalchemy_event.remove(engine, "before_cursor_execute", note)
    assert len(statements) == 2


def test_links_are_short_and_their_tokens_differ(world: World) -> None:
    world.trigger(world.survey())
    customer = world.customer()
    for _ in range(30):
        world.happens(customer)
    tokens = {invitation.token for invitation in world.rows(Invitation)}
    assert len(tokens) == 30
    assert all(token.isalnum() for token in tokens)
    assert len(short_link("https://" + "h" * 20, tokens.pop())) <= 40


def test_a_changed_filter_holds_at_once(both: World) -> None:
    trigger = both.trigger(both.survey(), filter={"event.total": {"gte": 50}})
    customer = both.customer()
    assert both.happens(customer, properties={"total": 10}) == []
    trigger.filter = {"event.total": {"gte": 10}}
    both.session.flush()
    assert len(both.happens(customer, properties={"total": 10})) == 1
    trigger.filter = None
    both.session.flush()
    assert len(both.happens(customer, properties={"total": 1})) == 1
