"""What the pure decision never does, and what each rule of fairness sees."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.eligibility import (
    Ask,
    Consent,
    Decision,
    Facts,
    Refuse,
    Rule,
    Wait,
    decide,
    explain,
    trace,
)
from surveys.eligibility_facts import Cap, Quota, Rival, Sample
from surveys.quiet import Holiday, Quiet
from surveys.rests import RULES as REST_RULES
from surveys.rests import After, Of, Rest
from surveys.sampling import draw
from surveys.schedule import QuietHours

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FINE = Facts(channel="sms", due_at=NOW, expires_at=NOW + 7 * DAY, consent=Consent.GRANTED)
NIGHT = Quiet(QuietHours(time(20), time(9)))
APART = ("Pacific/Pago_Pago", "Pacific/Kiritimati", "Europe/London")
AT_NIGHT = NOW + timedelta(hours=10)

SPANS = st.integers(-4000, 4000).map(lambda hours: NOW + timedelta(hours=hours))
RESTS = st.builds(
    Rest,
    st.sampled_from(Of),
    st.sampled_from(After),
    st.sampled_from([0.0, 0.5, 1.0, 7.0, 90.0]),
    st.none() | SPANS.filter(lambda at: at <= NOW),
    st.booleans(),
)
QUIETS = st.builds(
    Quiet,
    st.none() | st.builds(QuietHours, st.times(), st.times()),
    st.lists(st.integers(0, 6), max_size=6, unique=True).map(tuple),
    st.lists(st.builds(Holiday, st.just(date(2026, 11, 18)), st.just("a day off")), max_size=1).map(
        tuple
    ),
)
ZONES = st.lists(
    st.sampled_from(["Europe/London", "America/New_York", "Asia/Tokyo", "Nowhere/Land"]),
    max_size=3,
).map(tuple)
FACTS = st.builds(
    Facts,
    channel=st.sampled_from(["sms", "web", "email", "whatsapp"]),
    due_at=SPANS,
    expires_at=SPANS,
    consent=st.sampled_from(Consent),
    consent_required=st.booleans(),
    customer_is_test=st.booleans(),
    by_hand=st.booleans(),
    excluded=st.sampled_from([None, None, "staff"]),
    sample=st.none() | st.builds(Sample, st.floats(0.01, 1), st.floats(0, 0.999)),
    caps=st.lists(
        st.builds(Cap, st.sampled_from([Of.SURVEY, Of.ALL]), st.integers(1, 5), st.integers(0, 6)),
        max_size=2,
    ).map(tuple),
    quotas=st.lists(
        st.builds(Quota, st.just("vip"), st.integers(0, 5), st.integers(0, 6)), max_size=2
    ).map(tuple),
    rests=st.lists(RESTS, max_size=4).map(tuple),
    rival=st.none() | st.builds(Rival, st.just("nps"), SPANS, st.floats(0, 90)),
    quiet=st.none() | QUIETS,
    zones=ZONES,
    open_conversation_until=st.none() | SPANS,
)


@given(FACTS)
def test_what_is_never_done(facts: Facts) -> None:
    decision = decide(facts, NOW)
    if isinstance(decision, Ask):
        assert facts.consent is not Consent.WITHDRAWN and facts.excluded is None
        assert facts.due_at <= NOW < facts.expires_at
        if not facts.customer_is_test:
            assert all((rest.free_at() or NOW) <= NOW for rest in facts.rests)
            assert all(cap.asked < cap.most for cap in facts.caps)
        if not facts.customer_is_test and not facts.by_hand:
            assert all(quota.had < quota.most for quota in facts.quotas)
            assert facts.sample is None or facts.sample.draw < facts.sample.share
            assert not disturbed(facts, NOW)
    if isinstance(decision, Wait):
        assert NOW < decision.until < facts.expires_at
    if facts.consent is Consent.WITHDRAWN:
        assert isinstance(decision, Refuse)
    assert explain(decision)


def disturbed(facts: Facts, at: datetime) -> bool:
    """Whether it is quiet for the customer in any zone they may be in, said once more plainly."""
    if facts.quiet is None:
        return False
    for name in facts.zones:
        local = at.astimezone(ZoneInfo("UTC" if name == "Nowhere/Land" else name))
        hours = facts.quiet.hours
        if hours and hours.start <= hours.end and hours.start <= local.time() < hours.end:
            return True
        if hours and hours.start > hours.end and not hours.end <= local.time() < hours.start:
            return True
        if local.weekday() in facts.quiet.days:
            return True
        if local.date() in {one.day for one in facts.quiet.holidays}:
            return True
    return False


@given(FACTS)
def test_what_is_stored_is_read_back_and_decides_the_same(facts: Facts) -> None:
    again = Facts.from_json(json.loads(json.dumps(facts.to_json())))
    assert again == facts
    assert decide(again, NOW) == decide(facts, NOW)


@given(FACTS)
def test_the_trace_tells_what_was_decided(facts: Facts) -> None:
    seen, decision = list(trace(facts, NOW)), decide(facts, NOW)
    objected = [one for one in seen if one.objects]
    assert len(objected) == (0 if isinstance(decision, Ask) else 1)
    if objected:
        place = seen.index(objected[0])
        assert all(one.objects is False for one in seen[:place])
        assert all(one.objects is None for one in seen[place + 1 :])
    assert all(one.saw for one in seen)


@given(st.integers(1, 50), st.text(max_size=8), st.text(max_size=8))
def test_a_larger_sample_keeps_all_of_the_smaller(workspace: int, salt: str, customer: str) -> None:
    lot = draw(workspace, salt, customer)
    assert 0 <= lot < 1
    assert lot == draw(workspace, salt, customer)
    asked = [
        isinstance(decide(replace(FINE, sample=Sample(share / 100, lot)), NOW), Ask)
        for share in range(1, 101)
    ]
    assert asked == sorted(asked) and asked[-1]


def test_a_tenth_is_a_tenth_and_another_salt_draws_anew() -> None:
    lots = [draw(1, "nps", f"c{n}") for n in range(20_000)]
    assert 0.094 < sum(lot < 0.1 for lot in lots) / len(lots) < 0.106
    others = [draw(1, "csat", f"c{n}") for n in range(20_000)]
    both = sum(one < 0.1 and other < 0.1 for one, other in zip(lots, others, strict=True))
    assert 0.007 < both / len(lots) < 0.013


@pytest.mark.parametrize(("of", "after"), list(REST_RULES))
def test_each_rest_refuses_or_is_waited_out(of: Of, after: After) -> None:
    rest = Rest(of, after, 3, NOW - DAY)
    refused = decide(replace(FINE, rests=(rest,)), NOW)
    assert isinstance(refused, Refuse) and refused.rule is REST_RULES[of, after]
    waits = replace(rest, waits=True)
    assert decide(replace(FINE, rests=(waits,)), NOW) == Wait(
        NOW + 2 * DAY, REST_RULES[of, after], refused.detail
    )
    late = replace(FINE, rests=(replace(waits, days=9),))
    decision = decide(late, NOW)
    assert isinstance(decision, Refuse) and decision.rule is Rule.EXPIRED
    assert "too recently" in decision.detail and "2026-11-25" in decision.detail


def test_the_longest_rest_is_waited_for() -> None:
    rests = (
        Rest(Of.ALL, After.INVITATION, 2, NOW - DAY, waits=True),
        Rest(Of.ALL, After.ANSWER, 5, NOW - DAY, waits=True),
    )
    decision = decide(replace(FINE, rests=rests), NOW)
    assert isinstance(decision, Wait)
    assert (decision.until, decision.rule) == (NOW + 4 * DAY, Rule.ANSWERED_OVERALL)


RIVAL = Rival("nps", NOW + 5 * DAY, 30)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"rival": RIVAL}, Rule.YIELDS),
        ({"rival": replace(RIVAL, rest_days=4)}, None),
        ({"rival": RIVAL, "by_hand": True}, None),
        ({"rival": RIVAL, "customer_is_test": True}, None),
        ({"rival": RIVAL, "channel": "web"}, Rule.YIELDS),
        ({"rival": replace(RIVAL, due_at=NOW)}, Rule.OUTRANKED),
        ({"rival": replace(RIVAL, due_at=NOW), "channel": "email"}, Rule.OUTRANKED),
        ({"rival": replace(RIVAL, due_at=NOW, rest_days=0), "channel": "email"}, None),
        ({"excluded": "staff"}, Rule.EXCLUDED),
        ({"excluded": "staff", "by_hand": True}, Rule.EXCLUDED),
        ({"caps": (Cap(Of.ALL, 6, 6, NOW - 300 * DAY),)}, Rule.YEARLY_CAP),
        ({"caps": (Cap(Of.SURVEY, 2, 2), Cap(Of.ALL, 6, 6))}, Rule.YEARLY_CAP_SURVEY),
        ({"quotas": (Quota("vip", 200, 199), Quota("all", 9, 9))}, Rule.QUOTA_FULL),
        ({"quotas": (Quota("vip", 0, 0),)}, Rule.QUOTA_FULL),
        ({"quiet": Quiet(None, (2,)), "zones": ("UTC",)}, Rule.QUIET_DAY),
        (
            {
                "quiet": Quiet(None, (), (Holiday(NOW.date(), "Day of Repentance"),)),
                "zones": ("UTC",),
            },
            Rule.PUBLIC_HOLIDAY,
        ),
        ({"quiet": Quiet(None, tuple(range(7))), "zones": ("UTC",)}, Rule.NO_ALLOWED_TIME),
        ({"quiet": NIGHT, "zones": ("Asia/Tokyo",)}, Rule.QUIET_HOURS),
        ({"quiet": NIGHT, "zones": ("Asia/Tokyo",), "by_hand": True}, None),
        ({"quiet": NIGHT, "zones": ("Asia/Tokyo",), "customer_is_test": True}, None),
        (
            {"quiet": NIGHT, "zones": APART},
            Rule.NO_ALLOWED_TIME,
        ),
    ],
)
def test_the_rule_that_decides(change: dict[str, Any], rule: Rule | None) -> None:
    assert rule_of(decide(replace(FINE, **change), NOW)) is rule


def rule_of(decision: Decision) -> Rule | None:
    return None if isinstance(decision, Ask) else decision.rule


def test_quiet_time_is_told_with_how_the_zone_is_known() -> None:
    facts = replace(FINE, quiet=NIGHT, zones=("Europe/London",), zone_source="phone number")
    told = explain(decide(facts, AT_NIGHT))
    assert told.startswith("Waits until 2026-11-19 09:00 UTC: it is quiet time")
    assert "22:00 on Wednesday in Europe/London, known by phone number" in told


def test_an_exclusion_is_called_by_its_name() -> None:
    assert explain(decide(replace(FINE, excluded="staff"), NOW)) == "Not asked: excluded: staff."


def test_one_that_yields_and_may_wait_waits_for_the_worthier() -> None:
    rests = (Rest(Of.ALL, After.INVITATION, 30, None, waits=True),)
    decision = decide(replace(FINE, rival=RIVAL, rests=rests), NOW)
    assert isinstance(decision, Wait)
    assert (decision.rule, decision.until) == (Rule.YIELDS, RIVAL.due_at)


def test_facts_of_an_older_program_are_read() -> None:
    old = {
        **{"channel": "sms", "due_at": "2026-11-18T12:00:00+00:00", "consent": "none"},
        **{"expires_at": "2026-11-25T12:00:00+00:00", "quarantine_days": 30.0},
        **{"last_invited_at": "2026-11-17T12:00:00+00:00", "outranked_by": None},
    }
    assert decide(Facts.from_json(old), NOW) == Ask()
