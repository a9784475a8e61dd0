"""The rule of quiet time: wait until the first moment that is quiet nowhere they may be.

What a person of the team asks by hand goes out at once, and so does what goes to a test
customer, whose phone is the team's own.
"""

from __future__ import annotations

from datetime import datetime

from surveys.decisions import moment
from surveys.eligibility_facts import Check, Facts, Refuse, Rule, Wait
from surveys.quiet import WEEKDAYS, Hush, Quiet, first_allowed, hush


def decide_quiet(facts: Facts, now: datetime) -> Wait | Refuse | None:
    """A wait until quiet time is over, or a refusal where that is too late."""
    quiet = facts.quiet
    if quiet is None or facts.by_hand or facts.customer_is_test:
        return None
    found = hush(quiet, facts.zones, now)
    if found is None:
        return None
    allowed = first_allowed(quiet, facts.zones, now, facts.expires_at)
    if allowed is None:
        until = moment(facts.expires_at)
        return Refuse(Rule.NO_ALLOWED_TIME, f"{_told(facts, found)}; it is good until {until}")
    return Wait(allowed, found.rule, _told(facts, found))


def _told(facts: Facts, found: Hush) -> str:
    name = f", {found.name}" if found.name else ""
    source = f", known by {facts.zone_source}" if facts.zone_source else ""
    local = found.local
    day, time = WEEKDAYS[local.weekday()].title(), local.isoformat(" ", "minutes")[11:16]
    return f"{time} on {day} in {found.zone}{source}{name}"


def _saw(facts: Facts, now: datetime) -> str:
    if facts.quiet is None:
        return "none is kept"
    where = ", ".join(facts.zones) or "UTC"
    source = f" (by {facts.zone_source})" if facts.zone_source else ""
    return f"{_kept(facts.quiet)} in {where}{source}"


def _kept(quiet: Quiet) -> str:
    hours = f"{quiet.hours.start:%H:%M}-{quiet.hours.end:%H:%M}" if quiet.hours else ""
    days = ", ".join(WEEKDAYS[day].title() for day in quiet.days)
    holidays = ", ".join(f"{one.name} {one.day}" for one in quiet.holidays)
    return "; ".join(part for part in (hours, days, holidays) if part) or "no hour"


QUIET = (Check("quiet_time", decide_quiet, _saw),)
