"""Rules of contact on rows: who is asked, who waits, who is not, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asking_world import NOW, PHONE, MakeWorkspace, World
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from models.customer import Segment
from models.invitation import Decision
from models.quota import Quota, QuotaUse
from models.survey import Survey, SurveyVersion
from models.workspace import Workspace
from surveys.explanation import explanation
from surveys.firing import fire_due, owed
from surveys.invitations import invite

DAY = timedelta(days=1)
NIGHTS = {"quiet_hours": {"start": "20:00:00", "end": "09:00:00"}}


@pytest.fixture
def world(sqlite_session: Session, make_workspace: MakeWorkspace) -> World:
    return World(sqlite_session, make_workspace(sqlite_session, quarantine_days=0))


@pytest.fixture
def both(session: Session, workspace: Workspace) -> World:
    workspace.quarantine_days = 0
    return World(session, workspace)


def rest(of: str, after: str = "invitation", days: float = 30, **more: Any) -> dict[str, Any]:
    return {"quarantine": [{"of": of, "after": after, "days": days, **more}]}


def keep(world: World, rules: dict[str, Any]) -> None:
    world.workspace.contact_rules = rules
    world.session.commit()


def surveys(world: World, **kinds: Any) -> None:
    """A survey of each name, set off by an event of that name, on the web."""
    for key, columns in kinds.items():
        survey = world.survey(key=key, **{"quarantine_days": 0, **columns})
        world.trigger(survey, channel="web", event_name=key)


def rule(world: World, invitation_id: int) -> str | None:
    return world.invitation(invitation_id).rule


def test_surveys_of_a_kind_rest_from_each_other(both: World) -> None:
    surveys(both, nps={"kind": "deep"}, ces={"kind": "deep"}, csat={}, parcel={"kind": "quick"})
    keep(both, rest("kind", kind="deep"))
    customer = both.customer()
    made = [
        one for name in ("nps", "ces", "csat", "parcel") for one in happens(both, customer, name)
    ]
    assert [rule(both, one) for one in made] == [None, "quarantine_kind", None, None]


def happens(world: World, customer: Any, name: str) -> list[int]:
    made = world.happens(customer, name=name)
    world.fire()
    return made


def test_a_channel_rests_by_itself(world: World) -> None:
    surveys(world, nps={}, csat={})
    world.trigger(world.survey(key="texted", quarantine_days=0), event_name="texted")
    keep(world, rest("channel"))
    customer = world.customer()
    made = [one for name in ("nps", "texted", "csat") for one in happens(world, customer, name)]
    assert [rule(world, one) for one in made] == [None, None, "quarantine_channel"]


def test_after_an_answer_everything_rests_and_waits(both: World) -> None:
    both.trigger(both.survey(quarantine_days=0))
    surveys(both, csat={})
    keep(both, rest("all", "answer", days=2, waits=True))
    customer = both.customer()
    both.happens(customer)
    both.ask()
    (before,) = happens(both, customer, "csat")
    assert both.invitation(before).status == "sent"  # asked, but nothing was answered
    both.says("9")
    answered = both.now
    (after,) = happens(both, customer, "csat")
    waiting = both.invitation(after)
    assert (waiting.status, waiting.due_at) == ("scheduled", answered + 2 * DAY)
    assert both.rows(Decision)[-1].rule == "answered_overall"
    both.later(days=2)
    both.fire()
    assert both.invitation(after).status == "sent"


def test_a_surveys_own_rest_stands_over_the_workspaces(world: World) -> None:
    surveys(world, nps={}, receipt={"contact_rules": rest("all", days=0)})
    keep(world, rest("all"))
    customer = world.customer()
    made = [one for name in ("nps", "receipt", "nps") for one in happens(world, customer, name)]
    assert [rule(world, one) for one in made] == [None, None, "quarantine_overall"]


def test_a_year_holds_so_many_and_no_more(both: World) -> None:
    surveys(both, nps={}, csat={"contact_rules": {"yearly_cap": 1}})
    keep(both, {"yearly_cap": 3})
    customer = both.customer()
    names = ("csat", "csat", "nps", "nps", "nps")
    made = [one for name in names for one in happens(both, customer, name)]
    caps = [None, "yearly_cap_survey", None, None, "yearly_cap"]
    assert [rule(both, one) for one in made] == caps
    assert "3 of 3 times in 365 days" in both.rows(Decision)[-1].detail
    both.later(days=365)
    (again,) = happens(both, customer, "nps")
    assert both.invitation(again).status == "sent"


def test_the_lesser_survey_yields_to_the_worthier_that_is_due_in_its_rest(both: World) -> None:
    """A weekly survey does not starve the quarterly one."""
    both.workspace.quarantine_days = 14
    weekly, nps = both.survey(key="weekly", worth=20), both.survey(key="nps", worth=80)
    both.trigger(weekly, channel="web", event_name="bought")
    both.trigger(nps, channel="web", event_name="joined", delay_seconds=10 * 86400)
    other = both.customer()
    (free,) = happens(both, other, "bought")
    customer = both.customer()
    (quarterly,) = happens(both, customer, "joined")
    (yielded,) = happens(both, customer, "bought")
    assert rule(both, free) is None
    assert rule(both, yielded) == "yields"
    assert "'nps', due 2026-11-28" in both.rows(Decision)[-1].detail
    both.later(days=10)
    both.fire()
    assert both.invitation(quarterly).status == "sent"


@pytest.mark.parametrize("barred", ["own_rest", "sample", "off", "far", "lesser", "no_address"])
def test_nobody_yields_to_what_would_not_be_asked(world: World, barred: str) -> None:
    world.workspace.quarantine_days = 14
    weekly = world.survey(key="weekly", worth=20, quarantine_days=0)
    nps = world.survey(key="nps", worth=10 if barred == "lesser" else 80, quarantine_days=90)
    world.trigger(weekly, channel="web", event_name="bought")
    delay = 20 if barred == "far" else 10
    share = {"sample": 1e-9} if barred == "sample" else {}
    channel = "sms" if barred == "no_address" else "web"
    later = world.trigger(
        nps, channel=channel, event_name="joined", delay_seconds=delay * 86400, **share
    )
    customer = world.customer(phone=None)
    if barred == "own_rest":
        world.trigger(nps, channel="web", event_name="first")
        happens(world, customer, "first")
        world.later(days=15)
    happens(world, customer, "joined")
    later.enabled = barred != "off"
    world.session.commit()
    (made,) = happens(world, customer, "bought")
    assert world.invitation(made).status == "sent"


def test_a_sample_asks_some_and_tells_the_others_lot(world: World) -> None:
    survey = world.survey()
    world.trigger(survey, channel="web", sample=0.5)
    made = [one for _ in range(40) for one in world.happens(world.customer(phone=None))]
    while world.fire():
        pass
    asked = [one for one in made if world.invitation(one).status == "sent"]
    assert 8 < len(asked) < 32
    assert {rule(world, one) for one in made if one not in asked} == {"not_in_sample"}


def test_exclusions_see_attributes_and_addresses(both: World) -> None:
    surveys(both, nps={})
    staff = {"customer.email": {"contains": "@shop.example"}}
    keep(both, {"exclude": {"minors": {"age": {"lt": 18}}, "staff": staff}})
    whom = (
        both.customer(attributes={"age": 17}),
        both.customer(email="ada@SHOP.example", attributes={}),
        both.customer(email="ada@home.example", attributes={"age": 40}),
    )
    made = [one for customer in whom for one in happens(both, customer, "nps")]
    assert [rule(both, one) for one in made] == ["excluded", "excluded", None]
    assert [row.detail for row in both.rows(Decision)] == ["minors", "staff", ""]
    assert "excluded: staff" in "\n".join(explanation(both.session, made[1], both.now))


def quota(world: World, **columns: Any) -> Quota:
    values = {"key": "q", "counted": "invitations", "period": "month", "most": 2, **columns}
    row: Quota = world.add(Quota(workspace_id=world.workspace.id, created_at=NOW, **values))
    return row


def test_a_quota_of_invitations_gives_away_no_place_too_many(both: World) -> None:
    surveys(both, nps={}, other={})
    vip = {"tier": "gold"}
    segment = both.add(
        Segment(workspace_id=both.workspace.id, key="vip", name="VIP", filter=vip, created_at=NOW)
    )
    nps = both.session.scalars(select(Survey.id).where(Survey.key == "nps")).one()
    quota(both, segment_id=segment.id, survey_id=nps)
    golden = [both.customer(attributes=vip) for _ in range(4)]
    made = [one for customer in golden for one in both.happens(customer, name="nps")]
    plain = both.happens(both.customer(attributes={}), name="nps")
    elsewhere = both.happens(golden[3], name="other")
    both.fire()
    assert [rule(both, one) for one in made] == [None, None, "quota_full", "quota_full"]
    assert [rule(both, one) for one in (*plain, *elsewhere)] == [None, None]
    assert both.session.scalar(select(func.count()).select_from(QuotaUse)) == 2
    both.later(days=14)  # December has places of its own
    (next_month,) = happens(both, both.customer(attributes=vip), "nps")
    assert both.invitation(next_month).status == "sent"


def test_a_quota_of_answers_stops_once_they_are_there(world: World) -> None:
    world.trigger(world.survey(quarantine_days=0))
    quota(world, counted="answers", most=1, period="ever")
    phones = ("+447700900111", "+447700900222")
    made = [world.happens(world.customer(phone=phone))[0] for phone in phones]
    world.ask()
    assert [rule(world, one) for one in made] == [None, None]
    world.says("9", phone=phones[0])
    world.says("kind driver", phone=phones[0])
    (late,) = world.happens(world.customer(phone="+447700900333"))
    world.ask()
    assert rule(world, late) == "quota_full"
    assert "1 of 1 answers" in world.rows(Decision)[-1].detail


def test_at_night_an_sms_waits_and_a_link_does_not(both: World) -> None:
    keep(both, NIGHTS)
    survey = both.survey()
    for channel in ("sms", "web"):
        both.trigger(survey, channel=channel, event_name=channel)
    both.later(hours=10)
    (texted,) = happens(both, both.customer(), "sms")
    (linked,) = happens(both, both.customer(phone=None), "web")
    waiting = both.invitation(texted)
    assert (waiting.status, waiting.due_at) == ("scheduled", NOW + 21 * timedelta(hours=1))
    assert both.invitation(linked).status == "sent"
    stored = both.rows(Decision)[0].facts
    assert (stored["zones"], stored["zone_source"]) == (["Europe/London"], "phone number")
    both.later(hours=11)
    both.ask()
    assert both.invitation(texted).status == "sent"


def test_quiet_hours_hold_by_default_only_where_a_phone_would_ring(world: World) -> None:
    survey = world.survey()
    world.trigger(survey)
    world.later(hours=10)
    (simulated,) = happens(world, world.customer(), "delivered")
    (ringing,) = world.happens(world.customer(phone="+447700900111"))
    fire_due(world.session, replace(world.services, rings=True), world.now)
    assert world.invitation(simulated).status == "sending"
    assert world.invitation(ringing).status == "scheduled"
    keep(world, {"quiet_hours": "off"})
    (off,) = world.happens(world.customer(phone="+447700900222"))
    fire_due(world.session, replace(world.services, rings=True), world.now)
    assert world.invitation(off).status == "sending"


def test_what_is_asked_by_hand_leaves_at_night(world: World) -> None:
    keep(world, NIGHTS)
    world.survey()
    world.later(hours=10)
    key = world.customer().external_id
    made = invite(world.session, world.workspace, "after_delivery", key, "sms", world.now)
    world.session.commit()
    world.ask()
    assert world.invitation(made.id).status == "sent"


def test_quiet_days_and_public_holidays_of_the_customers_country(world: World) -> None:
    keep(world, {"quiet_days": [6], "public_holidays": True})
    world.trigger(world.survey(quarantine_days=0), expires_seconds=30 * 86400)
    world.now = NOW.replace(month=12, day=25)
    (british,) = happens(world, world.customer(), "delivered")
    (german,) = happens(world, world.customer(phone="+4915112345678"), "delivered")
    (japanese,) = happens(world, world.customer(phone="+819012345678"), "delivered")
    # in Britain Boxing Day, a Sunday and the day kept for Boxing Day follow
    assert f"{world.invitation(british).due_at:%d %H:%M}" == "29 00:00"
    assert f"{world.invitation(german).due_at:%d %H:%M}" == "27 23:00"
    assert world.invitation(japanese).status == "sending"


def test_what_would_wait_past_its_time_is_refused_at_once(world: World) -> None:
    keep(world, NIGHTS)
    world.trigger(world.survey(), expires_seconds=3600)
    world.later(hours=10)
    (made,) = happens(world, world.customer(), "delivered")
    assert (world.invitation(made).status, rule(world, made)) == ("suppressed", "no_allowed_time")


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that are run meanwhile."""
    said: list[str] = []

    def listen(*call: Any) -> None:
        said.append(call[2])

    event.listen(session.get_bind(), "before_cursor_execute", listen)
    yield said
    event.remove(session.get_bind(), "before_cursor_execute", listen)


