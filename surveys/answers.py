"""What an answer can be, and what comes of reading one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

AnswerValue = int | str | bool | tuple[str, ...]
Scale = tuple[int, int]


class Reason(StrEnum):
    """Why a reply could not be taken as an answer."""

    EMPTY = "empty"
    NO_ANSWER = "no_answer"
    AMBIGUOUS = "ambiguous"
    OUT_OF_RANGE = "out_of_range"
    NOT_WHOLE = "not_whole"
    UNKNOWN_OPTION = "unknown_option"
    TOO_LONG = "too_long"
    REQUIRED = "required"
    UNKNOWN_QUESTION = "unknown_question"
    WISH = "wish"  # to be contacted, and nothing else


@dataclass(frozen=True)
class Parsed:
    """An answer's value, and the words that came with it."""

    value: AnswerValue
    comment: str | None = None


@dataclass(frozen=True)
class NotUnderstood:
    """The reply is no answer to this question, and why."""

    reason: Reason


Reading = Parsed | NotUnderstood
