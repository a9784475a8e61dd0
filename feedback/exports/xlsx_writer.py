"""An export as an Excel file, sent while it is written.

XlsxWriter's own constant-memory mode keeps the rows on disk until the last is there, so the first
byte of a million rows would come after minutes, and nobody would notice that the reader has gone.
So it makes the package, and the sheets' rows are streamed into it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import tzinfo

from feedback.exports.columns import Page, Table
from feedback.exports.sink import Sink
from feedback.exports.xlsx_cells import CellWriter
from feedback.exports.xlsx_package import around, package, sheet_part

ROWS = 1_048_576
"""Rows a sheet of Excel holds, its head among them."""
BYTES = 1_500_000_000
"""Of a sheet's XML at most: from 2 GiB on a zip file is of a kind that Excel may refuse."""


def xlsx_chunks(
    table: Table, zone: tzinfo, *, rows: int = ROWS, most: int = BYTES
) -> Iterator[bytes]:
    """The file piece by piece; past `rows` rows or `most` bytes it goes on in another sheet."""
    sink = Sink()
    cells = CellWriter(len(table.columns), zone)
    alone = package(table.columns, [table.name], (), [])[sheet_part(1)]
    pages, sheets, count = _Pages(table.pages), 0, 0
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        while pages.more() or not sheets:
            sheets += 1
            before, after = around(alone, first=sheets == 1)
            with file.open(sheet_part(sheets), "w") as part:
                size = part.write(f"{before}{cells.head(c.name for c in table.columns)}".encode())
                number = 1
                while number < rows and size < most and pages.more():
                    page = pages.take(rows - number)
                    text = "".join(cells.row(number + n, row) for n, row in enumerate(page, 1))
                    size += part.write(text.encode())
                    number += len(page)
                    yield sink.take()
                part.write(after.encode())
            count += number - 1
        names = [table.name, *(f"{table.name} {number}" for number in range(2, sheets + 1))]
        rest = package(table.columns, names, cells.offsets, _notes(count, names))
        for name, content in rest.items():
            if name not in {sheet_part(number) for number in range(1, sheets + 1)}:
                file.writestr(name, content)
    yield sink.take()


class _Pages:
    """Pages that can be taken in part: a sheet may end within one."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._pages: Iterator[Page] = iter(pages)
        self._rest: Page = ()

    def more(self) -> bool:
        """Whether a row is left; reads the next page where it must."""
        while not self._rest:
            following = next(self._pages, None)
            if following is None:
                return False
            self._rest = following
        return True

    def take(self, most: int) -> Page:
        """What is left of the page, `most` rows of it."""
        taken, self._rest = self._rest[:most], self._rest[most:]
        return taken


def _notes(count: int, names: list[str]) -> list[str]:
    notes = [f"{names[0]}: {count:,} rows."]
    if len(names) > 1:
        on = ", ".join(f"“{name}”" for name in names[1:])
        notes.append(f"A sheet of Excel holds no more than {ROWS:,} rows: they go on in {on}.")
    notes.append("Times stand as the workspace's clock showed them, with their offset from UTC.")
    notes.append("A ' before a text keeps what begins like a formula from running.")
    return notes
