"""A table of replies as people write them.

The half called `held` was never looked at while the reading was tuned: keep it so, and add what
you tune by to the other one. `error` holds the reason where it is settled, else `yes`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from surveys.answers import AnswerValue, NotUnderstood
from surveys.replies.parse import parse_reply

TABLE = Path(__file__).parent / "data" / "replies.csv"


@dataclass(frozen=True)
class Row:
    type: str
    text: str
    choices: tuple[str, ...]
    language: str
    value: AnswerValue | None
    comment: str | None
    error: str | None
    held_out: bool


def rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [_row(line) for line in csv.DictReader(file)]


def right(row: Row) -> bool:
    read = parse_reply(row.text, row.type, row.choices, row.language)
    if isinstance(read, NotUnderstood):
        return row.error is not None
    return row.error is None and (read.value, read.comment) == (row.value, row.comment)


def score(chosen: list[Row]) -> float:
    return sum(map(right, chosen)) / len(chosen)


def _row(line: dict[str, str]) -> Row:
    value: AnswerValue | None = line["value"] or None
    if line["type"] in ("nps", "csat", "ces") and value is not None:
        value = int(str(value))
    if line["type"] == "yes_no" and value is not None:
        value = value == "true"
    choices = tuple(line["choices"].split("|")) if line["choices"] else ()
    comment, error = line["comment"] or None, line["error"] or None
    held_out = line["half"] == "held"
    return Row(
        line["type"], line["text"], choices, line["language"], value, comment, error, held_out
    )
