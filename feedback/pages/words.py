"""How figures, times and states are worded on pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Protocol

from feedback.pages.redaction import masked
from models.customer import Customer
from surveys.eligibility_facts import WORDS
from surveys.schedule import zone_of

SHORTEST_DAY = timedelta(hours=23)
MINUS = "\N{MINUS SIGN}"
METRICS: Mapping[str, str] = {"nps": "NPS", "csat": "CSAT", "ces": "CES"}
STATUSES: Mapping[str, tuple[str, str]] = {
    "scheduled": ("waiting", "Scheduled"),
    "sending": ("waiting", "Sending"),
    "sent": ("", "Sent"),
    "delivered": ("", "Delivered"),
    "started": ("good", "Started"),
    "completed": ("good", "Completed"),
    "suppressed": ("bad", "Not asked"),
    "cancelled": ("bad", "Cancelled"),
    "failed": ("bad", "Failed"),
    "expired": ("", "Expired"),
    "unknown": ("waiting", "Outcome unknown"),
    "open": ("waiting", "Open"),
    "abandoned": ("", "Left half-way"),
    "pending": ("waiting", "Waiting to be sent"),
    "undelivered": ("bad", "Not delivered"),
    "negative": ("bad", "Negative"),
    "neutral": ("", "Neutral"),
    "positive": ("good", "Positive"),
    "on": ("good", "On"),
    "off": ("waiting", "Off"),
}
_RULES: Mapping[str, str] = {str(rule): words for rule, words in WORDS.items()}


def number(value: float, digits: int = 0) -> str:
    """A number with a true minus sign and thousands apart; no minus before a zero."""
    text = f"{value:,.{digits}f}"
    shown = text.lstrip("-")
    return f"{MINUS}{shown}" if text.startswith("-") and shown.strip("0.,") else shown


def signed(value: float, digits: int = 1) -> str:
    """The same, with a plus sign before what is above zero."""
    text = number(value, digits)
    return f"+{text}" if text.strip("0.,") and not text.startswith(MINUS) else text


def percent(share: float) -> str:
    """A share of 0 to 1 as percent; one digit below ten."""
    digits = 1 if 0 < share < 0.0995 else 0
    return f"{100 * share:.{digits}f}%"


def chance(value: float) -> str:
    """A p or q: two digits, and nothing smaller than a thousandth."""
    return "below 0.001" if value < 0.001 else f"{value:.2g}"


def named(customer: Customer | None) -> str:
    """How a customer is called on a page: by first name where it is known, else by id."""
    if customer is None:
        return "A customer"
    name = customer.attributes.get("first_name")
    return str(name) if name else masked(customer.external_id)


def count(n: int, one: str, many: str | None = None) -> str:
    """A count with its noun: `1 answer`, `1,204 answers`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def status(name: str | None) -> tuple[str, str]:
    """A state's mark and its word; one nobody knows is shown as it came."""
    return STATUSES.get(name or "", ("", (name or "unknown").replace("_", " ").capitalize()))


def rule(name: str | None) -> str:
    """Why somebody was not asked, as a sentence."""
    if not name:
        return ""
    words = _RULES.get(name, name.replace("_", " "))
    return f"{words[:1].upper()}{words[1:]}."


def moment(at: datetime | None, zone: str = "UTC") -> str:
    """A time as people of that zone write it."""
    if at is None:
        return ""
    local = at.astimezone(zone_of(zone))
    return f"{local.day} {local:%b %Y, %H:%M}"


def clock(at: datetime, zone: str = "UTC") -> str:
    """The time of day."""
    return f"{at.astimezone(zone_of(zone)):%H:%M}"


def day(at: datetime | None, zone: str = "UTC") -> str:
    """A date as people write it."""
    if at is None:
        return ""
    return dated(at.astimezone(zone_of(zone)).date())


def dated(one: date) -> str:
    """The same of a date that needs no zone."""
    return f"{one.day} {one:%b %Y}"


class Lasting(Protocol):
    """Whatever lasts from a time until just before another."""

    @property
    def start(self) -> datetime:
        """Its first moment."""

    @property
    def end(self) -> datetime:
        """The moment it is over."""


def days(of: Lasting, zone: str = "UTC") -> str:
    """The days that something takes: `1 Oct 2026 to 31 Oct 2026`, or the one day.

    Of less than a day the hours too: `1 Oct 2026, 09:00 to 12:30`.
    """
    last = of.end - timedelta(seconds=1) if of.end > of.start else of.end
    first, last_day = day(of.start, zone), day(last, zone)
    if first != last_day:
        return f"{first} to {last_day}"
    if of.end - of.start >= SHORTEST_DAY:
        return first
    start, end = (at.astimezone(zone_of(zone)) for at in (of.start, of.end))
    return f"{first}, {start:%H:%M} to {end:%H:%M}"


def span(seconds: int) -> str:
    """A delay in words: `at once`, `20 minutes`, `3 days`."""
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size and seconds % size == 0:
            return count(seconds // size, name)
    return count(seconds, "second") if seconds else "at once"


def condition(filter_: object) -> str:
    """A filter in words near enough to read; the definition file says it exactly."""
    if not isinstance(filter_, Mapping):
        return str(filter_)
    parts = []
    for key, value in filter_.items():
        if key in {"all", "any"} and isinstance(value, list | tuple):
            inner = (" and " if key == "all" else " or ").join(condition(one) for one in value)
            parts.append(f"({inner})")
        elif key == "not":
            parts.append(f"not ({condition(value)})")
        else:
            parts.append(_comparison(str(key), value))
    return " and ".join(parts)


_OPS: Mapping[str, str] = {
    "eq": "is",
    "ne": "is not",
    "in": "is one of",
    "gt": "is above",
    "gte": "is at least",
    "lt": "is below",
    "lte": "is at most",
    "contains": "contains",
}


def _comparison(path: str, value: object) -> str:
    if not isinstance(value, Mapping):
        return f"{path} is {_plain(value)}"
    return " and ".join(
        (f"{path} is {'known' if wanted else 'unknown'}")
        if op == "exists"
        else f"{path} {_OPS.get(str(op), str(op))} {_plain(wanted)}"
        for op, wanted in value.items()
    )


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(value)
