"""`waymark sms-segments`: how many SMS segments texts take."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, BinaryIO

import click
from pydantic import BaseModel, ConfigDict

from feedback.jsonl import each_line
from surveys.channels.segments import count


class TextLine(BaseModel):
    """One line in; fields besides these are ignored."""

    model_config = ConfigDict(strict=True)

    id: str | int
    text: str


@click.command("sms-segments")
@click.argument("source", metavar="IN.jsonl", type=click.File("rb"))
def command(source: BinaryIO) -> None:
    """Count SMS segments: {"id","text"} a line; - reads standard input.

    Prints {"id","encoding","units","segments"}: GSM-7 in septets, UCS-2 in UTF-16 code units.
    A line that can't be read is reported on standard error; the exit status is then 1.
    """
    if not each_line(source, TextLine, _count):
        sys.exit(1)


def _count(line: TextLine) -> Mapping[str, Any]:
    counted = count(line.text)
    return {
        "id": line.id,
        "encoding": counted.encoding,
        "units": counted.units,
        "segments": counted.segments,
    }
