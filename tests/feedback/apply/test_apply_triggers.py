"""Triggers and campaigns in a configuration: what is kept of them, and what is wrong with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.apply import apply, apply_text
from feedback.configuration.problems import ConfigurationError
from models.errors import Conflict
from models.survey import Trigger
from models.workspace import Workspace

SURVEY = """
surveys:
  - {key: nps, name: N, questions: [{key: s, type: nps, text: "How likely?"}], thanks: Thanks.}
segments: [{key: gold, filter: {customer.tier: gold}}]
"""


@pytest.fixture
def shop(session: Session, workspace: Workspace, now: datetime) -> Workspace:
    apply_text(session, workspace, SURVEY, now)
    session.commit()
    return workspace


def applied(session: Session, shop: Workspace, now: datetime, **sections: Any) -> list[str]:
    lines = apply(session, shop, sections, now)
    session.commit()
    return [line for line in lines if not line.startswith("note:")]


def made(session: Session, shop: Workspace, now: datetime, **trigger: Any) -> Trigger:
    applied(session, shop, now, triggers=[{"key": "t", "survey": "nps", **trigger}])
    return session.scalars(select(Trigger)).one()


def test_everything_a_trigger_says_is_kept(
    session: Session, shop: Workspace, now: datetime
) -> None:
    wanted = {
        "event": "ordered",
        "from": "renewal_date",
        "before": "2 days",
        "at": "09:30",
        "channels": ["sms", "email"],
        "unless": [
            "refunded",
            {"event": "returned", "filter": {"total": {"gt": 5}}, "same": ["order_id"]},
            {"answered": "nps", "within": "30 days"},
        ],
        "window": {"from": "09:00", "to": "20:00", "days": ["mon", "sat"]},
        "filter": {"event.total": {"gte": 20}},
    }
    row = made(session, shop, now, **wanted)
    assert (row.kind, row.event_name, row.delay_seconds) == ("event", "ordered", -172_800)
    assert row.timing == {"from": "renewal_date", "at": "09:30"}
    assert (row.channel, row.other_channels) == ("sms", "email")
    assert row.unless == [
        {"event": "refunded"},
        {"event": "returned", "filter": {"total": {"gt": 5}}, "same": ["order_id"]},
        {"answered": "nps", "within_seconds": 2_592_000},
    ]
    assert row.window == {"from": "09:00", "to": "20:00", "days": ["mon", "sat"]}
    assert made(session, shop, now, **wanted).id == row.id
    again = {"key": "t", "survey": "nps", **wanted}
    assert applied(session, shop, now, triggers=[again]) == []


def test_what_repeats_and_what_a_date_of_customers_sets_off(
    session: Session, shop: Workspace, now: datetime
) -> None:
    row = made(session, shop, now, every="90 days", first="30 days")
    assert (row.kind, row.event_name) == ("recurring", "")
    assert row.timing == {"every_days": 90, "first_days": 30.0}
    row = made(session, shop, now, **{"from": "customer.renews_on", "before": "2 days"})
    assert (row.kind, row.timing) == ("date", {"from": "customer.renews_on"})


def test_a_changed_filter_has_everybody_looked_at_anew(
    session: Session, shop: Workspace, now: datetime
) -> None:
    row = made(session, shop, now, every="90 days")
    row.seen_at, row.seen_id = now, 7
    session.commit()
    assert made(session, shop, now, every="90 days").seen_id == 7
    changed = made(session, shop, now, every="90 days", filter={"customer.tier": "gold"})
    assert (changed.seen_at, changed.seen_id) == (None, 0)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"event": "e", "delay": "-2 days"}, "triggers[0].delay: is below zero. Use zero or more"),
    ({"event": "e", "delay": -60}, "triggers[0].delay: is below zero"),
    ({}, "triggers[0].event: is missing, so that nothing sets it off"),
    ({"event": "survey_completed"}, "triggers[0].event: tells of a survey itself"),
    ({"event": "Survey Answered"}, "triggers[0].event: tells of a survey itself"),
    ({"event": "e", "every": "90 days"}, "triggers[0].every: stands beside an event"),
    ({"every": "36 hours"}, "triggers[0].every: is no number of whole days"),
    ({"event": "e", "before": "2 days"}, "triggers[0].before: has no date to be before"),
    ({"from": "renews_on"}, "triggers[0].from: is no date of the customer's. Write customer."),
    ({"event": "e", "at": "09:00"}, "triggers[0].at: is for a date"),
    ({"event": "e", "from": "d", "at": "25:00"}, "triggers[0].at: is no hour"),
    ({"event": "e", "channels": ["sms", "fax"]}, "triggers[0].channels[1]: 'fax' is no channel"),
    ({"event": "e", "channels": ["sms", "sms"]}, "triggers[0].channels: names a channel twice"),
    ({"event": "e", "channel": "sms", "channels": ["sms"]}, "triggers[0].channel: stands beside"),
    ({"event": "e", "unless": [{}]}, "triggers[0].unless[0]: names no event or survey"),
    ({"event": "e", "unless": [{"answered": "x"}]}, "triggers[0].unless[0].answered: there is no"),
    ({"every": "9 days", "unless": ["r"]}, "triggers[0].unless[0]: has no event of the trigger's"),
    (
        {"event": "e", "unless": [{"event": "r", "filter": {"a": {"gt": "x"}}}]},
        "triggers[0].unless[0].filter.a.gt: gt can't use 'x'. Give it a number or a date",
    ),
    (
        {"event": "e", "window": {"from": "18:00", "to": "09:00"}},
        "triggers[0].window.to: is not after 18:00",
    ),
    ({"event": "e", "filter": {"total": {"gt": "much"}}}, "triggers[0].filter.total.gt: gt can't"),
    (
        {"event": "e", "filter": {"customer.locale": {"gt": 3}}},
        "triggers[0].filter.customer.locale: is a text, which has no order. Use eq",
    ),
    (
        {"event": "e", "hour": 18},
        "triggers[0].hour: can't be 18. Write `hour: learn`, or take it out; `window` keeps",
    ),
    ({"every": "9 days", "hour": "learn"}, "triggers[0].hour: is learnt from events, and there"),
    (
        {"event": "e", "from": "d", "at": "09:00", "hour": "learn"},
        "triggers[0].hour: stands beside `at`. Keep one of the two",
    ),
    (
        {"event": "e", "channel": "web", "hour": "learn"},
        "triggers[0].hour: is for what is sent, and the web sends nothing. Name sms",
    ),
    (
        {"event": "e", "hour": "learn", "window": {"from": "09:00", "to": "10:00"}},
        "triggers[0].hour: has only one hour to choose from, by `window`. Widen the window",
    ),
    ({"event": "e", "survey": "x"}, "triggers[0].survey: there is no survey 'x'. Use one of nps"),
]


@pytest.mark.parametrize(("trigger", "told"), WRONG)
def test_what_is_wrong_is_told_with_field_and_mend(
    session: Session, shop: Workspace, now: datetime, trigger: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        apply(session, shop, {"triggers": [{"survey": "nps", **trigger}]}, now)
    assert told in str(caught.value)


def test_a_campaign_is_a_draft_and_stays_as_it_is_once_started(
    session: Session, shop: Workspace, now: datetime
) -> None:
    wanted = {"key": "round", "survey": "nps", "segment": "gold", "over": "2 days"}
    assert applied(session, shop, now, campaigns=[wanted]) == ["campaign round: made"]
    row = session.scalars(select(Trigger)).one()
    assert (row.kind, row.state, row.filter) == ("campaign", "draft", {"customer.tier": "gold"})
    assert row.timing == {"over_seconds": 172_800}
    assert applied(session, shop, now, campaigns=[wanted]) == []
    row.state = "running"
    session.commit()
    changed = apply(session, shop, {"campaigns": [{**wanted, "over": "1 day"}]}, now)
    assert changed == ["note: campaign round is running, and stays as it is"]


@pytest.mark.parametrize(
    ("campaign", "told"),
    [
        ({"segment": "silver"}, "campaigns[0].segment: there is no segment 'silver'. Use one of"),
        ({"segment": "gold", "filter": {"a": 1}}, "campaigns[0].filter: stands beside a segment"),
        ({"over": "1 day", "per_hour": 5}, "campaigns[0].per_hour: stands beside `over`"),
        ({"starts": "tomorrow"}, "campaigns[0].starts: is no time"),
        ({"unless": ["r"]}, "campaigns[0].unless[0]: has no event"),
    ],
)
def test_what_is_wrong_with_a_campaign(
    session: Session, shop: Workspace, now: datetime, campaign: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        apply(session, shop, {"campaigns": [{"key": "c", "survey": "nps", **campaign}]}, now)
    assert told in str(caught.value)


def test_a_key_is_a_triggers_or_a_campaigns(
    session: Session, shop: Workspace, now: datetime
) -> None:
    made(session, shop, now, event="e")
    with pytest.raises(Conflict, match="'t' is a trigger"):
        apply(session, shop, {"campaigns": [{"key": "t", "survey": "nps"}]}, now)
