"""Eligibility: one pure function from facts to a decision that can be read and explained."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from surveys.channels.errors import known
from surveys.eligibility_facts import (
    RECHECK,
    WORDS,
    Ask,
    Consent,
    Decision,
    Facts,
    Refuse,
    Rule,
    Wait,
    explain,
    moment,
)

__all__ = [
    "RECHECK",
    "RULES",
    "WORDS",
    "Ask",
    "Consent",
    "Decision",
    "Facts",
    "Refuse",
    "Rule",
    "Wait",
    "decide",
    "explain",
]

RuleCheck = Callable[[Facts, datetime], Wait | Refuse | None]


def decide(facts: Facts, now: datetime) -> Decision:
    """The first rule that objects decides; with no objection the customer is asked."""
    for check in RULES:
        objection = check(facts, now)
        if objection is not None:
            return objection
    return Ask()


def _refuse_if(rule: Rule, holds: Callable[[Facts], bool]) -> RuleCheck:
    def check(facts: Facts, now: datetime) -> Refuse | None:
        return Refuse(rule) if holds(facts) else None

    return check


def _expired(facts: Facts, now: datetime) -> Refuse | None:
    if now < facts.expires_at:
        return None
    return Refuse(Rule.EXPIRED, f"it was good until {moment(facts.expires_at)}")


def _quarantine(rule: Rule, last: datetime | None, days: float, now: datetime) -> Refuse | None:
    if last is None or days <= 0 or now >= last + timedelta(days=days):
        return None
    free = moment(last + timedelta(days=days))
    return Refuse(rule, f"last asked {moment(last)}, {days:g} days of rest, free from {free}")


def _quarantine_survey(facts: Facts, now: datetime) -> Refuse | None:
    if facts.customer_is_test:
        return None
    last, days = facts.last_invited_survey_at, facts.survey_quarantine_days
    return _quarantine(Rule.QUARANTINE_SURVEY, last, days, now)


def _quarantine_overall(facts: Facts, now: datetime) -> Refuse | None:
    if facts.customer_is_test:
        return None
    last, days = facts.last_invited_at, facts.quarantine_days
    return _quarantine(Rule.QUARANTINE_OVERALL, last, days, now)


def _not_due(facts: Facts, now: datetime) -> Wait | None:
    return Wait(facts.due_at, Rule.NOT_DUE) if now < facts.due_at else None


def _unreachable(facts: Facts, now: datetime) -> Refuse | None:
    if facts.unreachable is None:
        return None
    why = known(facts.unreachable).words
    return Refuse(Rule.UNREACHABLE, f"{why}, error {facts.unreachable}" if why else "")


def _called_off(facts: Facts, now: datetime) -> Refuse | None:
    return Refuse(Rule.CALLED_OFF, facts.called_off) if facts.called_off else None


def _outside_window(facts: Facts, now: datetime) -> Wait | None:
    opens = facts.window_opens_at
    return Wait(opens, Rule.OUTSIDE_WINDOW) if opens is not None and now < opens else None


def _open_conversation(facts: Facts, now: datetime) -> Wait | None:
    lapses = facts.open_conversation_until
    if facts.channel != "sms" or lapses is None or lapses <= now:
        return None
    detail = f"it lapses at {moment(lapses)} at the latest"
    return Wait(min(lapses, now + RECHECK), Rule.OPEN_CONVERSATION, detail)


def _outranked(facts: Facts, now: datetime) -> Wait | None:
    if facts.channel != "sms" or facts.outranked_by is None:
        return None
    return Wait(now + RECHECK, Rule.OUTRANKED, f"it is {facts.outranked_by!r}")


# Consent stands before everything that could say "ask" or "wait"; waits stand last, so that
# nobody waits for what would be refused anyway.
RULES: tuple[RuleCheck, ...] = (
    _refuse_if(Rule.ERASED, lambda facts: facts.customer_erased),
    _refuse_if(Rule.WITHDREW_CONSENT, lambda facts: facts.consent is Consent.WITHDRAWN),
    _refuse_if(
        Rule.NO_CONSENT,
        lambda facts: facts.consent_required and facts.consent is not Consent.GRANTED,
    ),
    _refuse_if(Rule.SURVEY_OFF, lambda facts: not facts.survey_enabled),
    _refuse_if(Rule.TRIGGER_OFF, lambda facts: not facts.trigger_enabled),
    _expired,
    _refuse_if(Rule.ALREADY_ANSWERED, lambda facts: facts.already_answered),
    _called_off,
    _refuse_if(Rule.NO_ADDRESS, lambda facts: not facts.has_address),
    _unreachable,
    _not_due,
    _quarantine_survey,
    _quarantine_overall,
    _outside_window,
    _open_conversation,
    _outranked,
)
