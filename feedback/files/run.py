"""Reading a file of events, a batch at a time: stopped anywhere, it goes on where it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from feedback import refusals
from feedback.api.schemas import EventResult
from feedback.counters import EVENTS
from feedback.files.rejects import Bad, write
from feedback.files.rows import Reader
from feedback.hooks.early import TakenIn, take_in
from feedback.hooks.waiting import Where
from feedback.imports.table import Line, Table
from feedback.intake import ingest
from feedback.persisting import persisting
from models.intake import IntakeFile

BATCH = 500
"""Rows a transaction: what a stop may have to do again."""
TOLD = 100
"""Bad rows of a file that are listed among the workspace's refusals too."""


@dataclass(frozen=True)
class Reading:
    """A file under way, and where its bad rows go."""

    table: Table
    reader: Reader
    rejects: Path
    now: Callable[[], datetime]


def go_on(
    session: Session, file: IntakeFile, reading: Reading, until: Callable[[], bool]
) -> Iterator[int]:
    """Read on from where the file stands; the rows of each batch, as it is committed.

    Ends with the file, which is `done` then, or when `until` says so.
    """
    lines = islice(reading.table.lines(), file.rows, None)
    while not until():
        chunk = list(islice(lines, BATCH))
        if not chunk:
            file.state, file.finished_at = "done", reading.now()
            session.commit()
            return
        persisting(session, lambda rows=chunk: _batch(session, file, reading, rows))  # type: ignore[misc]
        yield len(chunk)


def _batch(session: Session, file: IntakeFile, reading: Reading, chunk: Sequence[Line]) -> None:
    now = reading.now()
    found = [(line, one) for line in chunk for one in reading.reader.read(line)]
    bad = [Bad(line, one.error) for line, one in found if one.error is not None]
    good = [(line, one) for line, one in found if one.error is None]
    where = Where(file.workspace_id, file.source)

    def store(items: Sequence[dict[str, Any]]) -> list[EventResult]:
        return ingest(session, where.workspace_id, items, now, where.source, prefix="")

    taken = take_in(session, where, [one for _, one in good], now, store)
    for (line, _), result in zip(good, taken.outcomes, strict=True):
        if isinstance(result, EventResult) and result.error is not None:
            bad.append(Bad(line, result.error))
    bad.sort(key=lambda one: one.line.number)
    counts = _count(file, taken, len(bad))
    _tell(session, file, bad, now)
    refusals.keep(session, *where, refusals.of_results(taken.waited), now)
    columns = reading.reader.columns
    # the report is written first: a row may stand in it twice for a moment, and never be missing
    file.rejects_size = write(reading.rejects, file.rejects_size, columns, bad)
    file.rows += len(chunk)
    session.commit()
    for label, count in counts.items():
        EVENTS.labels(result=label).inc(count)


def _count(file: IntakeFile, taken: TakenIn, bad: int) -> Counter[str]:
    """Rows by what became of them; those that had waited are counted where all events are."""
    rows = Counter(one.status for one in taken.outcomes)
    waited = Counter(one.status for one in taken.waited)
    file.accepted += rows["accepted"]
    file.duplicates += rows["duplicate"]
    file.waiting += rows["waiting"]
    file.rejected += bad
    counts = Counter[str](rows)
    counts.update(waited)
    counts["rejected"] = bad + waited["error"]
    del counts["error"]
    return counts


def _tell(session: Session, file: IntakeFile, bad: Sequence[Bad], now: datetime) -> None:
    left = max(TOLD - (file.rejected - len(bad)), 0)
    told = [refusals.Refused(f"line {one.line.number}", one.error) for one in bad[:left]]
    refusals.keep(session, file.workspace_id, file.source, told, now)
