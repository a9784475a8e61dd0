"""`waymark parse-reply`: what Waymark would make of replies by SMS."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, BinaryIO, Literal

import click
from pydantic import BaseModel, ConfigDict, Field

from feedback.jsonl import each_line
from models.errors import InvalidInput
from surveys.answers import NotUnderstood
from surveys.replies.parse import SCALES, parse_reply


class ReplyLine(BaseModel):
    """One line in; fields besides these are ignored."""

    model_config = ConfigDict(strict=True)

    id: str | int
    type: Literal["nps", "csat", "ces", "yes_no", "choice", "text"]
    text: str
    choices: list[str] = Field(default_factory=list)
    language: str | None = Field(default=None, pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$")
    scale: int | None = Field(default=None, ge=3, le=10)
    multiple: bool = False


@click.command("parse-reply")
@click.argument("source", metavar="IN.jsonl", type=click.File("rb"))
def command(source: BinaryIO) -> None:
    """Read replies: {"id","type","text","choices"?,"language"?} a line; - reads standard input.

    Prints {"id","value","comment"}, or {"id","error"} for a reply that is no answer: empty,
    no_answer, ambiguous, out_of_range, not_whole or unknown_option. `scale` gives a csat or
    ces question other points than 5 or 7, `multiple` lets a choice question take several.
    A line that can't be read is reported on standard error; the exit status is then 1.
    """
    if not each_line(source, ReplyLine, _answer):
        sys.exit(1)


def _answer(line: ReplyLine) -> Mapping[str, Any]:
    if line.type == "choice" and len(line.choices) < 2:
        raise InvalidInput("holds fewer than two", field="choices", mend="Give two or more texts.")
    low, high = SCALES.get(line.type, (0, 0))
    scaled = line.type in ("csat", "ces") and line.scale is not None
    read = parse_reply(
        line.text,
        line.type,
        line.choices,
        line.language or "en",
        scale=(low, line.scale or high) if scaled else None,
        multiple=line.multiple,
    )
    if isinstance(read, NotUnderstood):
        return {"id": line.id, "error": read.reason.value}
    return {"id": line.id, "value": read.value, "comment": read.comment}
