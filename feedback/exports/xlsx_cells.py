"""Rows as the XML of an Excel sheet: texts that never run, real numbers and real dates."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo

from feedback.exports.columns import Row, Value
from feedback.exports.written import clean, defused

LONGEST = 32_767
"""Characters a cell of Excel holds."""
CUT = "… (cut: Excel holds no more; CSV and Parquet have all of it)"
HEAD_STYLE = 1
FIRST_TIME_STYLE = 2
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def letters(place: int) -> str:
    """The name of a column, from 0: A, B, … Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


class CellWriter:
    """Writes rows; remembers in `offsets` which offsets from UTC times were written with.

    Excel's dates have no zone: a date stands as the clock showed it, and its style says the
    offset. Style FIRST_TIME_STYLE + n is for the nth of `offsets`.
    """

    def __init__(self, width: int, zone: tzinfo) -> None:
        self.offsets: dict[timedelta, int] = {}
        self._letters = [letters(place) for place in range(width)]
        self._zone = zone

    def row(self, number: int, row: Row) -> str:
        """One row's XML; what is None is left out."""
        cells = [
            self._cell(f"{letter}{number}", value)
            for letter, value in zip(self._letters, row, strict=True)
            if value is not None
        ]
        return f'<row r="{number}">{"".join(cells)}</row>'

    def head(self, names: Iterable[str]) -> str:
        """The first row, in bold."""
        cells = [
            _text(f"{letter}1", name, f' s="{HEAD_STYLE}"')
            for letter, name in zip(self._letters, names, strict=True)
        ]
        return f'<row r="1">{"".join(cells)}</row>'

    def _cell(self, at: str, value: Value) -> str:
        if isinstance(value, str):
            return _text(at, value)
        if isinstance(value, bool):
            return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
        if isinstance(value, datetime):
            return self._time(at, value)
        if value is None or not math.isfinite(value):
            return ""
        return f'<c r="{at}"><v>{value!r}</v></c>'

    def _time(self, at: str, value: datetime) -> str:
        local = value.astimezone(self._zone)
        offset = local.utcoffset() or timedelta()
        style = self.offsets.setdefault(offset, len(self.offsets) + FIRST_TIME_STYLE)
        days = (local.replace(tzinfo=UTC) - _EPOCH) / timedelta(days=1)
        return f'<c r="{at}" s="{style}"><v>{days:.9f}</v></c>'


def shown(text: str) -> str:
    """A text as a cell holds it: defused, with one kind of line end, and not too long."""
    text = defused(clean(text)).replace("\r\n", "\n").replace("\r", "\n")
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT


def _text(at: str, text: str, style: str = "") -> str:
    said = shown(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    said = _ESCAPED.sub("_x005F_", said)
    return f'<c r="{at}"{style} t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'
