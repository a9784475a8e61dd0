from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.configuration.apply import apply_text
from feedback.configuration.journeys import filled, template, template_names
from feedback.configuration.problems import ConfigurationError
from feedback.configuration.schema import JourneyIn
from feedback.intake import ingest
from models.errors import InvalidInput
from models.journey import Journey, Stage, Touchpoint, TouchpointEvent
from models.survey import Survey, SurveyVersion, Trigger
from models.workspace import Workspace

SURVEY = """
surveys:
  - key: nps
    name: Recommend
    metric: nps
    questions: [{key: score, type: nps, text: "How likely?"}]
    thanks: Thank you.
"""
MAP = """
journeys:
  - key: shop
    stages:
      - key: buying
        touchpoints:
          - {key: checkout, events: [ordered]}
          - {key: parcel, events: [delivered]}
      - {key: after, touchpoints: [{key: help}]}
"""

TWICE = """
journeys:
  - {key: a, stages: [{key: s, touchpoints: [{key: t, events: [e]}, {key: u, events: [e]}]}]}
"""


def problems_of(session: Session, workspace: Workspace, text: str, now: datetime) -> str:
    with pytest.raises(ConfigurationError) as caught:
        apply_text(session, workspace, text, now, "a.yaml")
    return str(caught.value)


def test_the_example_applies_and_applying_again_changes_nothing(
    session: Session, workspace: Workspace, now: datetime, repository_root: Path
) -> None:
    text = (repository_root / "examples/shop.yaml").read_text(encoding="utf-8")
    assert apply_text(session, workspace, text, now)
    session.commit()
    assert apply_text(session, workspace, text, now) == []
    assert workspace.company == "Harbour Lamps"
    assert session.scalar(select(func.count(SurveyVersion.id))) == 3
    delays = dict(session.execute(select(Trigger.key, Trigger.delay_seconds)).all())
    by_event = {"after_delivery": 172_800, "after_support": 600, "after_refund": 3600}
    by_date = {"after_fitting": 259_200, "before_renewal": -1_209_600}
    assert delays == {**by_event, **by_date, "club_pulse": 0, "winter_round": 0}


