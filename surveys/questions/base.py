"""What every question has, and the small protocol a question type fulfils."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from surveys.conditions import Filter, parse_filter
from surveys.wording import LocalText

END = "end"
MAX_TEXT = 480
MAX_LABEL = 80

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]


@dataclass(frozen=True)
class Problem:
    """One fault of a definition: where, what is wrong, and how to mend it."""

    path: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}. {self.mend}"


@dataclass(frozen=True)
class Option:
    """One answer to pick: `value` as a form sends it, `label` as people read it."""

    value: str
    label: str


class Part(BaseModel):
    """A piece of a definition: frozen, and closed to fields nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Conditional(Part):
    """Something that holds under a condition over the answers; always, where there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    condition: dict[str, Any] | None = Field(default=None, alias="if")

    @cached_property
    def filter(self) -> Filter | None:
        """The condition, parsed."""
        return None if self.condition is None else parse_filter(self.condition, "if")


class Rule(Conditional):
    """Go on to question `to`, or to `end`."""

    to: str


class Thanks(Conditional):
    """A farewell."""

    text: LocalText


def as_tuple(raw: object) -> object:
    """A list as a tuple; anything else as it is, for the schema to judge."""
    return tuple(raw) if isinstance(raw, list) else raw


def rules_of(raw: object) -> object:
    """`next: why` is short for one rule without a condition."""
    if isinstance(raw, str):
        return ({"to": raw},)
    return (raw,) if isinstance(raw, dict) else as_tuple(raw)


def farewells_of(raw: object) -> object:
    """A text, or a text by language, is short for one farewell without a condition."""
    if isinstance(raw, str) or (isinstance(raw, dict) and "text" not in raw):
        return ({"text": raw},)
    return (raw,) if isinstance(raw, dict) else as_tuple(raw)


Rules = Annotated[tuple[Rule, ...], BeforeValidator(rules_of)]
Farewells = Annotated[tuple[Thanks, ...], BeforeValidator(farewells_of)]


class QuestionBase(Part):
    """What all question types share; `next` falls through to the following question."""

    key: Key
    text: LocalText
    required: bool = True
    next: Rules = ()

    @property
    def covered_by_comment(self) -> bool:
        """Whether words given with the answer before make this question needless."""
        return False
