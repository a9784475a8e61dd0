"""Rules of contact as a workspace and its surveys keep them, and what holds for one survey."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from functools import lru_cache
from typing import Any, Literal

from pydantic import TypeAdapter

from surveys.conditions import Filter, parse_filter
from surveys.rests import RULES, After, Of, Rest
from surveys.schedule import QuietHours

DEFAULT_HOURS = QuietHours(time(20), time(9))
"""Kept where nothing else is set and a text would reach a real phone."""
RINGING = ("sms", "whatsapp")
QUIET_CHANNELS = (*RINGING, "email")
OFF: Literal["off"] = "off"


@dataclass(frozen=True)
class RestRule:
    """A rest of so many days; of kind `kind` alone, where that is named."""

    of: Of
    after: After
    days: float
    waits: bool = False
    kind: str | None = None


@dataclass(frozen=True)
class ContactRules:
    """What a workspace or a survey has set; None where it has not. Weekdays: Monday is 0."""

    quiet_hours: QuietHours | Literal["off"] | None = None
    quiet_days: tuple[int, ...] | None = None
    public_holidays: bool | None = None
    quiet_channels: tuple[str, ...] | None = None
    yearly_cap: int | None = None
    quarantine: tuple[RestRule, ...] | None = None
    exclude: dict[str, dict[str, Any]] = field(default_factory=dict)


_RULES = TypeAdapter(ContactRules)


def read_rules(stored: Mapping[str, Any] | None) -> ContactRules:
    """The rules as they are kept in `contact_rules`; checked when they were set."""
    return _read(json.dumps(stored, sort_keys=True)) if stored else ContactRules()


@lru_cache(maxsize=4096)
def _read(stored: str) -> ContactRules:
    return _RULES.validate_json(stored)


def kept(rules: ContactRules) -> dict[str, Any]:
    """The rules as they are to be stored; what is not set is left out."""
    whole: dict[str, Any] = _RULES.dump_python(rules, mode="json", exclude_defaults=True)
    return whole


@lru_cache(maxsize=4096)
def exclusions(stored: str) -> tuple[tuple[str, Filter], ...]:
    """The exclusions of a workspace by name, from their JSON, ready to be asked."""
    return tuple((name, parse_filter(wanted)) for name, wanted in json.loads(stored).items())


def over(workspace: ContactRules, survey: ContactRules) -> ContactRules:
    """A survey's rules over its workspace's, as far as quiet time goes."""
    return replace(
        workspace,
        quiet_hours=_first(survey.quiet_hours, workspace.quiet_hours),
        quiet_days=_first(survey.quiet_days, workspace.quiet_days),
        public_holidays=_first(survey.public_holidays, workspace.public_holidays),
        quiet_channels=_first(survey.quiet_channels, workspace.quiet_channels),
    )


def _first(own: Any, other: Any) -> Any:
    return other if own is None else own


def rests_of(
    days: float, survey_days: float, workspace: ContactRules, survey: ContactRules, kind: str | None
) -> tuple[Rest, ...]:
    """The rests that hold for a survey: of two for the same, the nearer to the survey's.

    `days` and `survey_days` are the plain rests after an invitation: from all surveys, and
    from this one.
    """
    plain = (
        RestRule(Of.ALL, After.INVITATION, days),
        RestRule(Of.SURVEY, After.INVITATION, survey_days),
    )
    found = {(one.of, one.after): one for one in plain}
    for one in (*(workspace.quarantine or ()), *(survey.quarantine or ())):
        if _concerns(one, kind):
            found[one.of, one.after] = one
    in_order = (found[key] for key in RULES if key in found)
    return tuple(
        Rest(one.of, one.after, one.days, waits=one.waits) for one in in_order if one.days > 0
    )


def _concerns(one: RestRule, kind: str | None) -> bool:
    if one.of is Of.KIND and kind is None:
        return False
    return one.kind is None or one.kind == kind
