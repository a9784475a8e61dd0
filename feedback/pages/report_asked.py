"""What a report was asked for in the address bar: journey, period and filters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import request

from feedback.reporting.period import read_moment
from feedback.reporting.scope import Filters
from surveys.schedule import zone_of

NAMES = ("journey", "from", "to", "segment", "channel", "survey")


@dataclass(frozen=True)
class Asked:
    """The query as people wrote it, and as the report takes it."""

    journey: str | None
    period: tuple[datetime | None, datetime | None]
    filters: Filters
    given: dict[str, str]


def asked(zone_name: str) -> Asked:
    """Read the address bar; dates are days of the workspace's own zone."""
    given = {name: request.args.get(name, "").strip() for name in NAMES}
    given = {name: value for name, value in given.items() if value}
    zone = zone_of(zone_name)
    return Asked(
        journey=given.get("journey"),
        period=(
            read_moment(given.get("from"), "from", zone),
            read_moment(given.get("to"), "to", zone, end=True),
        ),
        filters=Filters(given.get("segment"), given.get("channel"), given.get("survey")),
        given=given,
    )
