"""Spans of time as people write them in a configuration."""

from __future__ import annotations

import re

from feedback.api.schemas import refuse

_DURATION = re.compile(
    r"(\d+(?:\.\d+)?)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)"
)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LONGEST = 366 * 86_400


def seconds(raw: object) -> object:
    """A span such as 2h or 3 days, in seconds."""
    if isinstance(raw, int) and raw == 0:
        return 0
    text = raw.strip().lower() if isinstance(raw, str) else ""
    if text.startswith("-") or (isinstance(raw, int) and raw < 0):
        mend = "Use zero or more; for a time before a date write `before: 2 days` with `from`."
        raise refuse("is below zero", mend)
    match = _DURATION.fullmatch(text)
    if match is None:
        raise refuse("is no span of time", "Write it as 30 minutes, 2h or 3 days.")
    span = round(float(match[1]) * _UNITS[match[2][0]])
    if span > _LONGEST:
        raise refuse("is longer than a year", "Use a year at most.")
    return span


def lasting(span: int) -> int:
    """At least a minute."""
    if span < 60:
        raise refuse("is shorter than a minute", "Use an hour or more.")
    return span


def reminding(raw: object) -> object:
    """How long a silent customer is waited for, in seconds; None: never reminded."""
    if raw is None or raw == "never":
        return None
    span = seconds(raw)
    if not isinstance(span, int) or not 3_600 <= span <= 23 * 3_600:
        raise refuse("is outside 1 to 23 hours", "An exchange lapses after 24 hours of silence.")
    return span
