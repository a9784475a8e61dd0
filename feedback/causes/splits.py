"""The voices split by everything known of them, to be compared value by value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from feedback.causes.draw import Unit
from feedback.causes.people import Deeds, People
from feedback.causes.properties import MOST_VALUES, plain, telling
from feedback.statistics.concentration import Split
from feedback.statistics.sums import Cell
from feedback.statistics.two_shares import Count
from surveys.schedule import zone_of

BAND = 3
"""Hours that are looked at together."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Had = Sequence[Iterable[str] | None]
"""Of each voice the values it has of one attribute; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known beside the voices themselves."""

    people: People
    segments: Mapping[int, tuple[str, ...]]
    deeds: Deeds
    surveys: Mapping[int, str]
    zone: ZoneInfo


def splits(cell: Cell, units: Sequence[Unit], attributes: Mapping[str, Had]) -> list[Split]:
    """Every attribute that says something, with the counts of its values."""
    said = [unit.said for unit in units]
    found = [_split(cell, name, said, had) for name, had in attributes.items()]
    return [one for one in found if one is not None]


def attributes(units: Sequence[Unit], known: Known) -> dict[str, Had]:
    """What each voice has of each attribute.

    An attribute is named by its kind, and a property by its own name behind a colon.
    """
    return dict(_attributes(units, known))


def _attributes(units: Sequence[Unit], known: Known) -> Iterator[tuple[str, Had]]:
    yield "channel", [_one(unit.channel) for unit in units]
    yield "survey", [_one(known.surveys.get(unit.survey_id or 0)) for unit in units]
    yield "language", [_one(unit.language) for unit in units]
    moments = [_local(unit, known) for unit in units]
    yield "hour", [(band(moment.hour),) for moment in moments]
    yield "weekday", [(DAYS[moment.weekday()],) for moment in moments]
    if known.segments:
        yield "segment", [known.segments.get(unit.customer_id or 0) for unit in units]
    yield from _properties("event", [plain(known.deeds.at(unit)) for unit in units])
    yield from _properties("customer", [_of_customer(unit, known) for unit in units])
    if known.deeds.of:
        yield "before", [_before(unit, known) for unit in units]


def _one(value: str | None) -> tuple[str] | None:
    return (value,) if value else None


def band(hour: int) -> str:
    """The part of the day an hour lies in: `09:00 to 12:00`."""
    start = hour - hour % BAND
    return f"{start:02d}:00 to {start + BAND:02d}:00"


def _local(unit: Unit, known: Known) -> datetime:
    """When it happened where the customer lives, else where the workspace is."""
    person = known.people.get(unit.customer_id or 0)
    named = person.timezone if person else None
    return unit.at.astimezone(zone_of(named) if named else known.zone)


def _of_customer(unit: Unit, known: Known) -> dict[str, str] | None:
    person = known.people.get(unit.customer_id or 0)
    return plain(person.attributes) if person else None


def _before(unit: Unit, known: Known) -> set[str] | None:
    return known.deeds.before(unit) if unit.customer_id in known.people else None


def _properties(kind: str, rows: Sequence[dict[str, str] | None]) -> Iterator[tuple[str, Had]]:
    for key, values in telling(rows):
        kept = set(values)
        had = [row[key] if row and key in row else None for row in rows]
        yield (
            f"{kind}:{key}",
            [None if one is None else (one,) if one in kept else () for one in had],
        )


def _split(cell: Cell, name: str, said: Sequence[bool], had: Had) -> Split | None:
    """The counts of an attribute; None where there is nothing to compare."""
    many: Counter[str] = Counter()
    complain: Counter[str] = Counter()
    whole = [0, 0]
    for unhappy, values in zip(said, had, strict=True):
        if values is None:
            continue
        whole[0] += unhappy
        whole[1] += 1
        many.update(values)
        if unhappy:
            complain.update(values)
    kept = sorted(many, key=lambda value: (-many[value], value))[:MOST_VALUES]
    if not kept or (len(many) == 1 and many[kept[0]] == whole[1]):
        return None
    return Split(cell, name, Count(*whole), {one: Count(complain[one], many[one]) for one in kept})
