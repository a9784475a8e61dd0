"""From a line of the file to what it says; or to the reason why it can't be used."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from feedback.imports.mapping import Mapping, Measure, When, Words, slug
from feedback.imports.table import Line

LONGEST = 50_000
"""Characters of one comment."""
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)


class Rejected(Exception):
    """The row can't be used; the message says which column and why."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words a row holds: the key and text of the question, and the words."""

    key: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """What one good row says. `response` is what rows of one response have in common.

    `place` is the raw value of the touchpoint's column, `touchpoint` the key it stands for;
    `asked` are the keys and texts of the row's questions, answered or not.
    """

    line: int
    identity: str
    response: str
    customer: str | None
    attributes: dict[str, Any]
    occurred_at: datetime
    touchpoint: str | None
    place: str | None
    score: int | None
    said: tuple[Said, ...]
    asked: tuple[tuple[str, str], ...]


def read_row(mapping: Mapping, line: Line, now: datetime) -> Row:
    """What a line says; Rejected with the reason when it can't be used."""
    cells = line.by_column
    if cells is None:
        raise Rejected(f"has {len(line.fields)} fields, which is not as many as the header")
    if any("\0" in field for field in line.fields):
        raise Rejected("holds a NUL character")
    identity = _hash(*line.fields)
    customer = _customer(mapping, cells)
    touchpoint, place = _touchpoint(mapping, cells)
    words = [(_question(one, cells), one) for one in mapping.comments]
    return Row(
        line=line.number,
        identity=identity,
        response=_response(mapping, cells) or identity,
        customer=customer,
        attributes=_attributes(mapping, cells),
        occurred_at=_when(mapping.occurred_at, cells[mapping.occurred_at.column], now),
        touchpoint=touchpoint,
        place=place,
        score=_score(mapping.score, cells[mapping.score.column]) if mapping.score else None,
        said=tuple(
            Said(*asked, text) for asked, one in words if (text := _words(one, cells[one.column]))
        ),
        asked=tuple(asked for asked, _ in words),
    )


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:40]


def _customer(mapping: Mapping, cells: dict[str, str]) -> str | None:
    if mapping.customer is None:
        return None
    found = cells[mapping.customer.id].strip()
    if not found:
        raise Rejected(f"{mapping.customer.id}: is empty")
    if len(found) > 200:
        raise Rejected(f"{mapping.customer.id}: has more than 200 characters")
    return found


def _attributes(mapping: Mapping, cells: dict[str, str]) -> dict[str, Any]:
    wanted = mapping.customer.attributes if mapping.customer else {}
    found = {name: cells[column].strip()[:500] for name, column in wanted.items()}
    return {name: value for name, value in found.items() if value}


def _response(mapping: Mapping, cells: dict[str, str]) -> str | None:
    if not mapping.response:
        return None
    values = [cells[column].strip() for column in mapping.response]
    if not any(values):
        raise Rejected(f"{', '.join(mapping.response)}: is empty")
    return _hash(*values)


def _touchpoint(mapping: Mapping, cells: dict[str, str]) -> tuple[str | None, str | None]:
    where = mapping.touchpoint
    if where is None:
        return None, None
    value = cells[where.column].strip()
    if value in where.values:
        return where.values[value], None
    if where.create and value:
        return slug(value, "place"), value
    raise Rejected(f"{where.column}: {value[:80]!r} stands for no touchpoint in the mapping")


def _when(when: When, raw: str, now: datetime) -> datetime:
    found = _parsed(raw.strip(), tuple(when.formats), when.timezone)
    if found is None:
        raise Rejected(f"{when.column}: {raw[:40]!r} fits none of {', '.join(when.formats)}")
    if not _EARLIEST <= found <= now + timedelta(days=1):
        raise Rejected(f"{when.column}: {raw[:40]!r} lies in the future or before 1970")
    return found


@lru_cache(maxsize=65_536)
def _parsed(raw: str, formats: tuple[str, ...], zone: str) -> datetime | None:
    when = When(column="_", timezone=zone)
    for form in formats:
        try:
            found = datetime.strptime(raw, form)  # noqa: DTZ007 - the zone is the mapping's
        except ValueError:
            continue
        if not any(code in form for code in ("%H", "%I", "%c", "%X", "%T")):
            found = found.replace(hour=12)
        aware = found if found.tzinfo else found.replace(tzinfo=when.zone)
        return aware.astimezone(UTC)
    return None


def _score(measure: Measure, raw: str) -> int | None:
    value = raw.strip()
    if not value or value in measure.dont_know:
        return None
    number = measure.values.get(value, value)
    try:
        whole = float(number)
    except ValueError:
        whole = 0.5
    low, high = scale_ends(measure)
    if not whole.is_integer() or not low <= whole <= high:
        known = f"neither on the scale {low} to {high} nor under dont_know"
        raise Rejected(f"{measure.column}: {value[:40]!r} is {known}")
    return int(whole)


def scale_ends(measure: Measure) -> tuple[int, int]:
    """The lowest and the highest answer of a measure."""
    if measure.metric == "nps":
        return 0, 10
    return 1, measure.scale or {"csat": 5, "ces": 7}[measure.metric]


def _question(words: Words, cells: dict[str, str]) -> tuple[str, str]:
    asked = words.question or cells[words.question_column or ""]
    # what stands in braces would be filled in as a field when the survey is shown
    text = " ".join(asked.replace("{", "(").replace("}", ")").split())[:480]
    text = text or words.column
    return slug(text, "question"), text


def _words(words: Words, raw: str) -> str | None:
    text = raw.strip()
    if not text or text.casefold() in _casefolded(tuple(words.not_comments)):
        return None
    if len(text) > LONGEST:
        raise Rejected(f"{words.column}: has more than {LONGEST} characters")
    return text


@lru_cache(maxsize=64)
def _casefolded(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(text.casefold() for text in texts)
