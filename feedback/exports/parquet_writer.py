"""An export as Parquet, by row groups; needs pyarrow, which is installed by choice."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from typing import Any

from feedback.exports.columns import Kind, Row, Table
from feedback.exports.sink import Sink
from feedback.exports.written import clean
from models.errors import Conflict

GROUP = 10_000
MEND = 'Run `pip install "waymark[parquet]"` where Waymark runs, or take CSV or XLSX.'


def parquet_ready() -> bool:
    """Whether pyarrow is installed."""
    return importlib.util.find_spec("pyarrow") is not None


def parquet_chunks(table: Table) -> Iterator[bytes]:
    """Row groups of some GROUP rows; times in UTC. Conflict at once where pyarrow is missing."""
    if not parquet_ready():
        raise Conflict("Parquet needs pyarrow, which is not installed", field="format", mend=MEND)
    # only whoever takes Parquet pays for loading it
    return _chunks(
        table, importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    )


def _chunks(table: Table, arrow: Any, parquet: Any) -> Iterator[bytes]:
    types = {
        Kind.TEXT: arrow.string(),
        Kind.WHOLE: arrow.int64(),
        Kind.NUMBER: arrow.float64(),
        Kind.YES_NO: arrow.bool_(),
        Kind.TIME: arrow.timestamp("us", tz="UTC"),
    }
    about = {"description": ""}
    schema = arrow.schema(
        [
            arrow.field(one.name, types[one.kind], metadata={**about, "description": one.about})
            for one in table.columns
        ]
    )
    sink = Sink()
    with parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        yield sink.take()
        for rows in _groups(table):
            columns = zip(*rows, strict=True)
            arrays = [
                arrow.array(map(_plain, column), kind.type)
                for column, kind in zip(columns, schema, strict=True)
            ]
            writer.write_batch(arrow.record_batch(arrays, schema=schema), row_group_size=GROUP * 2)
            yield sink.take()
    yield sink.take()


def _plain(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _groups(table: Table) -> Iterator[list[Row]]:
    """The rows some thousands at a time: a small row group costs more than it holds."""
    group: list[Row] = []
    for page in table.pages:
        group.extend(page)
        if len(group) >= GROUP:
            yield group
            group = []
    if group:
        yield group
