"""Everything wrong with a configuration, told at once: where, what, and the mend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from feedback.api.problems import dotted, in_words
from feedback.configuration.yaml_file import Path
from models.errors import InvalidInput, WaymarkError

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True)
class Problem:
    """One fault: the path to it, what is wrong, and how to mend it."""

    path: Path
    what: str
    mend: str

    def told(self, places: Mapping[Path, str]) -> str:
        """As a line for a person, with the file and line where they are known."""
        nearest = (self.path[:size] for size in range(len(self.path), 0, -1))
        place = next((places[path] for path in nearest if path in places), "")
        where = f"{place} {dotted(self.path)}".strip()
        return f"{where}: {self.what}. {self.mend}".rstrip()


class ConfigurationError(InvalidInput):
    """A configuration that can't be applied; nothing of it was."""

    def __init__(self, problems: Iterable[Problem], places: Mapping[Path, str]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        self.places = places
        count = len(self.problems)
        many = f"{count} problems" if count > 1 else "a problem"
        listed = "\n".join(f"- {problem.told(places)}" for problem in self.problems)
        super().__init__(f"The configuration has {many}, so nothing was changed:\n{listed}")


def of_schema(error: ValidationError, at: Path = ()) -> list[Problem]:
    """What pydantic found, under the path `at`."""
    problems = []
    for fault in error.errors(include_url=False, include_input=False):
        told = in_words(fault)
        mend = told.mend or "Change it so that it fits."
        if fault["type"] == "extra_forbidden":
            mend = "Take it out, or check its spelling."
        if fault["type"] == "string_pattern_mismatch" and fault["loc"][-1] == "key":
            mend = "Use lower-case letters, digits, _ and -, beginning with a letter."
        problems.append(Problem((*at, *fault["loc"]), told.message, mend))
    return problems


def of_error(error: WaymarkError, at: Path) -> Problem:
    """One of our errors, whose field is a dotted path, under the path `at`."""
    return Problem((*at, *steps(error.field or "")), error.message, error.mend or "")


def steps(path: str) -> Path:
    """A dotted path as its steps: `questions[0].key`."""
    return tuple(int(match[2]) if match[2] else match[1] for match in _STEP.finditer(path))