def test_a_changed_survey_is_its_next_version_and_an_equal_one_is_not(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    apply_text(session, workspace, SURVEY, now)
    lines = apply_text(session, workspace, SURVEY.replace("How likely?", "How sure?"), now)
    assert lines == ["survey nps: version 2 published"]
    texts = session.scalars(select(SurveyVersion.definition).order_by(SurveyVersion.number)).all()
    assert [text["questions"][0]["text"] for text in texts] == ["How likely?", "How sure?"]


def test_what_was_switched_off_stays_off_unless_the_file_says_otherwise(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    apply_text(session, workspace, SURVEY, now)
    survey = session.scalars(select(Survey)).one()
    survey.enabled = False
    apply_text(session, workspace, SURVEY, now)
    assert survey.enabled is False
    apply_text(session, workspace, SURVEY + "    enabled: true\n", now)
    assert survey.enabled is True


def test_a_touchpoint_may_move_and_keeps_its_id(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    apply_text(session, workspace, MAP, now)
    parcel = session.scalars(select(Touchpoint).where(Touchpoint.key == "parcel")).one()
    moved = MAP.replace("          - {key: parcel, events: [delivered]}\n", "").replace(
        "{key: help}", "{key: help, events: [ordered]}, {key: parcel, events: [delivered]}"
    )
    moved = moved.replace("events: [ordered]}\n", "events: []}\n")
    apply_text(session, workspace, moved, now)
    session.refresh(parcel)
    after = session.scalars(select(Stage.id).where(Stage.key == "after")).one()
    assert parcel.stage_id == after
    owners = (
        select(TouchpointEvent.event_name, Touchpoint.key)
        .join(Touchpoint, Touchpoint.id == TouchpointEvent.touchpoint_id)
        .order_by(TouchpointEvent.event_name)
    )
    assert session.execute(owners).all() == [("delivered", "parcel"), ("ordered", "help")]


def test_a_touchpoint_left_out_goes_unless_something_happened_there(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    apply_text(session, workspace, MAP, now)
    ingest(session, workspace.id, [{"id": "1", "event": "ordered", "customer": {"id": "c"}}], now)
    less = "journeys: [{key: shop, stages: [{key: after, touchpoints: [{key: help}]}]}]"
    lines = apply_text(session, workspace, less, now)
    assert "touchpoint parcel: taken away" in lines
    assert any(line.startswith("note: touchpoint checkout") for line in lines)
    keys = session.scalars(select(Touchpoint.key).order_by(Touchpoint.key)).all()
    assert keys == ["checkout", "help"]


def test_everything_wrong_is_listed_with_its_line_and_nothing_is_written(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    text = """\
workspace: {company: New Name}
journeys:
  - key: a
    template: nope
surveys:
  - key: x
    name: X
    questions: [{key: q, type: text, text: "Why?", next: [{to: nowhere}]}]
    thanks: Thanks.
triggers:
  - {event: o, survey: y}
segments:
  - {key: s, filter: {a: {bigger: 3}}}
"""
    said = problems_of(session, workspace, text, now)
    for part in (
        "a.yaml:4 journeys[0].template",
        "a.yaml:8 surveys[0].questions[0].next",
        "a.yaml:11 triggers[0].survey",
        "a.yaml:13 segments[0].filter.a",
    ):
        assert part in said
    session.rollback()
    assert session.scalar(select(func.count(Journey.id))) == 0
    assert session.get_one(Workspace, workspace.id).company == "Shop"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("workspace: {accent: red}", "workspace.accent"),
        ("workspace: {timezone: Mars}", "IANA"),
        ("workspace: {default_region: ZZ}", "two letters"),
        ("colour: blue", "colour"),
        ("triggers: [{event: e, survey: s, delay: soon}]", "2h"),
        ("triggers: [{event: e, survey: s, expires: 5s}]", "shorter than a minute"),
        ("triggers: [{event: e, survey: s, channel: fax}]", "channel"),
        ("journeys: [{key: Big Words, template: purchase}]", "lower-case"),
        ("journeys: [{key: a}]", "is empty"),
        ("journeys: [{key: a, template: purchase, events: {nope: [e]}}]", "no touchpoint 'nope'"),
        (
            TWICE,
            "'e' belongs to 't' already",
        ),
        (
            "journeys: [{key: a, template: purchase}, {key: b, template: purchase}]",
            "belongs to 'a' already",
        ),
        (
            "journeys: [{key: a, stages: [{key: s}, {key: s}]}]",
            "'s' is used twice",
        ),
    ],
)
def test_faults_are_told_with_their_mend(
    sqlite_session: Session, make_workspace: Any, now: datetime, text: str, part: str
) -> None:
    assert part in problems_of(sqlite_session, make_workspace(sqlite_session), text, now)


def test_another_journeys_touchpoints_and_events_are_respected(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    apply_text(session, workspace, MAP, now)
    text = "journeys: [{key: b, stages: [{key: s, touchpoints: [{key: new, events: [ordered]}]}]}]"
    assert "'ordered' belongs to 'shop' already" in problems_of(session, workspace, text, now)


def test_one_workspace_does_not_see_anothers_surveys(
    session: Session, workspace: Workspace, now: datetime, make_workspace: Any
) -> None:
    apply_text(session, workspace, SURVEY, now)
    other = make_workspace(session, "other")
    text = "triggers: [{event: e, survey: nps}]"
    assert "there is no survey 'nps'" in problems_of(session, other, text, now)
    apply_text(session, workspace, text, now)


def test_a_bare_survey_file_is_a_survey(
    sqlite_session: Session, make_workspace: Any, now: datetime
) -> None:
    bare = "key: one\nname: One\nquestions: [{key: q, type: text, text: Why}]\nthanks: Thanks."
    lines = apply_text(sqlite_session, make_workspace(sqlite_session), bare, now)
    assert lines == ["survey one: made", "survey one: version 1 published"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a: [", "a.yaml:1"),
        ("a: 1\na: 2", "given twice"),
        ("- a", "mapping"),
        ("a: !!python/object:os.system x", "is not YAML"),
    ],
)
def test_what_is_no_configuration_is_refused_with_its_line(
    sqlite_session: Session, make_workspace: Any, now: datetime, text: str, part: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        apply_text(sqlite_session, make_workspace(sqlite_session), text, now, "a.yaml")
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("purchase", "awareness consideration purchase retention advocacy"),
        (
            "service",
            "awareness research consideration purchase post_purchase_support engagement",
        ),
        ("subscription", "awareness acquisition onboarding engagement long_term_support"),
    ],
)
def test_each_template_has_its_stages_and_applies(
    sqlite_session: Session, make_workspace: Any, now: datetime, name: str, stages: str
) -> None:
    assert [stage.key for stage in template(name).stages] == stages.split()
    text = f"journeys: [{{key: j, template: {name}}}]"
    assert apply_text(sqlite_session, make_workspace(sqlite_session), text, now)


def test_templates_are_all_known() -> None:
    assert template_names() == ("purchase", "service", "subscription")


def test_a_stage_laid_over_a_template_takes_its_place() -> None:
    journey = JourneyIn.model_validate(
        {
            "key": "j",
            "template": "purchase",
            "stages": [
                {"key": "purchase", "touchpoints": [{"key": "till"}]},
                {"key": "extra", "touchpoints": [{"key": "more"}]},
            ],
            "events": {"using": ["used"]},
        }
    )
    result = filled(journey)
    keys = [stage.key for stage in result.stages]
    assert keys == ["awareness", "consideration", "purchase", "retention", "advocacy", "extra"]
    assert [point.key for point in result.stages[2].touchpoints] == ["till"]
    events = {point.key: point.events for stage in result.stages for point in stage.touchpoints}
    assert events["using"] == ["used"]


def test_plain_words_stay_words(
    sqlite_session: Session, make_workspace: Any, now: datetime
) -> None:
    workspace = make_workspace(sqlite_session)
    text = "workspace: {company: No, sender: +447700900001}"
    apply_text(sqlite_session, workspace, text, now)
    assert (workspace.company, workspace.sender) == ("No", "+447700900001")
