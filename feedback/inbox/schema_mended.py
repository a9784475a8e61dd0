"""Answers and their corrections as programs read and write them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from feedback.inbox.mended import Mended
from feedback.reporting.figures import Out
from models.response import Answer
from nlp.redaction import redacted
from surveys.put_right import LONGEST_REASON, Said, stamp

Value = int | float | str | bool | list[str] | None
_BY = Field(min_length=1, max_length=120, description="Who says so: a name or an address.")


class AnswerOut(Out):
    """An answer of the survey; `value` is null where only words came.

    `stamp` names this state of it: hand it in as `seen` to put it right.
    """

    question: str
    type: str
    value: Value
    comment: str | None
    channel: str
    answered_at: datetime
    stamp: str


class SaidOut(Out):
    """An answer before or after it was put right; `value` is null where only words are left."""

    value: Value
    comment: str | None


class AnswerCorrectionOut(Out):
    """An answer that somebody put right. `was` and `now` are null where there was no answer.

    `undone_at` says that it was taken back, and `undone_by` by whom.
    """

    id: str
    question: str
    was: SaidOut | None
    now: SaidOut | None
    reason: str
    by: str
    at: datetime
    undone_at: datetime | None
    undone_by: str | None


class AnswerCorrectionIn(BaseModel):
    """What an answer should have been, and why.

    `value`: a number of the scale, true or false, the key of a choice, a list of keys; null for
    no answer. The words are the customer's own: `comment` says whether they are kept as they
    were read (`keep`), the whole message is the comment (`message`), or they say no more than
    the answer (`none`).
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    value: int | str | bool | list[str] | None = Field(json_schema_extra={"example": 2})
    comment: Literal["keep", "message", "none"] = "keep"
    reason: str = Field(
        min_length=1, max_length=LONGEST_REASON, json_schema_extra={"example": "It says minutes."}
    )
    by: str = _BY
    seen: str = Field(
        max_length=40,
        description="The answer's `stamp`, so that nothing newer is written over; of a question "
        "without an answer, `none`.",
    )


class UndoIn(BaseModel):
    """Who takes a correction back."""

    model_config = ConfigDict(extra="forbid", strict=True)

    by: str = _BY


def answer_out(one: Answer) -> dict[str, Any]:
    """An answer, personal data masked."""
    names = ("question", "type", "channel", "answered_at")
    said = Said.of(one)
    assert said is not None
    return {name: getattr(one, name) for name in names} | _said(said) | {"stamp": stamp(said)}


def mended_out(one: Mended) -> dict[str, Any]:
    """A correction, personal data masked."""
    return {
        "id": str(one.row.id),
        "question": one.row.question,
        "was": _said(one.was) if one.was else None,
        "now": _said(one.said) if one.said else None,
        "reason": redacted(one.row.reason),
        "by": one.by,
        "at": one.row.created_at,
        "undone_at": one.undone_at,
        "undone_by": one.undone_by,
    }


def _said(said: Said) -> dict[str, Any]:
    value = said.value
    return {
        "value": redacted(value) if isinstance(value, str) else value,
        "comment": redacted(said.comment) if said.comment else None,
    }
