"""Rules of contact in a configuration: read, checked, and laid over what was set before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic import StringConstraints as Text

from feedback.api.schemas import refuse
from feedback.configuration.problems import Problem, of_error
from models.errors import InvalidInput
from models.survey import Survey
from models.workspace import Workspace
from surveys.conditions import parse_filter
from surveys.contact_rules import OFF
from surveys.quiet import WEEKDAYS
from surveys.rests import After, Of

_SPAN = re.compile(r"(\d\d?):(\d\d)\s*[-\u2013]\s*(\d\d?):(\d\d)")
_SPAN_MEND = "Write it as 20:00-09:00, or off."
_LEAST_OPEN = timedelta(hours=1)
_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - only a day to subtract clock times on


def _hours(raw: object) -> object:
    if raw is False or raw == OFF:  # YAML reads a bare off as false
        return OFF
    match = _SPAN.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if match is None:
        raise refuse("is no span of hours", _SPAN_MEND)
    hours, minutes = (int(match[1]), int(match[3])), (int(match[2]), int(match[4]))
    if max(hours) > 24 or max(minutes) > 59 or (24 in hours and any(minutes)):
        raise refuse("is no time of day", _SPAN_MEND)
    start, end = (time(h % 24, m) for h, m in zip(hours, minutes, strict=True))
    if _open(start, end) < _LEAST_OPEN:
        raise refuse("leaves no hour in which to ask", "Leave an hour or more of the day.")
    return {"start": start.isoformat(), "end": end.isoformat()}


def _open(start: time, end: time) -> timedelta:
    """How much of the day is not quiet."""
    day = timedelta(days=1)
    quiet = (datetime.combine(_EPOCH, end) - datetime.combine(_EPOCH, start)) % day
    return day - (quiet or day)


def _weekdays(raw: object) -> object:
    if not isinstance(raw, list | tuple):
        raise refuse("is no list of weekdays", "Write it as [saturday, sunday].")
    unknown = next((one for one in raw if str(one).lower() not in WEEKDAYS), None)
    if unknown is not None:
        raise refuse(f"{unknown!r} is no weekday", "Write weekdays such as sunday.")
    days = sorted({WEEKDAYS.index(str(one).lower()) for one in raw})
    if len(days) == 7:
        raise refuse("leaves no day on which to ask", "Leave a day or more of the week.")
    return days


def _share(raw: object) -> object:
    text = raw.strip() if isinstance(raw, str) else ""
    if re.fullmatch(r"\d+(\.\d+)?\s*%", text):
        raw = float(text.rstrip("% ")) / 100
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 < raw <= 1:
        raise refuse("is no share above none, to all", "Write it as 10% or 0.1.")
    return float(raw)


Share = Annotated[float, BeforeValidator(_share)]
Days = Annotated[float, Field(ge=0, le=3650)]
Kind = Annotated[str, Text(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Exclusion = Annotated[str, Text(min_length=1, max_length=60)]


class RestIn(BaseModel):
    """So many days of rest, after an invitation or an answer, of this survey or of more."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: Of = Of.ALL
    after: After = After.INVITATION
    days: Days
    then: Literal["skip", "wait"] = "skip"
    kind: Kind | None = None

    def kept(self) -> dict[str, Any]:
        """As `surveys.contact_rules` keeps it."""
        kept = {"of": self.of.value, "after": self.after.value, "days": self.days}
        kept |= {"waits": True} if self.then == "wait" else {}
        return kept | ({"kind": self.kind} if self.kind else {})


Hours = Annotated[dict[str, str] | Literal["off"], BeforeValidator(_hours)]
Weekdays = Annotated[tuple[int, ...], BeforeValidator(_weekdays)]


class PeaceIn(BaseModel):
    """When customers are left in peace; an empty value takes a setting back to its default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    quiet_hours: Hours | None = None
    quiet_days: Weekdays | None = None
    public_holidays: bool | None = None
    quiet_channels: list[Literal["sms", "whatsapp", "email"]] | None = None
    yearly_cap: Annotated[int, Field(ge=1, le=1000)] | None = None
    quarantine: list[RestIn] | None = None


FIELDS = frozenset(PeaceIn.model_fields) | {"exclude"}


def lay_over(row: Workspace | Survey, label: str, given: BaseModel) -> Iterator[str]:
    """Set the rules that were given; one line a rule that differs."""
    old: Mapping[str, Any] = row.contact_rules or {}
    new = dict(old)
    for name in sorted(FIELDS & given.model_fields_set):
        value = _plain(getattr(given, name))
        if old.get(name) != value:
            yield f"{label}: {name} is {_shown(value)} (was {_shown(old.get(name))})"
        new[name] = value
    kept = {name: value for name, value in new.items() if value is not None}
    if kept != old:
        row.contact_rules = kept or None


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [one.kept() if isinstance(one, RestIn) else one for one in value]
    return value


def _shown(value: Any) -> str:
    if value is None:
        return "the default"
    if isinstance(value, dict) and set(value) == {"start", "end"}:
        return f"{value['start'][:5]}-{value['end'][:5]}"
    return str(value)


def exclusion_problems(exclude: Mapping[str, Any] | None) -> Iterator[Problem]:
    """What is wrong with the filters of exclusions."""
    for name, wanted in (exclude or {}).items():
        try:
            parse_filter(wanted)
        except InvalidInput as error:
            yield of_error(error, ("workspace", "exclude", name))
