"""What the parts of a configuration file are made of: keys, names, spans of time."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic import StringConstraints as Text

from feedback.api.schemas import refuse

_DURATION = re.compile(
    r"(\d+(?:\.\d+)?)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)"
)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LONGEST = 366 * 86_400


def seconds(raw: object) -> object:
    """A span of time as people write it, in whole seconds."""
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
    """A span in which something can happen."""
    if span < 60:
        raise refuse("is shorter than a minute", "Use an hour or more.")
    return span


Key = Annotated[str, Text(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
Name = Annotated[str, Text(min_length=1, max_length=120)]
EventName = Annotated[str, Text(min_length=1, max_length=120)]
Seconds = Annotated[int, BeforeValidator(seconds)]
Days = Annotated[float, Field(ge=0, le=3650)]


class Part(BaseModel):
    """What every part of a file has in common: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
