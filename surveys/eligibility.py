"""Eligibility: one pure function from facts to a decision that can be read and explained."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from surveys import fairness, peace
from surveys.channels.addresses import TALKS
from surveys.channels.errors import known
from surveys.decisions import reason
from surveys.eligibility_facts import (
    RECHECK,
    WORDS,
    Ask,
    Check,
    Consent,
    Decision,
    Facts,
    Refuse,
    Rule,
    Wait,
    explain,
    moment,
)
from surveys.sending_hours import HOURS

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
    "Seen",
    "Wait",
    "decide",
    "explain",
    "trace",
]


def decide(facts: Facts, now: datetime) -> Decision:
    """The first rule that objects decides; with no objection the customer is asked.

    Nobody is told to wait for a time at which the invitation is no longer good.
    """
    for check in RULES:
        objection = check.look(facts, now)
        if objection is not None:
            return _within(facts, objection)
    return Ask()


def _within(facts: Facts, objection: Wait | Refuse) -> Wait | Refuse:
    if isinstance(objection, Refuse) or objection.until < facts.expires_at:
        return objection
    return Refuse(Rule.EXPIRED, f"{reason(objection)}; it is good until {moment(facts.expires_at)}")


@dataclass(frozen=True)
class Seen:
    """What one rule saw; `objects` where it was the one that decided, None where it had no say
    because an earlier one had decided."""

    name: str
    saw: str
    objects: bool | None


def trace(facts: Facts, now: datetime) -> Iterator[Seen]:
    """Every rule in order, with what it saw: the decision of `decide`, step by step."""
    decided = False
    for check in RULES:
        objects = None if decided else check.look(facts, now) is not None
        yield Seen(check.name, check.saw(facts, now), objects)
        decided = decided or bool(objects)


def _expired(facts: Facts, now: datetime) -> Refuse | None:
    if now < facts.expires_at:
        return None
    return Refuse(Rule.EXPIRED, f"it was good until {moment(facts.expires_at)}")


def _excluded(facts: Facts, now: datetime) -> Refuse | None:
    return None if facts.excluded is None else Refuse(Rule.EXCLUDED, facts.excluded)


def _called_off(facts: Facts, now: datetime) -> Refuse | None:
    return Refuse(Rule.CALLED_OFF, facts.called_off) if facts.called_off else None


def _not_due(facts: Facts, now: datetime) -> Wait | None:
    return Wait(facts.due_at, Rule.NOT_DUE) if now < facts.due_at else None


def _unreachable(facts: Facts, now: datetime) -> Refuse | None:
    if facts.unreachable is None:
        return None
    why = known(facts.unreachable).words
    return Refuse(Rule.UNREACHABLE, f"{why}, error {facts.unreachable}" if why else "")


def _open_conversation(facts: Facts, now: datetime) -> Wait | None:
    lapses = facts.open_conversation_until
    if facts.channel not in TALKS or lapses is None or lapses <= now:
        return None
    detail = f"it lapses at {moment(lapses)} at the latest"
    return Wait(min(lapses, now + RECHECK), Rule.OPEN_CONVERSATION, detail)


def _saw_conversation(facts: Facts, now: datetime) -> str:
    lapses = facts.open_conversation_until
    return "none is open" if lapses is None else f"one is open until {moment(lapses)}"


def _flag(rule: Rule, holds: Callable[[Facts], bool], saw: Callable[[Facts], str]) -> Check:
    def look(facts: Facts, now: datetime) -> Refuse | None:
        return Refuse(rule) if holds(facts) else None

    return Check(rule.value, look, lambda facts, now: saw(facts))


def _lacks(rule: Rule) -> Check:
    def saw(facts: Facts) -> str:
        return "it is lacking" if facts.lacking == rule else "nothing is lacking"

    return _flag(rule, lambda facts: facts.lacking == rule, saw)


def _on(is_on: bool) -> str:
    return "it is on" if is_on else "it is off"


# Consent stands before everything that could say "ask" or "wait"; waits stand last, so that
# nobody waits for what would be refused anyway.
RULES: tuple[Check, ...] = (
    _flag(
        Rule.ERASED,
        lambda facts: facts.customer_erased,
        lambda facts: "erased" if facts.customer_erased else "the customer is there",
    ),
    _flag(
        Rule.WITHDREW_CONSENT,
        lambda facts: facts.consent is Consent.WITHDRAWN,
        lambda facts: f"the ledger says {facts.consent.value}",
    ),
    _flag(
        Rule.NO_CONSENT,
        lambda facts: facts.consent_required and facts.consent is not Consent.GRANTED,
        lambda facts: "must be given" if facts.consent_required else "needs not be given",
    ),
    _flag(
        Rule.SURVEY_OFF,
        lambda facts: not facts.survey_enabled,
        lambda facts: _on(facts.survey_enabled),
    ),
    _flag(
        Rule.TRIGGER_OFF,
        lambda facts: not facts.trigger_enabled,
        lambda facts: _on(facts.trigger_enabled),
    ),
    Check("expired", _expired, lambda facts, now: f"good until {moment(facts.expires_at)}"),
    _flag(
        Rule.ALREADY_ANSWERED,
        lambda facts: facts.already_answered,
        lambda facts: "answered" if facts.already_answered else "not answered",
    ),
    Check("called_off", _called_off, lambda facts, now: facts.called_off or "nothing happened"),
    Check("excluded", _excluded, lambda facts, now: facts.excluded or "under no exclusion"),
    _flag(
        Rule.NO_ADDRESS,
        lambda facts: not facts.has_address,
        lambda facts: "there is one" if facts.has_address else "there is none",
    ),
    _lacks(Rule.NO_SENDER),
    _lacks(Rule.NO_TEMPLATE),
    Check("unreachable", _unreachable, lambda facts, now: facts.unreachable or "nothing known"),
    fairness.SAMPLE,
    Check("not_due", _not_due, lambda facts, now: f"due {moment(facts.due_at)}"),
    *fairness.LIMITS,
    *HOURS,
    *peace.QUIET,
    Check("open_conversation", _open_conversation, _saw_conversation),
    fairness.OUTRANKED,
)
