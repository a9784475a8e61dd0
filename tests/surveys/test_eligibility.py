from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.eligibility import (
    RECHECK,
    WORDS,
    Ask,
    Consent,
    Facts,
    Refuse,
    Rule,
    Wait,
    decide,
    explain,
)
from surveys.rests import After, Of, Rest

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FINE = Facts(channel="sms", due_at=NOW, expires_at=NOW + DAY, consent=Consent.GRANTED)


def test_nothing_objects_to_a_due_invitation() -> None:
    assert decide(FINE, NOW) == Ask()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"customer_erased": True}, Rule.ERASED),
        ({"consent": Consent.WITHDRAWN}, Rule.WITHDREW_CONSENT),
        ({"consent": Consent.NONE, "consent_required": True}, Rule.NO_CONSENT),
        ({"survey_enabled": False}, Rule.SURVEY_OFF),
        ({"trigger_enabled": False}, Rule.TRIGGER_OFF),
        ({"expires_at": NOW}, Rule.EXPIRED),
        ({"already_answered": True}, Rule.ALREADY_ANSWERED),
        ({"has_address": False}, Rule.NO_ADDRESS),
        (
            {"rests": (Rest(Of.SURVEY, After.INVITATION, 90, NOW - 89 * DAY),)},
            Rule.QUARANTINE_SURVEY,
        ),
        (
            {"rests": (Rest(Of.ALL, After.INVITATION, 7, NOW - 6 * DAY),)},
            Rule.QUARANTINE_OVERALL,
        ),
    ],
)
def test_each_rule_refuses_and_says_so(change: dict[str, Any], rule: Rule) -> None:
    decision = decide(replace(FINE, **change), NOW)
    assert isinstance(decision, Refuse)
    assert decision.rule is rule
    assert explain(decision).startswith(f"Not asked: {WORDS[rule]}")


@pytest.mark.parametrize(
    "change",
    [
        {"consent": Consent.NONE},
        {"rests": (Rest(Of.ALL, After.INVITATION, 7, NOW - 7 * DAY),)},
        {"rests": (Rest(Of.ALL, After.INVITATION, 0, NOW - DAY),)},
        {"rests": (Rest(Of.ALL, After.INVITATION, 7, None),)},
        {"open_conversation_until": NOW},
        {"channel": "web", "open_conversation_until": NOW + DAY},
    ],
)
def test_what_is_no_objection(change: dict[str, Any]) -> None:
    assert decide(replace(FINE, **change), NOW) == Ask()


def test_a_frequent_survey_does_not_starve_a_rare_one() -> None:
    facts = replace(
        FINE,
        rests=(
            Rest(Of.SURVEY, After.INVITATION, 90, NOW - 91 * DAY),
            Rest(Of.ALL, After.INVITATION, 7, NOW - 8 * DAY),
        ),
    )
    assert decide(facts, NOW) == Ask()


def test_no_quarantine_consent_or_test_flag_overrides_a_withdrawal() -> None:
    flags = {"customer_is_test": True, "rests": (), "consent_required": False}
    decision = decide(replace(FINE, consent=Consent.WITHDRAWN, **flags), NOW)
    assert isinstance(decision, Refuse)
    assert decision.rule is Rule.WITHDREW_CONSENT


def test_test_customers_are_not_quarantined() -> None:
    rests = (Rest(Of.ALL, After.INVITATION, 30, NOW),)
    facts = replace(FINE, customer_is_test=True, rests=rests)
    assert decide(facts, NOW) == Ask()


def test_too_early_waits_until_due() -> None:
    decision = decide(replace(FINE, due_at=NOW + timedelta(hours=2)), NOW)
    assert decision == Wait(NOW + timedelta(hours=2), Rule.NOT_DUE)
    assert explain(decision) == "Waits until 2026-11-18 14:00 UTC: it is not due yet."


def test_an_open_conversation_is_looked_at_again_soon_or_when_it_lapses() -> None:
    for until, again in ((NOW + DAY, NOW + RECHECK), (NOW + RECHECK / 3, NOW + RECHECK / 3)):
        decision = decide(replace(FINE, open_conversation_until=until), NOW)
        assert isinstance(decision, Wait)
        assert (decision.rule, decision.until) == (Rule.OPEN_CONVERSATION, again)


def test_a_number_that_nothing_reaches_is_not_asked_and_told_why() -> None:
    decision = decide(replace(FINE, unreachable="30006"), NOW)
    assert isinstance(decision, Refuse)
    assert "landline" in explain(decision) and "error 30006" in explain(decision)


def test_nobody_waits_for_what_is_refused_anyway() -> None:
    decision = decide(replace(FINE, due_at=NOW + DAY / 2, has_address=False), NOW)
    assert isinstance(decision, Refuse)


def test_the_detail_of_a_quarantine_says_since_when_and_until_when() -> None:
    facts = replace(FINE, rests=(Rest(Of.ALL, After.INVITATION, 7, NOW - DAY),))
    text = explain(decide(facts, NOW))
    assert "2026-11-17 12:00 UTC" in text and "2026-11-24 12:00 UTC" in text


def test_all_rules_have_words_and_facts_are_json() -> None:
    assert set(WORDS) == set(Rule)
    stored = json.loads(json.dumps(FINE.to_json()))
    assert stored["due_at"] == "2026-11-18T12:00:00Z"
    assert stored["consent"] == "granted"
    assert explain(Ask()) == "Asked: no rule objected."


@given(
    st.sampled_from(list(Consent)),
    st.tuples(*[st.booleans()] * 7),
    st.integers(-3, 3),
    st.integers(-3, 3),
)
def test_a_withdrawal_is_never_asked_nor_waited_for(
    consent: Consent, flags: tuple[bool, ...], due: int, expires: int
) -> None:
    facts = Facts("sms", NOW + due * DAY, NOW + expires * DAY, consent, *flags)
    decision = decide(facts, NOW)
    if consent is Consent.WITHDRAWN:
        assert isinstance(decision, Refuse)
    if isinstance(decision, Wait):
        assert decision.until > NOW
    assert explain(decision)


def test_an_outcome_is_what_the_ledger_stores() -> None:
    outcomes = {Ask().outcome, Wait(NOW, Rule.NOT_DUE).outcome, Refuse(Rule.EXPIRED).outcome}
    assert outcomes == {"ask", "wait", "refuse"}
