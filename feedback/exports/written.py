"""The one door by which text reaches a spreadsheet: nothing in it runs, and nothing breaks it."""

from __future__ import annotations

import re
from datetime import datetime

Cell = str | float | datetime | None
# A spreadsheet runs a cell that begins so as a formula, whoever wrote it.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
# What neither CSV readers nor XML take: control characters, halves of a pair, and non-characters.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without characters that no file format can carry (null bytes and their like)."""
    if text.isprintable():  # nearly every text, and a hundred times quicker to see
        return text
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def defused(text: str) -> str:
    """The text as a spreadsheet shows it and never runs it: `'` before what begins a formula."""
    runs = text.startswith(_RUNS) and not _NUMBER.fullmatch(text)
    return f"'{text}" if runs else text


def written(cell: Cell) -> str:
    """A cell's text: times with their zone, nothing for None, and no formula."""
    if isinstance(cell, str):
        return defused(clean(cell))
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell)
