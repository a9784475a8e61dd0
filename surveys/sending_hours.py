"""The rules of a trigger's hours: the one it has learnt, and those in which it sends at all."""

from __future__ import annotations

from datetime import datetime

from surveys.eligibility_facts import Check, Facts, LearntHour, Rule, Wait, moment


def _learnt(facts: Facts, now: datetime) -> Wait | None:
    hour = facts.hour
    if hour is None or now >= hour.at:
        return None
    return Wait(hour.at, Rule.LEARNT_HOUR, told(hour))


def told(hour: LearntHour) -> str:
    """The hour that was drawn, and what it was drawn from."""
    seen = f"{hour.answered:,} of {hour.asked:,} asked then answered" if hour.asked else "not tried"
    return f"{hour.hour} h of the customer's day, {seen}; drawn of {hour.of} hours"


def _saw_learnt(facts: Facts, now: datetime) -> str:
    hour = facts.hour
    if hour is None:
        return "its trigger learns no hour, or none is to be chosen"
    sent = "to be sent" if now < hour.at else "sent"
    return f"{sent} at {told(hour)}"


def _outside_window(facts: Facts, now: datetime) -> Wait | None:
    opens = facts.window_opens_at
    return Wait(opens, Rule.OUTSIDE_WINDOW) if opens is not None and now < opens else None


def _saw_window(facts: Facts, now: datetime) -> str:
    opens = facts.window_opens_at
    return f"they begin {moment(opens)}" if opens is not None else "it sends at any hour"


# The learnt hour stands first: it lies in the window and in no quiet time, so that who waits for
# it need not wait for those.
HOURS = (
    Check("learnt_hour", _learnt, _saw_learnt),
    Check("outside_window", _outside_window, _saw_window),
)
