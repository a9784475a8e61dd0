from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from asking_world import NOW, MakeWorkspace, World
from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.response import Answer, Response
from models.workspace import Workspace
from surveys.contexts import context_of
from surveys.flow import advance
from surveys.flow_types import Input, State, Step, Value
from surveys.responses import open_response, save_step
from surveys.versions import current_version, definition_of
from surveys.whom import whom


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    world = World(session, workspace)
    world.trigger(world.survey(), channel="web")
    world.happens(
        world.customer(), occurred_at=NOW - timedelta(hours=1), touchpoint_id=world.touchpoint().id
    )
    world.fire()
    return world


def opened(world: World) -> tuple[Invitation, Response]:
    invitation = world.invitation(1)
    (one,) = whom(world.session, [invitation.id])
    made = open_response(world.session, one, "web", world.now)
    world.session.commit()
    return invitation, world.session.get_one(Response, made.id)


def give(world: World, given: Input) -> Step:
    invitation, response = opened(world)
    definition = definition_of(current_version(world.session, invitation.survey_id))
    context = context_of(world.session, invitation, "web")
    state = State.from_json(world.response().state)
    step = advance(definition, state, given, context)
    save_step(world.session, response, definition, step, "web", world.now)
    world.session.commit()
    return step


def test_a_response_opens_once_at_the_time_and_place_of_its_event(world: World) -> None:
    invitation, first = opened(world)
    _, again = opened(world)
    assert first.id == again.id
    assert (first.source, first.external_id) == ("waymark", str(invitation.id))
    assert first.occurred_at == NOW - timedelta(hours=1)
    assert first.touchpoint_id == invitation.touchpoint_id
    assert first.state["current"] == "score"


def test_answers_are_saved_one_by_one(world: World) -> None:
    give(world, Value("score", "3"))
    assert (world.answers(), world.invitation(1).status) == ({"score": 3}, "started")
    give(world, Value("why", "late"))
    response = world.response()
    assert world.answers() == {"score": 3, "why": "late"}
    assert (response.status, response.completed_at) == ("completed", NOW)
    assert world.invitation(1).status == "completed"


def test_a_revised_answer_is_to_be_scored_anew(world: World) -> None:
    give(world, Value("score", "3"))
    (answer,) = world.rows(Answer)
    answer.scored_at = NOW
    world.session.commit()
    world.later(minutes=1)
    give(world, Value("score", "9"))
    (answer,) = world.rows(Answer)
    assert (answer.value, answer.scored_at, answer.answered_at) == (
        {"value": 9},
        None,
        NOW + timedelta(minutes=1),
    )


def test_an_abandoned_response_reopens_and_a_completed_one_stays_so(world: World) -> None:
    give(world, Value("score", "3"))
    world.response().status = "abandoned"
    world.session.commit()
    give(world, Value("score", "4"))
    assert world.response().status == "open"
    give(world, Value("why", "late"))
    world.later(days=1)
    give(world, Value("score", "5"))
    assert (world.response().status, world.response().completed_at) == ("completed", NOW)


def test_begun_by_sms_finished_on_the_web(
    sqlite_session: Session, make_workspace: MakeWorkspace
) -> None:
    world = World(sqlite_session, make_workspace(sqlite_session))
    world.trigger(world.survey())
    world.happens(world.customer())
    world.ask()
    world.says("6")
    give(world, Value("why", "slow"))
    assert world.answers() == {"score": 6, "why": "slow"}
    assert {row.channel for row in world.rows(Answer)} == {"sms", "web"}
    world.says("hello?")
    assert [row.kind for row in world.outbound()] == ["invitation", "question", "unprompted"]


def test_a_question_left_without_a_value_keeps_its_words(world: World) -> None:
    give(world, Value("score", "3"))
    _, response = opened(world)
    definition = definition_of(current_version(world.session, world.invitation(1).survey_id))
    step = advance(
        definition,
        State.from_json(response.state),
        Value("why", "late"),
        context_of(world.session, world.invitation(1), "web"),
    )
    silent = replace(step, saved=tuple(replace(one, value=None) for one in step.saved))
    save_step(world.session, response, definition, silent, "web", NOW)
    world.session.commit()
    assert world.answers()["why"] is None
