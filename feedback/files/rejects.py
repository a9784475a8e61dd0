"""The report of the rows that could not be used: line, field, what is wrong, mend, the row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from feedback.api.schemas import FieldError
from feedback.imports.table import Line

HEADER = ("line", "field", "problem", "mend")


@dataclass(frozen=True)
class Bad:
    """A row that could not be used, and why."""

    line: Line
    error: FieldError


def write(path: Path, size: int, columns: Sequence[str], bad: Iterable[Bad]) -> int:
    """Add rows behind the first `size` bytes; the report's size then, safely on the disk.

    What stands behind was written by a run that was stopped before it could say so.
    """
    rows = list(bad)
    if not rows:
        return size
    with path.open("ab") as raw:
        raw.truncate(size)
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if not size:
            writer.writerow([*HEADER, *columns])
        for one in rows:
            error = one.error
            said = (error.field or "", error.message, error.mend or "")
            writer.writerow([one.line.number, *said, *one.line.fields])
        file.flush()
        return path.stat().st_size
