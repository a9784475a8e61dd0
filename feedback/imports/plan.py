"""The first reading of the file: what is good, what is not, and what the rows speak of."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from feedback.configuration.journeys import filled
from feedback.configuration.schema import JourneyIn, StageIn, TouchpointIn
from feedback.imports.mapping import Mapping as ImportMapping
from feedback.imports.mapping import Measure
from feedback.imports.rows import Rejected, Row, read_row, scale_ends
from feedback.imports.table import Line, Table
from models.errors import InvalidInput
from surveys.definition import SurveyDefinition, parse_definition

MAX_QUESTIONS = 49
MAX_TOUCHPOINTS = 200


@dataclass
class Plan:
    """What the file holds, gathered before anything is written."""

    good: int = 0
    rejected: int = 0
    questions: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    dates: dict[str, datetime] = field(default_factory=dict)
    disagreeing: set[str] = field(default_factory=set)

    def take(self, row: Row) -> None:
        """Count a good row and remember what it speaks of."""
        self.good += 1
        self.questions.update((key, text) for key, text in row.asked if key not in self.questions)
        if row.place is not None and row.touchpoint is not None:
            self.places.setdefault(row.touchpoint, row.place)
        if self.dates.setdefault(row.response, row.occurred_at) != row.occurred_at:
            self.disagreeing.add(row.response)


def make_plan(mapping: ImportMapping, table: Table, now: datetime, rejects: Path) -> Plan:
    """Read the whole file once; bad rows go to `rejects` with their line and reason."""
    header, plan = table.header(mapping.columns), Plan()
    rejects.unlink(missing_ok=True)
    bad: list[tuple[Line, str]] = []
    for line in table.lines():
        try:
            plan.take(read_row(mapping, line, now))
        except Rejected as reason:
            bad.append((line, str(reason)))
        if len(bad) >= 1000:
            _write(rejects, header, bad)
            plan.rejected, bad = plan.rejected + len(bad), []
    _write(rejects, header, bad)
    plan.rejected += len(bad)
    _check(plan)
    return plan


def good_rows(mapping: ImportMapping, table: Table, now: datetime) -> Iterator[Row]:
    """The rows that can be used, read anew."""
    for line in table.lines():
        try:
            yield read_row(mapping, line, now)
        except Rejected:
            continue


def _write(path: Path, header: list[str], bad: list[tuple[Line, str]]) -> None:
    if not bad:
        return
    fresh = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if fresh:
            writer.writerow(["line", "reason", *header])
        writer.writerows([line.number, reason, *line.fields] for line, reason in bad)


def _check(plan: Plan) -> None:
    """A column of free text taken for questions or places would make thousands of them."""
    for what, found, most in (
        ("questions", plan.questions, MAX_QUESTIONS),
        ("touchpoints", plan.places, MAX_TOUCHPOINTS),
    ):
        if len(found) > most:
            raise InvalidInput(
                f"the file would make {len(found)} {what}",
                field="mapping",
                mend=f"At most {most} fit: choose a column with fewer different values.",
            )


def definition_of(mapping: ImportMapping, plan: Plan) -> SurveyDefinition:
    """The survey the rows answered: the measured question, then each question in words."""
    questions: list[Mapping[str, Any]] = [_measured(mapping.score)] if mapping.score else []
    questions += [
        {"key": key, "type": "text", "text": text, "asks_why": False}
        for key, text in plan.questions.items()
    ]
    data = {
        "key": mapping.name,
        "name": mapping.title or mapping.name.replace("_", " ").capitalize(),
        "questions": questions,
        "thanks": "Thank you.",
    }
    if mapping.score:
        data["metric"] = mapping.score.metric
    return parse_definition(data)


def _measured(measure: Measure) -> dict[str, Any]:
    question: dict[str, Any] = {
        "key": measure.key,
        "type": measure.metric,
        "text": measure.text,
        "required": False,
    }
    if measure.metric != "nps":
        question |= {"scale": scale_ends(measure)[1], "direction": measure.direction}
    return question


def journey_of(mapping: ImportMapping, plan: Plan) -> JourneyIn | None:
    """The mapping's journey; places the file alone knows become touchpoints of its last stage."""
    if mapping.journey is None:
        return None
    journey = filled(mapping.journey)
    known = mapping.touchpoint_keys
    made = [
        TouchpointIn(key=key, name=place[:120])
        for key, place in sorted(plan.places.items())
        if key not in known
    ]
    if not made:
        return journey
    *before, last = journey.stages or [StageIn(key="all", name="All")]
    grown = StageIn(key=last.key, name=last.name, touchpoints=[*last.touchpoints, *made])
    return JourneyIn(key=journey.key, name=journey.name, stages=[*before, grown])
