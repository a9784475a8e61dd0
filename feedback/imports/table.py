"""Reading the CSV: its encoding and header checked, each row with the line it began on."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.errors import InvalidInput, NotFound

FIELD_LIMIT = 1_000_000
"""Characters one field may hold; more speaks of a quote that was never closed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the line it began on, its fields as they came, and by column where whole."""

    number: int
    fields: tuple[str, ...]
    by_column: dict[str, str] | None


@dataclass(frozen=True)
class Table:
    """A CSV file that can be read again and again."""

    path: Path
    encoding: str
    delimiter: str

    def header(self, wanted: Sequence[str] = ()) -> list[str]:
        """The columns' names; InvalidInput lists the wanted ones that aren't there."""
        with self._open() as reader:
            names = [name.strip() for name in next(reader, [])]
        missing = [name for name in wanted if name not in names]
        if missing:
            found = ", ".join(names) or "nothing: the file is empty"
            mend = f"The file has {found}. Mend the mapping"
            mend += ", or its delimiter." if len(names) == 1 else " or the header."
            what = f"has no column {', '.join(missing)}"
            raise InvalidInput(what, field=self.path.name, mend=mend)
        return names

    def lines(self) -> Iterator[Line]:
        """Every row below the header that holds anything."""
        with self._open() as reader:
            names = [name.strip() for name in next(reader, [])]
            start = reader.line_num + 1
            for fields in reader:
                if any(fields):
                    whole = len(fields) == len(names)
                    by_column = dict(zip(names, fields, strict=True)) if whole else None
                    yield Line(start, tuple(fields), by_column)
                start = reader.line_num + 1

    @contextmanager
    def _open(self) -> Iterator[csv._reader]:  # type: ignore[name-defined]  # typeshed's own name
        csv.field_size_limit(FIELD_LIMIT)
        place = 0
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                reader = csv.reader(file, delimiter=self.delimiter)
                try:
                    yield reader
                finally:
                    place = reader.line_num
        except FileNotFoundError as error:
            mend = "Check the path."
            raise NotFound("there is no such file", field=str(self.path), mend=mend) from error
        except LookupError as error:
            mend = "Use a name such as utf-8 or cp1252."
            raise InvalidInput(f"{error}", field="--encoding", mend=mend) from error
        except UnicodeDecodeError as error:
            raise self._undecodable(error, place) from error
        except csv.Error as error:
            mend = "Look for a quote that is never closed."
            here = f"{self.path.name}, line {place + 1}"
            raise InvalidInput(f"is no CSV: {error}", field=here, mend=mend) from error

    def _undecodable(self, error: UnicodeDecodeError, place: int) -> InvalidInput:
        what = f"is not {self.encoding}: the byte 0x{error.object[error.start]:02x}"
        mend = "Save the file as UTF-8, or say what it is, such as --encoding cp1252."
        return InvalidInput(what, field=f"{self.path.name}, after line {place}", mend=mend)
