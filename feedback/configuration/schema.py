"""What a configuration file may hold; one declaration checks it and says what is wrong."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import phonenumbers
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic import StringConstraints as Text

from feedback.api.schemas import Locale, Zone, refuse

_DURATION = re.compile(
    r"(\d+(?:\.\d+)?)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)"
)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LONGEST = 366 * 86_400


def _seconds(raw: object) -> object:
    if isinstance(raw, int) and raw == 0:
        return 0
    match = _DURATION.fullmatch(raw.strip().lower()) if isinstance(raw, str) else None
    if match is None:
        raise refuse("is no span of time", "Write it as 30 minutes, 2h or 3 days.")
    seconds = round(float(match[1]) * _UNITS[match[2][0]])
    if seconds > _LONGEST:
        raise refuse("is longer than a year", "Use a year at most.")
    return seconds


def _lasting(seconds: int) -> int:
    if seconds < 60:
        raise refuse("is shorter than a minute", "Use an hour or more.")
    return seconds


def _reminding(raw: object) -> object:
    if raw is None or raw == "never":
        return None
    seconds = _seconds(raw)
    if not isinstance(seconds, int) or not 3_600 <= seconds <= 23 * 3_600:
        raise refuse("is outside 1 to 23 hours", "An exchange lapses after 24 hours of silence.")
    return seconds


def _region(name: str) -> str:
    if name.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise refuse("is no country", "Use a country's two letters, such as GB.")
    return name.upper()


Key = Annotated[str, Text(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
Name = Annotated[str, Text(min_length=1, max_length=120)]
EventName = Annotated[str, Text(min_length=1, max_length=120)]
Seconds = Annotated[int, BeforeValidator(_seconds)]
Days = Annotated[float, Field(ge=0, le=3650)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WorkspaceSettings(_Part):
    """The workspace's own settings; what is left out stays as it is."""

    company: Annotated[str, Text(min_length=1, max_length=80)] | None = None
    default_region: Annotated[str, AfterValidator(_region)] | None = None
    default_locale: Locale | None = None
    timezone: Zone | None = None
    accent: Annotated[str, Text(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None
    quarantine_days: Days | None = None
    smart_encoding: bool | None = None
    sender: Annotated[str, Text(pattern=r"^(\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11})$")] | None = None


class TouchpointIn(_Part):
    """A moment where customer and company meet, and the events that happen there."""

    key: Key
    name: Name | None = None
    events: list[EventName] = []


class StageIn(_Part):
    """A stage of a journey; stages stand in the order they are written."""

    key: Key
    name: Name | None = None
    touchpoints: list[TouchpointIn] = []


class JourneyIn(_Part):
    """A journey: a template, stages of its own, or a template with stages laid over it.

    `events` adds event names to touchpoints by key, where a template brought them.
    """

    key: Key
    name: Name | None = None
    template: str | None = None
    stages: list[StageIn] = []
    events: dict[Key, list[EventName]] = {}


class TriggerIn(_Part):
    """On this event, with this filter, after this delay, ask this survey by this channel."""

    key: Key | None = None
    event: EventName
    survey: str
    channel: Literal["sms", "web"] = "sms"
    delay: Seconds = 0
    expires: Annotated[Seconds, AfterValidator(_lasting)] = 7 * 86_400
    filter: dict[str, Any] | None = None
    enabled: bool | None = None


class SegmentIn(_Part):
    """A named group of customers."""

    key: Key
    name: Name | None = None
    filter: dict[str, Any]


class ThemeIn(_Part):
    """A theme of the workspace's own; texts are checked by feedback.themes.check."""

    key: Annotated[str, Text(pattern=r"^[a-z][a-z0-9_]{0,50}$")]
    name: str
    sentence: str
    examples: list[str]
    counter_examples: list[str] = []
    under: str | None = None


class GoalIn(_Part):
    """What is wanted of one score of a journey; figures are checked by feedback.goals.check."""

    journey: str
    metric: Literal["nps", "csat", "ces"]
    target: float | None = None
    benchmark: float | None = None
    benchmark_name: str | None = None
    point_value: float | None = None
    currency: str | None = None


class AlertIn(_Part):
    """Somebody who gets alerts, the weekly digest, or both: an e-mail address or a webhook."""

    email: str | None = None
    webhook: str | None = None
    alerts: bool = True
    digest: bool = True


class SurveySettings(_Part):
    """What a survey has beside its definition."""

    enabled: bool | None = None
    quarantine_days: Days | None = None
    worth: Annotated[int, Field(ge=1, le=100)] | None = None
    remind_after: Annotated[int | None, BeforeValidator(_reminding)] = Field(default=None)

    def columns(self) -> dict[str, Any]:
        """What was given, by the survey's columns; `remind_after: never` is given too."""
        given = self.model_dump(exclude_none=True, exclude={"remind_after"})
        if "remind_after" in self.model_fields_set:
            given["remind_after_seconds"] = self.remind_after
        return given


class Configuration(_Part):
    """A whole file. Surveys are checked by surveys.definition, so here they are bare."""

    workspace: WorkspaceSettings | None = None
    journeys: list[JourneyIn] = []
    surveys: list[dict[str, Any]] = []
    triggers: list[TriggerIn] = []
    segments: list[SegmentIn] = []
    themes: list[ThemeIn] = []
    alerts: list[AlertIn] = []
    goals: list[GoalIn] = []


def words(key: str) -> str:
    """A key as a title, where no name was given: `post_purchase` is `Post purchase`."""
    return key.replace("_", " ").replace("-", " ").capitalize()
