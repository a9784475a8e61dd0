"""The built-in themes: what a comment can be about."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("themes.csv")


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: a stable key, its area, a name for people, and what it covers."""

    key: str
    area: str
    name: str
    definition: str


@cache
def built_in_themes() -> tuple[Theme, ...]:
    """The 31 themes in the order of the shipped file."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Theme(row["theme"], row["area"], row["name"], row["definition"])
            for row in csv.DictReader(file)
        )


def theme_keys() -> tuple[str, ...]:
    """The keys of the built-in themes, in order."""
    return tuple(theme.key for theme in built_in_themes())
