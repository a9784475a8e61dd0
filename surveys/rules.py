"""The rules that may keep a customer from being asked, and the words for each."""

from __future__ import annotations

from enum import StrEnum


class Rule(StrEnum):
    """The rules that may refuse or delay; the value is stored and shown."""

    ERASED = "erased"
    WITHDREW_CONSENT = "withdrew_consent"
    NO_CONSENT = "no_consent"
    SURVEY_OFF = "survey_off"
    TRIGGER_OFF = "trigger_off"
    EXPIRED = "expired"
    ALREADY_ANSWERED = "already_answered"
    CALLED_OFF = "called_off"
    EXCLUDED = "excluded"
    NO_ADDRESS = "no_address"
    NO_SENDER = "no_sender"
    NO_TEMPLATE = "no_template"
    UNREACHABLE = "unreachable"
    NOT_IN_SAMPLE = "not_in_sample"
    NO_DATE = "no_date"
    NOT_DUE = "not_due"
    YEARLY_CAP_SURVEY = "yearly_cap_survey"
    YEARLY_CAP = "yearly_cap"
    QUOTA_FULL = "quota_full"
    QUARANTINE_SURVEY = "quarantine_survey"
    QUARANTINE_KIND = "quarantine_kind"
    QUARANTINE_CHANNEL = "quarantine_channel"
    QUARANTINE_OVERALL = "quarantine_overall"
    ANSWERED_SURVEY = "answered_survey"
    ANSWERED_KIND = "answered_kind"
    ANSWERED_CHANNEL = "answered_channel"
    ANSWERED_OVERALL = "answered_overall"
    YIELDS = "yields"
    LEARNT_HOUR = "learnt_hour"
    OUTSIDE_WINDOW = "outside_window"
    QUIET_HOURS = "quiet_hours"
    QUIET_DAY = "quiet_day"
    PUBLIC_HOLIDAY = "public_holiday"
    NO_ALLOWED_TIME = "no_allowed_time"
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
    Rule.CALLED_OFF: "what its trigger names as a reason not to ask has happened",
    Rule.EXCLUDED: "the customer is excluded",
    Rule.NO_ADDRESS: "the customer has no address for this channel",
    Rule.NO_SENDER: "no sender is set for this channel",
    Rule.NO_TEMPLATE: "the survey has no WhatsApp template in the customer's language",
    Rule.UNREACHABLE: "no message reaches the customer's number",
    Rule.NOT_IN_SAMPLE: "the customer is not in the sample",
    Rule.NO_DATE: "there is no date to count from",
    Rule.NOT_DUE: "it is not due yet",
    Rule.YEARLY_CAP_SURVEY: "the customer was asked this survey often enough this year",
    Rule.YEARLY_CAP: "the customer was asked often enough this year",
    Rule.QUOTA_FULL: "the quota is full",
    Rule.QUARANTINE_SURVEY: "the customer was asked this survey too recently",
    Rule.QUARANTINE_KIND: "the customer was asked a survey of this kind too recently",
    Rule.QUARANTINE_CHANNEL: "the customer was asked by this channel too recently",
    Rule.QUARANTINE_OVERALL: "the customer was asked something too recently",
    Rule.ANSWERED_SURVEY: "the customer answered this survey too recently",
    Rule.ANSWERED_KIND: "the customer answered a survey of this kind too recently",
    Rule.ANSWERED_CHANNEL: "the customer answered by this channel too recently",
    Rule.ANSWERED_OVERALL: "the customer answered something too recently",
    Rule.YIELDS: "a worthier survey is due soon and would have to rest after this one",
    Rule.LEARNT_HOUR: "its trigger learns the hour of sending, and another was drawn",
    Rule.OUTSIDE_WINDOW: "its trigger sends at other hours",
    Rule.QUIET_HOURS: "it is quiet time where the customer is",
    Rule.QUIET_DAY: "it is a quiet day where the customer is",
    Rule.PUBLIC_HOLIDAY: "it is a public holiday where the customer is",
    Rule.NO_ALLOWED_TIME: "quiet time lasts until the invitation expires",
    Rule.OPEN_CONVERSATION: "another conversation with the customer is open on this number",
    Rule.OUTRANKED: "a worthier survey waits for the same customer",
}


def words_of(rule: str) -> str:
    """What a stored rule says; one that is not known any more stands for itself."""
    return WORDS[Rule(rule)] if rule in _ALL else rule


_ALL = frozenset(str(rule) for rule in Rule)
