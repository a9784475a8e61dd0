"""A trigger as it asks one customer: as it is, or with what their way in an experiment changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row

from surveys.schedule import zone_of
from surveys.trials import Way


@dataclass(frozen=True, slots=True)
class Aimed:
    """What is asked, by which channels, and when; `hour` is of the customer's own day."""

    survey_id: int
    version_id: int
    channel: str
    other_channels: str | None
    delay_seconds: int
    expires_seconds: int
    timing: Mapping[str, Any] | None
    variant_id: int | None = None
    hour: int | None = None


def aimed(trigger: Row[Any], way: Way | None) -> Aimed:
    """The trigger's own columns, but for what the way has in their place."""
    own = Aimed(
        trigger.survey_id,
        trigger.version_id,
        trigger.channel,
        trigger.other_channels,
        trigger.delay_seconds,
        trigger.expires_seconds,
        trigger.timing,
    )
    return own if way is None else _changed(own, way)


def _changed(own: Aimed, way: Way) -> Aimed:
    surveyed = way.survey_id is not None and way.version_id is not None
    return Aimed(
        survey_id=way.survey_id if surveyed and way.survey_id else own.survey_id,
        version_id=way.version_id if surveyed and way.version_id else own.version_id,
        channel=way.channel or own.channel,
        # who is given a channel to be compared by is asked by that one or not at all
        other_channels=None if way.channel else own.other_channels,
        delay_seconds=own.delay_seconds if way.delay_seconds is None else way.delay_seconds,
        expires_seconds=own.expires_seconds,
        timing=own.timing,
        variant_id=way.id,
        hour=way.hour,
    )


def at_hour(due: datetime, hour: int | None, zone: str | None) -> datetime:
    """The first time from `due` on that it is this hour where the customer is; UTC.

    On the day that clocks go forward an hour may be missing: then it is the one after it.
    """
    if hour is None:
        return due
    local = due.astimezone(zone_of(zone))
    if local.hour == hour:
        return due
    day = local.date() + timedelta(days=1 if local.hour > hour else 0)
    return datetime.combine(day, time(hour), tzinfo=local.tzinfo).astimezone(UTC)
