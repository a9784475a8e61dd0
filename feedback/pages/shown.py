"""Long parts of a page: so much of each at first, and all of one where that is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import request

from feedback.pages.paging import here

T = TypeVar("T")
WHOLE = "all"
"""`?all=PART` shows a part whole."""


@dataclass(frozen=True)
class Shown:
    """How much of each part is shown at first, by the part's id on the page; `whole`: all."""

    most: Mapping[str, int]
    whole: str

    def of(self, part: str, things: Sequence[T]) -> Sequence[T]:
        """What is shown of a part's things."""
        return things if self.whole == part else things[: self.most[part]]

    def more(self, part: str, things: Sequence[T]) -> bool:
        """Whether a part's things are too many to be shown at first."""
        return len(things) > self.most[part]

    def href(self, part: str) -> str:
        """The address that shows a part whole; or, where it is whole, as at first."""
        return f"{here(**{WHOLE: None if self.whole == part else part})}#{part}"


def read_shown(most: Mapping[str, int]) -> Shown:
    """What the address bar asks for; a part nobody knows is none."""
    asked = request.args.get(WHOLE, "")
    return Shown(most, asked if asked in most else "")
