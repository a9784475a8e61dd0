"""An export into a file on disk: whole under its name, or not there at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from feedback.exports.columns import Page, Table
from models.errors import InvalidInput

Progress = Callable[[int], None]
MEND = "Name a file in a folder that is there and can be written to."


def save(chunks: Iterable[bytes], path: Path) -> None:
    """Write beside it and give it the name when all is there; `-` is standard output."""
    if str(path) == "-":
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.writelines(chunks)
        part.replace(path)
    except OSError as error:
        raise InvalidInput(f"can't be written: {error.strerror}", field="--out", mend=MEND) from (
            error
        )
    finally:
        part.unlink(missing_ok=True)


def counted(table: Table, progress: Progress) -> Table:
    """The same table; `progress` hears how many rows were read after each page."""

    def pages() -> Iterator[Page]:
        rows = 0
        for page in table.pages:
            rows += len(page)
            progress(rows)
            yield page

    return replace(table, pages=pages())
