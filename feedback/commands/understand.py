"""`waymark understand`: JSON Lines of comments in, JSON Lines of readings out."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import click
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nlp.errors import CommentLineError, NlpError
from nlp.reader import Reader
from nlp.reading import CommentText

BATCH = 512


class CommentLine(BaseModel):
    """One line in; fields besides these are ignored."""

    model_config = ConfigDict(strict=True)

    id: str | int
    text: str
    question: str | None = None
    language: str | None = Field(default=None, pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$")


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line and where it stands; `comment` or `error`, not both."""

    comment: CommentLine | None = None
    error: CommentLineError | None = None


@click.command("understand")
@click.argument("source", metavar="IN.jsonl", type=click.File("rb"))
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of a model made by `waymark train`; the shipped one if left out.",
)
@click.option(
    "--why",
    is_flag=True,
    help="Add to each mention the words that carried its theme: [start, end, weight]; slower.",
)
def command(source: BinaryIO, model: Path | None, why: bool) -> None:
    """Understand comments: {"id","text","question"?,"language"?} a line; - reads standard input.

    Prints one JSON object a comment, in order. A bad line is reported on standard error, the
    others are still read, and the exit status is then 1.
    """
    try:
        reader = Reader.load(model)
    except NlpError as error:
        raise click.ClickException(str(error)) from error
    failed = False
    for batch in batched(parse(source), BATCH):
        failed |= any(line.error is not None for line in batch)
        for line in batch:
            if line.error is not None:
                click.echo(f"waymark: {line.error}", err=True)
        comments = [line.comment for line in batch if line.comment]
        for text in understand(reader, comments, why):
            click.echo(text)
    if failed:
        sys.exit(1)


def parse(source: Iterable[bytes]) -> Iterator[NumberedLine]:
    """Each line that is not blank, parsed or with its error."""
    for number, raw in enumerate(source, start=1):
        if raw.strip():
            try:
                yield NumberedLine(comment=parse_line(number, raw))
            except CommentLineError as error:
                yield NumberedLine(error=error)


def parse_line(number: int, raw: bytes) -> CommentLine:
    """The comment on a line; the error names the line, the field and the mend."""
    wanted = 'Write {"id": "7", "text": "..."}, one object a line, in UTF-8.'
    try:
        content = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        message = f"not JSON in UTF-8 ({error})"
        raise CommentLineError(message, field=f"line {number}", mend=wanted) from error
    if not isinstance(content, dict):
        raise CommentLineError("not a JSON object", field=f"line {number}", mend=wanted)
    try:
        return CommentLine.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        name = first["loc"][0]
        mend = MENDS.get(str(name), wanted)
        place = f"line {number}, field {name}"
        raise CommentLineError(first["msg"], field=place, mend=mend) from error


MENDS = {
    "id": "Give the comment an id, text or a whole number.",
    "text": "Give the comment's text as a string; an empty one is allowed.",
    "question": "Give the question as a string, or leave it out.",
    "language": "Give a language tag such as en or pt-BR, or leave it out.",
}


def understand(reader: Reader, lines: Sequence[CommentLine], why: bool = False) -> Iterator[str]:
    """One line of JSON a comment, in order."""
    texts = [CommentText(line.text, line.question, line.language) for line in lines]
    explainer = reader.explainer() if why else None
    for line, text, reading in zip(lines, texts, reader.read(texts), strict=True):
        content = reading.to_json()
        if explainer:
            reasons = explainer.mentions(text, reading.mentions)
            for mention, one in zip(content["mentions"], reasons, strict=True):
                mention["why"] = [[piece.start, piece.end, piece.share] for piece in one.theme]
        yield json.dumps({"id": line.id, **content})


def batched(lines: Iterable[NumberedLine], size: int) -> Iterator[tuple[NumberedLine, ...]]:
    """Up to `size` lines at a time."""
    iterator = iter(lines)
    while batch := tuple(itertools.islice(iterator, size)):
        yield batch
