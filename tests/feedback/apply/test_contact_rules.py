"""Rules of contact, samples and quotas by YAML: set, laid over, taken back, refused with a mend."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.apply import apply_text
from feedback.configuration.problems import ConfigurationError
from models.quota import Quota
from models.survey import Survey, Trigger
from models.workspace import Workspace
from surveys.contact_rules import OFF, RestRule, read_rules
from surveys.rests import After, Of
from surveys.schedule import QuietHours

WHOLE = """
workspace:
  quiet_hours: 20:00-09:00
  quiet_days: [Sunday, saturday]
  public_holidays: true
  yearly_cap: 6
  quarantine:
    - {after: answer, days: 60, then: wait}
    - {of: kind, kind: relationship, days: 90}
  exclude:
    staff: {customer.email: {contains: "@shop.example"}}
segments:
  - {key: vip, filter: {tier: gold}}
surveys:
  - key: nps
    name: Recommend
    metric: nps
    kind: relationship
    yearly_cap: 4
    quiet_hours: off
    questions: [{key: score, type: nps, text: "How likely?"}]
    thanks: Thank you.
triggers:
  - {key: t, event: ordered, survey: nps, sample: 10%, sample_salt: autumn}
quotas:
  - {key: gold, segment: vip, survey: nps, most: 200}
"""


def test_everything_is_set_and_setting_it_again_changes_nothing(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    lines = apply_text(session, workspace, WHOLE, now)
    assert "workspace shop: quiet_hours is 20:00-09:00 (was the default)" in lines
    assert "quota gold: made" in lines
    session.commit()
    rules = read_rules(workspace.contact_rules)
    assert rules.quiet_hours == QuietHours(time(20), time(9))
    assert rules.quiet_days == (5, 6)
    assert rules.quarantine == (
        RestRule(Of.ALL, After.ANSWER, 60, waits=True),
        RestRule(Of.KIND, After.INVITATION, 90, kind="relationship"),
    )
    assert list(rules.exclude) == ["staff"]
    survey = session.scalars(select(Survey)).one()
    own = read_rules(survey.contact_rules)
    assert (survey.kind, own.yearly_cap, own.quiet_hours) == ("relationship", 4, OFF)
    trigger = session.scalars(select(Trigger)).one()
    assert (trigger.sample, trigger.sample_salt) == (0.1, "autumn")
    quota = session.scalars(select(Quota)).one()
    assert (quota.most, quota.counted, quota.period) == (200, "answers", "month")
    assert quota.survey_id == survey.id and quota.segment_id is not None
    assert [one for one in apply_text(session, workspace, WHOLE, now) if "note:" not in one] == []


def test_what_is_left_out_stays_and_an_empty_value_takes_it_back(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    apply_text(session, workspace, WHOLE, now)
    lines = apply_text(session, workspace, "workspace: {yearly_cap: 3, quiet_days: }", now)
    assert lines == [
        "workspace shop: quiet_days is the default (was [5, 6])",
        "workspace shop: yearly_cap is 3 (was 6)",
    ]
    rules = read_rules(workspace.contact_rules)
    assert (rules.yearly_cap, rules.quiet_days) == (3, None)
    assert rules.quiet_hours == QuietHours(time(20), time(9))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("quiet_hours: 25:00-09:00", "workspace.quiet_hours: is no time of day"),
        ("quiet_hours: 9-17", "workspace.quiet_hours: is no span of hours"),
        ("quiet_hours: 00:00-24:00", "leaves no hour in which to ask"),
        ("quiet_hours: 09:00-09:00", "leaves no hour in which to ask"),
        ("quiet_hours: 09:30-09:00", "leaves no hour in which to ask"),
        ("quiet_hours: -20:00-09:00", "is no span of hours"),
        ("quiet_days: [funday]", "'funday' is no weekday"),
        (
            "quiet_days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]",
            "leaves no day on which to ask",
        ),
        ("yearly_cap: -1", "workspace.yearly_cap"),
        ("quarantine: [{days: -3}]", "workspace.quarantine[0].days"),
        ("quarantine: [{days: 3, of: planet}]", "workspace.quarantine[0].of"),
        ("exclude: {vip: {tier: {like: gold}}}", "workspace.exclude.vip"),
        ("quiet_channels: [fax]", "workspace.quiet_channels[0]"),
    ],
)
def test_what_makes_no_sense_names_field_and_mend(
    session: Session, workspace: Workspace, now: datetime, written: str, told: str
) -> None:
    assert told in refused(session, workspace, f"workspace: {{{written}}}", now)
    assert workspace.contact_rules is None


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("sample: 10%", "sample: 0"),
        ("sample: 10%", "sample: -10%"),
        ("sample: 10%", "sample: 10"),
        ("sample: 10%", "sample: 120%"),
        ("segment: vip", "segment: nobody"),
        ("most: 200", "most: -1"),
        ("kind: relationship", "kind: 3 words"),
    ],
)
def test_bad_samples_quotas_and_kinds_are_refused(
    session: Session, workspace: Workspace, now: datetime, written: str, told: str
) -> None:
    text = WHOLE.replace(written, told, 1)
    assert told.partition(":")[0] in refused(session, workspace, text, now)
    assert session.scalars(select(Quota)).all() == []


def refused(session: Session, workspace: Workspace, text: str, now: datetime) -> str:
    with pytest.raises(ConfigurationError) as caught:
        apply_text(session, workspace, text, now, "a.yaml")
    session.rollback()
    return str(caught.value)
