"""The formats an export comes in, and the one door from a table to a file's bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo

from feedback.exports.columns import Table
from feedback.exports.csv_writer import csv_chunks
from feedback.exports.parquet_writer import parquet_chunks
from feedback.exports.xlsx_writer import xlsx_chunks
from models.errors import NotFound

FORMATS: Mapping[str, tuple[str, str]] = {
    "csv": ("CSV", "text/csv"),
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "parquet": ("Parquet", "application/vnd.apache.parquet"),
}
"""Each format by its ending: what it is called, and its media type."""


def chunks(table: Table, format_: str, zone: tzinfo) -> Iterator[bytes]:
    """A file's bytes as they come to be; the rows are read only as far as they are taken."""
    if format_ == "csv":
        return csv_chunks(table, zone)
    if format_ == "xlsx":
        return xlsx_chunks(table, zone)
    if format_ == "parquet":
        return parquet_chunks(table)
    mend = f"Use one of {', '.join(FORMATS)}."
    raise NotFound(f"there is no format {format_!r}", field="format", mend=mend)
