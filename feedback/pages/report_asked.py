"""What a report was asked for in the address bar: journey, period and filters."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import request

from feedback.causes.one import Asked as Question
from feedback.reporting.period import read_period
from feedback.reporting.scope import Filters
from surveys.schedule import zone_of

NAMES = ("journey", "from", "to", "segment", "channel", "survey", "language")


@dataclass(frozen=True)
class Asked(Question):
    """What a report is asked for, and the same as people wrote it."""

    given: dict[str, str] = field(default_factory=dict)


def asked(zone_name: str) -> Asked:
    """Read the address bar; dates are days of the workspace's own zone."""
    given = {name: request.args.get(name, "").strip() for name in NAMES}
    given = {name: value for name, value in given.items() if value}
    return Asked(
        journey=given.get("journey"),
        period=read_period(given, zone_of(zone_name)),
        filters=Filters.of(given),
        given=given,
    )
