"""Triggers and campaigns as a configuration file has them; what fits together is checked beside."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic import StringConstraints as Text

from feedback.api.schemas import Time, refuse
from feedback.configuration.contact_rules import Share
from feedback.configuration.parts import EventName, Key, Name, Part, Seconds
from feedback.configuration.spans import lasting, seconds
from models.survey import CHANNELS
from surveys.learnt_hours import LEARN
from surveys.windows import DAYS_END

DAY = 86_400
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _hour(text: str) -> str:
    if not _HOUR.fullmatch(text):
        raise refuse("is no hour", "Write it as 09:30.")
    return time.fromisoformat(text).isoformat("minutes")


def _closing(text: str) -> str:
    """An end; midnight is the end of the day, however it is written."""
    return DAYS_END if text in (DAYS_END, "00:00") else _hour(text)


def _known(channel: str) -> str:
    if channel not in CHANNELS:
        raise refuse(f"{channel!r} is no channel", f"Use one of {', '.join(CHANNELS)}.")
    return channel


def _days(raw: object) -> object:
    span = seconds(raw)
    if not isinstance(span, int) or span < DAY or span % DAY:
        raise refuse("is no number of whole days", "Write it as 90 days.")
    return span // DAY


def _learnt(raw: object) -> object:
    if raw != LEARN:
        mend = f"Write `hour: {LEARN}`, or take it out; `window` keeps to hours that you name."
        raise refuse(f"can't be {raw!r}", mend)
    return raw


Channel = Annotated[str, AfterValidator(_known)]
Channels = Annotated[list[Channel], Field(min_length=1, max_length=4)]
Hour = Annotated[str, AfterValidator(_hour)]
Lasting = Annotated[Seconds, AfterValidator(lasting)]
Path = Annotated[str, Text(pattern=r"^[A-Za-z_][\w-]*(\.[\w-]+)*$", max_length=120)]
WholeDays = Annotated[int, BeforeValidator(_days)]


class UnlessIn(Part):
    """What calls an invitation off: an event, or an answer to a survey.

    `same` names properties that must be those of the trigger's own event; `within` looks back so
    long from the sending, instead of to that event.
    """

    event: EventName | None = None
    filter: dict[str, Any] | None = None
    same: list[Path] = []
    answered: str | None = None
    within: Lasting | None = None


def _named(raw: object) -> object:
    """A bare text is an event's name."""
    return {"event": raw} if isinstance(raw, str) else raw


class WindowIn(Part):
    """The hours and days in which invitations are sent, on the customer's clock."""

    start: Annotated[Hour, Field(alias="from")] = "00:00"
    end: Annotated[str, AfterValidator(_closing), Field(alias="to")] = DAYS_END
    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = []


class AskingIn(Part):
    """What triggers and campaigns have in common: whom to ask what, how, and for how long."""

    key: Key | None = None
    survey: str
    channel: Channel | None = None
    channels: Channels | None = None
    expires: Lasting = 7 * DAY
    filter: dict[str, Any] | None = None
    unless: list[Annotated[UnlessIn, BeforeValidator(_named)]] = []
    window: WindowIn | None = None
    sample: Share = 1.0
    sample_salt: Key | None = None

    @property
    def ways(self) -> list[str]:
        """The channels in order of preference."""
        return self.channels or [self.channel or "sms"]


class TriggerIn(AskingIn):
    """Asks on an event, at a customer's date, or again and again.

    `from` names a date: a property of the event, or `customer.` and an attribute. `hour` says that
    the hour of sending is learnt from who answered.
    """

    event: EventName | None = None
    delay: Seconds = 0
    before: Seconds | None = None
    source: Annotated[Path | None, Field(alias="from")] = None
    at: Hour | None = None
    hour: Annotated[str | None, BeforeValidator(_learnt)] = None
    every: WholeDays | None = None
    first: Seconds | None = None
    enabled: bool | None = None

    @property
    def kind(self) -> str:
        """Which kind of trigger it is (see `models.survey.Trigger`)."""
        if self.every is not None:
            return "recurring"
        return "event" if self.event is not None else "date"


class CampaignIn(AskingIn):
    """Asks a segment, or whom a filter takes, once; it begins when somebody starts it."""

    key: Key
    name: Name | None = None
    segment: str | None = None
    starts: Time | None = None
    over: Seconds | None = None
    per_hour: Annotated[int | None, Field(ge=1, le=1_000_000)] = None
