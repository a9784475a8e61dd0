"""Lists as CSV files that a spreadsheet opens as they are meant."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response, stream_with_context

from feedback.exports.written import Cell, written

__all__ = ["Cell", "csv_reply", "written"]

_CHUNK = 200


def csv_reply(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A file to save, sent row by row: a long list never lies in memory as a whole."""
    reply = Response(stream_with_context(_pieces(head, rows)), mimetype="text/csv")
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    reply.headers["Cache-Control"] = "no-store"
    return reply


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
