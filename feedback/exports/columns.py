"""What an export is made of: typed, named columns, and rows that come a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Value = str | float | datetime | None
Row = Sequence[Value]
Page = Sequence[Row]


class Kind(StrEnum):
    """What a column holds; it never depends on what was answered."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    YES_NO = "yes or no"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in every format, what it holds, and what that means."""

    name: str
    kind: Kind
    about: str


@dataclass(frozen=True)
class Table:
    """An export: its columns, and its rows page by page, each read when it is asked for."""

    name: str
    columns: tuple[Column, ...]
    pages: Iterable[Page]


def text(name: str, about: str) -> Column:
    """A column of texts."""
    return Column(name, Kind.TEXT, about)


def whole(name: str, about: str) -> Column:
    """A column of whole numbers."""
    return Column(name, Kind.WHOLE, about)


def number(name: str, about: str) -> Column:
    """A column of numbers."""
    return Column(name, Kind.NUMBER, about)


def yes_no(name: str, about: str) -> Column:
    """A column of yes or no."""
    return Column(name, Kind.YES_NO, about)


def time(name: str, about: str) -> Column:
    """A column of times."""
    return Column(name, Kind.TIME, about)
