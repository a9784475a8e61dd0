"""What an answer should have been: checked against its question, in the customer's own words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from models.errors import InvalidInput
from models.response import Answer
from surveys.answers import AnswerValue, NotUnderstood
from surveys.flow_types import State
from surveys.questions.registry import Question

Words = Literal["keep", "message", "none"]
LONGEST_REASON = 300
NOTHING = "none"


@dataclass(frozen=True)
class Said:
    """An answer as it counts: its value (None where only words came) and its comment."""

    value: AnswerValue | None
    comment: str | None

    @classmethod
    def of(cls, row: Answer | None) -> Said | None:
        """What an answer's row says; None where there is none."""
        return None if row is None else cls(_plain(row.value.get("value")), row.comment)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Said | None:
        """What `to_json` gave; nothing means that there was no answer."""
        return cls(_plain(kept["value"]), kept["comment"]) if kept else None

    def to_json(self) -> dict[str, Any]:
        """As it is kept in the ledger."""
        return {"value": _listed(self.value), "comment": self.comment}


@dataclass(frozen=True)
class Given:
    """What somebody says is right.

    `value` as a form or the API sends it, None for no answer. Of the words: they are kept as
    they were read, or the whole `message` is the comment, or they say no more than the value.
    """

    value: object
    words: Words = "keep"


def kept(said: Said | None) -> dict[str, Any]:
    """An answer, or that there was none, as the ledger keeps it."""
    return {} if said is None else said.to_json()


def stamp(said: Said | None) -> str:
    """Tells one state of an answer from another, for whoever corrects what they saw."""
    if said is None:
        return NOTHING
    written = json.dumps(kept(said), sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def put_right(
    question: Question, before: Said | None, given: Given, message: str | None
) -> Said | None:
    """The answer as it should be; None where neither a value nor words are left of it.

    `message` is what the customer wrote, where that is known.
    """
    value, words = _value(question, before, given.value), _words(question, before, given, message)
    return None if value is None and not words else Said(value, words)


def followed(state: State, key: str, said: Said | None) -> State:
    """A response's state with one answer put right, so that what is asked next follows from it."""
    answers = {one: value for one, value in state.answers.items() if one != key}
    comments = {one: words for one, words in state.comments.items() if one != key}
    passed = tuple(one for one in state.passed if one != key)
    if said is not None and said.value is not None:
        answers[key] = said.value
    elif said is not None:
        passed = (*passed, key)
    if said is not None and said.comment:
        comments[key] = said.comment
    parts = (state.current, answers, comments, passed, state.misses, state.unread)
    return State(*parts, finished=state.finished)


def checked_reason(given: str) -> str:
    """Why somebody corrects, fit to be kept."""
    said = _tidied(given)
    if not said:
        mend = "Say it in a few words, such as: minutes, not a score."
        raise InvalidInput("there is no reason", field="reason", mend=mend)
    if len(said) > LONGEST_REASON:
        mend = "Say it more briefly."
        raise InvalidInput(
            f"the reason is longer than {LONGEST_REASON} characters", field="reason", mend=mend
        )
    return said


def checked_name(given: str) -> str:
    """Who corrects, in the words of a program that calls, fit to be kept."""
    said = _tidied(given)
    if not said:
        raise InvalidInput("there is no name", field="by", mend="Say who puts it right.")
    return said


def _tidied(given: str) -> str:
    return " ".join(given.replace("\x00", "").split())


def _value(question: Question, before: Said | None, raw: object) -> AnswerValue | None:
    if raw is None:
        return None
    if question.type == "text":
        if before is None or raw != before.value:
            mend = "Leave them as they are, or choose no answer: they are then kept as a comment."
            raise InvalidInput("these words are the customer's own", field="value", mend=mend)
        return before.value
    read = question.from_value(raw, "en")
    if isinstance(read, NotUnderstood):
        mend = "Choose one of the answers that this question has, or no answer."
        raise InvalidInput("this is no answer to the question", field="value", mend=mend)
    return read.value


def _words(
    question: Question, before: Said | None, given: Given, message: str | None
) -> str | None:
    if given.words == "none":
        return None
    if given.words == "message":
        if not message:
            mend = "Keep the words as they are."
            raise InvalidInput("there is no message behind it", field="comment", mend=mend)
        return message
    if before is None:
        return None
    if question.type == "text" and given.value is None:
        said = (before.value, before.comment)
        return "\n".join(str(part) for part in said if part) or None
    return before.comment


def _plain(value: Any) -> AnswerValue | None:
    found: AnswerValue | None = tuple(value) if isinstance(value, list) else value
    return found


def _listed(value: AnswerValue | None) -> object:
    return list(value) if isinstance(value, tuple) else value
