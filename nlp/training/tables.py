"""Read labelled CSV files, and refuse what cannot be learned from, naming file, column, mend."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from nlp.errors import TrainingDataError
from nlp.themes import theme_keys
from nlp.training.example import Part, ThemeSet

T = TypeVar("T")
Row = dict[str, str]

HERE = Path(__file__).parent
POLARITY = {"negative": (1.0, 0.0, 0.0), "neutral": (0.0, 1.0, 0.0), "positive": (0.0, 0.0, 1.0)}
PARTS: dict[str, Part] = {
    "train": "train",
    "dev": "validation",
    "val": "validation",
    "test": "test",
}
KEYS = {key: key for key in theme_keys()}


def read_table(path: Path, columns: Sequence[str]) -> list[Row]:
    """The rows of a UTF-8 CSV file that has at least these columns."""
    if not path.is_file():
        raise TrainingDataError(
            "the file is not there",
            field=str(path),
            mend="Put it into the data folder, or name another folder.",
        )
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, restval="")
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            rows = [] if missing else list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise TrainingDataError(
            f"not a UTF-8 CSV file ({error})", field=str(path), mend="Save it as UTF-8 CSV."
        ) from error
    if missing:
        raise TrainingDataError(
            f"column {', '.join(missing)} is missing",
            field=str(path),
            mend=f"The header needs {', '.join(columns)}.",
        )
    return rows


def choose(
    path: Path, line: int, column: str, value: str, choices: dict[str, T] | Callable[[str], T]
) -> T:
    """What a cell means, by a table or a function; an unknown value is an error of its line."""
    try:
        return choices[value] if isinstance(choices, dict) else choices(value)
    except (KeyError, ValueError) as error:
        known = f"one of {', '.join(sorted(choices))}" if isinstance(choices, dict) else "a number"
        raise TrainingDataError(
            f"line {line}, column {column}: unknown value {value!r}",
            field=str(path),
            mend=f"Use {known}.",
        ) from error


def theme_set(path: Path, line: int, column: str, value: str, keys: dict[str, str]) -> ThemeSet:
    """The themes of a cell separated by `|`; any of them counts."""
    return frozenset(choose(path, line, column, key, keys) for key in value.split("|") if key)
