"""An export as CSV, a page of rows at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import tzinfo
from typing import Any

from feedback.exports.columns import Kind, Row, Table
from feedback.exports.written import written

Write = Callable[[Any], Any]


def csv_chunks(table: Table, zone: tzinfo) -> Iterator[bytes]:
    """UTF-8 with its mark, the head first; times in `zone` with their offset."""
    buffer = io.StringIO()
    # without the mark, spreadsheets take UTF-8 for their own old encoding
    buffer.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    writer = csv.writer(buffer)
    writer.writerow([column.name for column in table.columns])
    yield _taken(buffer)
    by_kind = _writers(zone)
    columns = [by_kind[column.kind] for column in table.columns]
    for page in table.pages:
        writer.writerows(_cells(columns, row) for row in page)
        yield _taken(buffer)


def _writers(zone: tzinfo) -> Mapping[Kind, Write]:
    """How each kind is written; whole numbers stay as they are, and None is left empty."""
    return {
        Kind.TEXT: written,
        Kind.WHOLE: lambda value: value,
        Kind.NUMBER: written,
        Kind.YES_NO: written,
        Kind.TIME: lambda value: value.astimezone(zone).isoformat(timespec="seconds"),
    }


def _cells(columns: list[Write], row: Row) -> list[Any]:
    return [
        None if value is None else write(value) for write, value in zip(columns, row, strict=True)
    ]


def _taken(buffer: io.StringIO) -> bytes:
    """What was written since the last time, in UTF-8."""
    taken = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return taken
