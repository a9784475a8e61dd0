"""Triggers and campaigns, and what came of them, as they are given out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import ConfigDict, Field

from feedback.reporting.not_asked_schema import RuleOut
from feedback.shapes import Shape


class _Out(Shape):
    model_config = ConfigDict(populate_by_name=True)


class Course(_Out):
    """What became of the invitations that were made in a period.

    `made` is `waiting`, `asked`, `refused`, `cancelled` and `failed` together, as they stand now.
    """

    made: int = 0
    matched: int = Field(
        default=0, description="Those that an event made: one for each event that matched."
    )
    waiting: int = 0
    asked: int = 0
    started: int = Field(default=0, description="Of those asked, who began to answer.")
    answered: int = Field(default=0, description="Of those asked, who answered all of it.")
    refused: int = 0
    cancelled: int = 0
    failed: int = 0


class Counted(Course):
    """The same, and the rules that refused, the most first."""

    rules: list[RuleOut] = []


class TriggerOut(_Out):
    """What asks a survey, and what became of the invitations it made in the period."""

    key: str
    kind: str = Field(description="`event`, `date`, `recurring` or `campaign`.")
    event: str | None
    survey: str = Field(description="The survey's key.")
    channels: list[str] = Field(description="In the order in which they are tried.")
    delay_seconds: int = Field(description="After the event or the date; below zero: before it.")
    expires_seconds: int
    timing: dict[str, Any] | None
    window: dict[str, Any] | None
    unless: list[Any] | None
    filter: dict[str, Any] | None
    sample: float
    enabled: bool
    counts: Counted


class CampaignOut(TriggerOut):
    """A campaign: its state, and how far it has come in all its life."""

    state: str = Field(description="`draft`, `running`, `paused`, `cancelled` or `done`.")
    to_come: int = Field(description="Customers whose turn has not come.")
    asked: int
    answered: int


class CourseTime(Course):
    """One day, week or month of them."""

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")


class HourOut(_Out):
    """An hour of the customers' day: how many were asked then, and the share that answered."""

    hour: int
    asked: int
    answered: int
    share: float
    low: float
    high: float


class TriggerWhole(TriggerOut):
    """One trigger or campaign, by day, week or month of the period too.

    `hours` is what a trigger that learns its hour of sending has seen so far.
    """

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    step: str
    times: list[CourseTime]
    hours: list[HourOut]


class TriggersFound(_Out):
    """A page of triggers, in the order in which they were made."""

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    triggers: list[TriggerOut]
    next: int | None = Field(description="`after` of the next page; null on the last.")


class CampaignsFound(_Out):
    """A page of campaigns, the newest first."""

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    campaigns: list[CampaignOut]
    next: int | None = Field(description="`after` of the next page; null on the last.")
