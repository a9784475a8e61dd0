"""Triggers in words: what sets them off, when they ask, by which channels, and unless what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feedback.pages.words import condition, span
from models.survey import Trigger
from surveys.learnt_hours import learns
from surveys.windows import DAYS_END

CHANNEL_WORDS: Mapping[str, str] = {
    "sms": "SMS",
    "web": "web",
    "email": "e-mail",
    "whatsapp": "WhatsApp",
}
STATE_WORDS: Mapping[str, str] = {
    "draft": "Draft",
    "running": "Running",
    "paused": "Paused",
    "cancelled": "Cancelled",
    "done": "Done",
}


def set_off(trigger: Trigger) -> str:
    """What sets a trigger off."""
    timing = trigger.timing or {}
    if trigger.kind == "recurring":
        return f"every {timing['every_days']} days"
    if trigger.kind == "date":
        return str(timing["from"])
    return trigger.event_name


def when(trigger: Trigger) -> str:
    """How long after or before what."""
    timing = trigger.timing or {}
    hour = f", at {timing['at']}" if timing.get("at") else ""
    if trigger.kind == "recurring":
        return f"spread over the days{hour}"
    if trigger.delay_seconds < 0:
        said = f"{span(-trigger.delay_seconds)} before {timing['from']}"
    elif timing.get("from"):
        said = f"{span(trigger.delay_seconds)} after {timing['from']}"
    else:
        said = f"{span(trigger.delay_seconds)} later" if trigger.delay_seconds else "at once"
    learnt = "; at the hour it learns that people answer" if learns(timing) else ""
    return f"{said}{hour}{learnt}{_hours(trigger.window)}"


def _hours(window: Mapping[str, Any] | None) -> str:
    if not window:
        return ""
    days = f" on {', '.join(window['days'])}" if window.get("days") else ""
    end = DAYS_END if window["to"] == "00:00" else window["to"]
    return f"; sent {window['from']} to {end}{days}"


def ways(trigger: Trigger) -> str:
    """The channels in order of preference."""
    others = [one for one in (trigger.other_channels or "").split(",") if one]
    return ", else ".join(CHANNEL_WORDS.get(one, one) for one in (trigger.channel, *others))


def only_if(trigger: Trigger) -> str:
    """The filter, and what calls an invitation off."""
    holds = condition(trigger.filter) if trigger.filter else "always"
    against = [f"{_unless(rule)}" for rule in trigger.unless or ()]
    return holds + (f", unless {' or '.join(against)}" if against else "")


def _unless(rule: Mapping[str, Any]) -> str:
    what = f"{rule['answered']} was answered" if "answered" in rule else str(rule["event"])
    same = f" with the same {', '.join(rule['same'])}" if rule.get("same") else ""
    limits = f" where {condition(rule['filter'])}" if rule.get("filter") else ""
    within = f" within {span(rule['within_seconds'])}" if rule.get("within_seconds") else ""
    return f"{what}{same}{limits}{within}"
