"""What a configuration file may hold; one declaration checks it and says what is wrong."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic import StringConstraints as Text

from feedback.api.schemas import Locale, Zone, refuse
from feedback.configuration.contact_rules import FIELDS, Exclusion, Kind, PeaceIn
from feedback.configuration.experiments import ExperimentIn
from feedback.configuration.parts import Days, EventName, Key, Name, Part
from feedback.configuration.quotas import QuotaIn
from feedback.configuration.spans import reminding
from feedback.configuration.trigger_schema import CampaignIn, TriggerIn
from feedback.configuration.whatsapp import WhatsAppIn, WhatsAppSender


def _region(name: str) -> str:
    if name.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise refuse("is no country", "Use a country's two letters, such as GB.")
    return name.upper()


class WorkspaceSettings(PeaceIn):
    """The workspace's own settings; what is left out stays as it is."""

    company: Annotated[str, Text(min_length=1, max_length=80)] | None = None
    default_region: Annotated[str, AfterValidator(_region)] | None = None
    default_locale: Locale | None = None
    timezone: Zone | None = None
    accent: Annotated[str, Text(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None
    quarantine_days: Days | None = None
    smart_encoding: bool | None = None
    optout: Literal["sender", "workspace", "everywhere"] | None = None
    sender: Annotated[str, Text(pattern=r"^(\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11})$")] | None = None
    whatsapp_sender: WhatsAppSender | None = None
    exclude: dict[Exclusion, dict[str, Any]] | None = None

    def columns(self) -> dict[str, Any]:
        """What was given, by the workspace's columns; not its rules of contact."""
        return self.model_dump(exclude_none=True, exclude=set(FIELDS))


class TouchpointIn(Part):
    """A moment where customer and company meet, and the events that happen there."""

    key: Key
    name: Name | None = None
    events: list[EventName] = []


class StageIn(Part):
    """A stage of a journey; stages stand in the order they are written."""

    key: Key
    name: Name | None = None
    touchpoints: list[TouchpointIn] = []


class JourneyIn(Part):
    """A journey: a template, stages of its own, or a template with stages laid over it.

    `events` adds event names to touchpoints by key, where a template brought them.
    """

    key: Key
    name: Name | None = None
    template: str | None = None
    stages: list[StageIn] = []
    events: dict[Key, list[EventName]] = {}


class SegmentIn(Part):
    """A named group of customers."""

    key: Key
    name: Name | None = None
    filter: dict[str, Any]


class ThemeIn(Part):
    """A theme of the workspace's own; texts are checked by feedback.themes.check."""

    key: Annotated[str, Text(pattern=r"^[a-z][a-z0-9_]{0,50}$")]
    name: str
    sentence: str
    examples: list[str]
    counter_examples: list[str] = []
    under: str | None = None


class GoalIn(Part):
    """What is wanted of one score of a journey; figures are checked by feedback.goals.check."""

    journey: str
    metric: Literal["nps", "csat", "ces"]
    target: float | None = None
    benchmark: float | None = None
    benchmark_name: str | None = None
    point_value: float | None = None
    currency: str | None = None


class AlertIn(Part):
    """Somebody who gets alerts, the weekly digest, or both: an e-mail address or a webhook."""

    email: str | None = None
    webhook: str | None = None
    alerts: bool = True
    digest: bool = True


class SurveySettings(PeaceIn):
    """What a survey has beside its definition; its rules of contact stand over the workspace's."""

    enabled: bool | None = None
    kind: Kind | None = None
    quarantine_days: Days | None = None
    worth: Annotated[int, Field(ge=1, le=100)] | None = None
    remind_after: Annotated[int | None, BeforeValidator(reminding)] = Field(default=None)
    whatsapp: WhatsAppIn | None = None

    def columns(self) -> dict[str, Any]:
        """What was given, by the survey's columns; what may be taken away is given when null."""
        given = self.model_dump(exclude_none=True, exclude={"remind_after", *FIELDS})
        if "remind_after" in self.model_fields_set:
            given["remind_after_seconds"] = self.remind_after
        if "whatsapp" in self.model_fields_set and self.whatsapp is None:
            given["whatsapp"] = None
        return given


class Configuration(Part):
    """A whole file. Surveys are checked by surveys.definition, so here they are bare."""

    workspace: WorkspaceSettings | None = None
    journeys: list[JourneyIn] = []
    surveys: list[dict[str, Any]] = []
    triggers: list[TriggerIn] = []
    campaigns: list[CampaignIn] = []
    segments: list[SegmentIn] = []
    quotas: list[QuotaIn] = []
    experiments: list[ExperimentIn] = []
    themes: list[ThemeIn] = []
    alerts: list[AlertIn] = []
    goals: list[GoalIn] = []


def words(key: str) -> str:
    """A key as a title, where no name was given: `post_purchase` is `Post purchase`."""
    return key.replace("_", " ").replace("-", " ").capitalize()