def test_many_are_decided_on_in_few_statements(both: World) -> None:
    surveys(both, nps={})
    counts = []
    for people in (2, 20):
        for _ in range(people):
            both.happens(both.customer(phone=None), name="nps")
        with counted(both.session) as said:
            assert both.fire() == people
        counts.append(len(said))
    assert counts[0] == counts[1] < 20


def test_one_that_fails_does_not_keep_the_others_from_being_asked(world: World) -> None:
    world.trigger(world.survey())
    world.trigger(world.survey(key="broken"), event_name="broke")
    made = [
        world.happens(world.customer(phone=f"+44770090011{number}"), name=name)[0]
        for number, name in enumerate(("delivered", "broke", "delivered"))
    ]
    spoilt = world.rows(SurveyVersion)[-1]
    spoilt.definition, spoilt.content_hash = {"questions": "none"}, "spoilt"
    world.session.commit()
    world.ask()
    assert [world.invitation(one).status for one in made] == ["sent", "sending", "sent"]


def test_what_is_owed_is_the_oldest_that_is_due(both: World) -> None:
    both.trigger(both.survey(), delay_seconds=3600)
    assert owed(both.session, both.now) is None
    both.happens(both.customer(phone=PHONE))
    assert owed(both.session, both.now) is None
    due = both.now + timedelta(hours=1)
    assert owed(both.session, both.later(hours=2)) == due
