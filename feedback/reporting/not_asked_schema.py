"""Why people were not asked, as it is given out."""

from __future__ import annotations

from datetime import datetime

from pydantic import ConfigDict, Field

from feedback.shapes import Shape


class _Out(Shape):
    model_config = ConfigDict(populate_by_name=True)


class RuleOut(_Out):
    """A rule that refused, in words, and how many invitations it refused."""

    rule: str
    words: str
    n: int


class CountOut(_Out):
    """How many invitations of a survey, or by a channel, were refused."""

    key: str
    name: str
    n: int


class TimeOut(_Out):
    """One day, week or month: how many were refused, in all and by each rule."""

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    n: int
    rules: dict[str, int]


class QuotaOut(_Out):
    """A quota and what it has had in the period that it is in now."""

    key: str
    of: str
    most: int
    had: int
    ends: datetime | None


class WaitingRule(_Out):
    """A rule by which invitations wait, and the first and the last moment they wait for."""

    rule: str
    words: str
    n: int
    earliest: datetime
    latest: datetime


class Waiting(_Out):
    """Invitations that wait now because a rule said so; `more`: later ones were not counted."""

    n: int
    more: bool
    rules: list[WaitingRule]


class NotAsked(_Out):
    """Invitations that were refused in a period: by rule, survey, channel and over time.

    `waiting` are those that wait now, whatever the period.
    """

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    step: str
    n: int
    rules: list[RuleOut]
    surveys: list[CountOut]
    channels: list[CountOut]
    times: list[TimeOut]
    quotas: list[QuotaOut]
    waiting: Waiting
