"""Lists as CSV files that a spreadsheet opens as they are meant."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from flask import Response, stream_with_context

Cell = str | int | float | bool | datetime | None
# A spreadsheet runs a cell that begins so as a formula, whoever wrote it.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_CHUNK = 200


def csv_reply(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A file to save, sent row by row: a long list never lies in memory as a whole."""
    reply = Response(stream_with_context(_pieces(head, rows)), mimetype="text/csv")
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    reply.headers["Cache-Control"] = "no-store"
    return reply


def written(cell: Cell) -> str:
    """A cell's text: times with their zone, nothing for None, and no formula."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    text = f"{cell:.10g}" if isinstance(cell, float) else str(cell)
    runs = text.startswith(_RUNS) and not _NUMBER.fullmatch(text)
    return f"'{text}" if runs else text


def _pieces(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    buffer = io.StringIO()
    # without the mark, spreadsheets take UTF-8 for their own old encoding
    buffer.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    writer = csv.writer(buffer)
    writer.writerow(head)
    for place, row in enumerate(rows):
        writer.writerow([written(cell) for cell in row])
        if place % _CHUNK == _CHUNK - 1:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
