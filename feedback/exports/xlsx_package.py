"""All of an Excel file but its rows, made by XlsxWriter: styles, sheets, and what they mean."""

from __future__ import annotations

import importlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from feedback.exports.columns import Column, Kind
from feedback.exports.xlsx_cells import shown

ABOUT = "About"
_WIDTHS = {Kind.TEXT: 22, Kind.TIME: 26, Kind.WHOLE: 12, Kind.NUMBER: 12, Kind.YES_NO: 10}


def package(
    columns: Sequence[Column], sheets: Sequence[str], offsets: Iterable[timedelta], notes: list[str]
) -> Mapping[str, bytes]:
    """The parts of the file by name; the sheets in it are empty but for the last, which says
    what the columns mean.
    """
    file = io.BytesIO()
    # only whoever takes Excel pays for loading it
    book = importlib.import_module("xlsxwriter").Workbook(
        file, {"in_memory": True, "strings_to_formulas": False}
    )
    bold = book.add_format({"bold": True})
    styles = [bold, *(book.add_format({"num_format": _form(offset)}) for offset in offsets)]
    for sheet in sheets:
        made = book.add_worksheet(sheet)
        made.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            made.set_column(place, place, _WIDTHS[column.kind])
        # a style is numbered when a cell first wears it
        for place, style in enumerate(styles):
            made.write_blank(0, place, None, style)
    _about(book, columns, notes, bold)
    book.close()
    with zipfile.ZipFile(file) as made_file:
        return {name: made_file.read(name) for name in made_file.namelist()}


def around(part: bytes, *, first: bool) -> tuple[str, str]:
    """What stands before and after the rows of a sheet; one sheet alone is the open one."""
    before, _, after = part.decode().partition("<sheetData>")
    before = before[: before.index("<dimension")] + before[before.index("<sheetViews") :]
    if not first:
        before = before.replace(' tabSelected="1"', "")
    return f"{before}<sheetData>", after[after.index("</sheetData>") :]


def sheet_part(number: int) -> str:
    """The name of a sheet's part, from 1."""
    return f"xl/worksheets/sheet{number}.xml"


def _form(offset: timedelta) -> str:
    minutes = round(offset / timedelta(minutes=1))
    hours, rest = divmod(abs(minutes), 60)
    return f'yyyy-mm-dd hh:mm:ss "{"-" if minutes < 0 else "+"}{hours:02d}:{rest:02d}"'


def _about(book: Any, columns: Sequence[Column], notes: list[str], bold: object) -> None:
    sheet = book.add_worksheet(ABOUT)
    for place, width in enumerate((34, 14, 100)):
        sheet.set_column(place, place, width)
    for place, note in enumerate(notes):
        sheet.write_string(place, 0, shown(note))
    begin = len(notes) + 1
    for place, word in enumerate(("Column", "Holds", "Meaning")):
        sheet.write_string(begin, place, word, bold)
    for row, column in enumerate(columns, begin + 1):
        for place, word in enumerate((column.name, column.kind.value, column.about)):
            sheet.write_string(row, place, shown(word))
