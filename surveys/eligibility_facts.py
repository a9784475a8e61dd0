"""What an eligibility decision depends on, what it can be, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

RECHECK = timedelta(minutes=15)


class Consent(StrEnum):
    """What the ledger says last about this channel and sender."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    NONE = "none"


class Rule(StrEnum):
    """The rules that may refuse or delay; the value is stored and shown."""

    ERASED = "erased"
    WITHDREW_CONSENT = "withdrew_consent"
    NO_CONSENT = "no_consent"
    SURVEY_OFF = "survey_off"
    TRIGGER_OFF = "trigger_off"
    EXPIRED = "expired"
    ALREADY_ANSWERED = "already_answered"
    NO_ADDRESS = "no_address"
    UNREACHABLE = "unreachable"
    QUARANTINE_SURVEY = "quarantine_survey"
    QUARANTINE_OVERALL = "quarantine_overall"
    CALLED_OFF = "called_off"
    NO_DATE = "no_date"
    NOT_DUE = "not_due"
    OUTSIDE_WINDOW = "outside_window"
    OPEN_CONVERSATION = "open_conversation"
    OUTRANKED = "outranked"


WORDS: dict[Rule, str] = {
    Rule.ERASED: "the customer was erased",
    Rule.WITHDREW_CONSENT: "the customer withdrew consent for this channel",
    Rule.NO_CONSENT: "the customer has not given consent for this channel",
    Rule.SURVEY_OFF: "the survey is switched off",
    Rule.TRIGGER_OFF: "the trigger is switched off",
    Rule.EXPIRED: "the invitation expired before it could be sent",
    Rule.ALREADY_ANSWERED: "the customer has already answered",
    Rule.NO_ADDRESS: "the customer has no address for this channel",
    Rule.UNREACHABLE: "no message reaches the customer's number",
    Rule.QUARANTINE_SURVEY: "the customer was asked this survey too recently",
    Rule.QUARANTINE_OVERALL: "the customer was asked something too recently",
    Rule.CALLED_OFF: "what its trigger names as a reason not to ask has happened",
    Rule.NO_DATE: "there is no date to count from",
    Rule.NOT_DUE: "it is not due yet",
    Rule.OUTSIDE_WINDOW: "its trigger sends at other hours",
    Rule.OPEN_CONVERSATION: "another conversation with the customer is open on this number",
    Rule.OUTRANKED: "a worthier survey waits for the same customer",
}


@dataclass(frozen=True)
class Facts:
    """All that a decision depends on; times are aware UTC, spans are days (0: no quarantine).

    `open_conversation_until` is when the customer's open exchange on the sender number would
    lapse; None when there is none. `last_invited_at` speaks of every survey and channel.
    `unreachable` is the provider's code by which no SMS reaches the number. `outranked_by` is the
    key of a worthier survey that waits to be asked by SMS, or is about to be. `called_off` says
    what happened that the trigger names as a reason not to ask; `window_opens_at` is when the
    trigger's hours begin.
    """

    channel: str
    due_at: datetime
    expires_at: datetime
    consent: Consent = Consent.NONE
    consent_required: bool = False
    has_address: bool = True
    customer_erased: bool = False
    customer_is_test: bool = False
    survey_enabled: bool = True
    trigger_enabled: bool = True
    already_answered: bool = False
    last_invited_at: datetime | None = None
    last_invited_survey_at: datetime | None = None
    quarantine_days: float = 0.0
    survey_quarantine_days: float = 0.0
    open_conversation_until: datetime | None = None
    unreachable: str | None = None
    outranked_by: str | None = None
    called_off: str | None = None
    window_opens_at: datetime | None = None

    def to_json(self) -> dict[str, object]:
        """The facts as stored beside the decision: times as ISO 8601 text."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in values.items()
        }


@dataclass(frozen=True)
class Ask:
    """Ask now."""

    outcome = "ask"


@dataclass(frozen=True)
class Wait:
    """Decide again at `until`."""

    until: datetime
    rule: Rule
    detail: str = ""
    outcome = "wait"


@dataclass(frozen=True)
class Refuse:
    """Never ask for this invitation."""

    rule: Rule
    detail: str = ""
    outcome = "refuse"


Decision = Ask | Wait | Refuse


def explain(decision: Decision) -> str:
    """The decision as a sentence for a person."""
    if isinstance(decision, Ask):
        return "Asked: no rule objected."
    why = WORDS[decision.rule]
    detail = f" ({decision.detail})" if decision.detail else ""
    if isinstance(decision, Wait):
        return f"Waits until {moment(decision.until)}: {why}{detail}."
    return f"Not asked: {why}{detail}."


def moment(at: datetime) -> str:
    """A time as people read it."""
    return at.strftime("%Y-%m-%d %H:%M UTC")
