"""From a row of a CSV to an event, as the events API takes it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from feedback.api.schemas import FieldError
from feedback.hooks import reading
from feedback.hooks.mapping import EventMapping
from feedback.hooks.reading import OPTIONAL, Found
from feedback.imports.table import Line, Table

KNOWN = ("id", "event", "occurred_at", "customer_id", *OPTIONAL)
NEEDED = ("event", "customer_id")
ATTRIBUTE = "attribute."
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?")


@dataclass(frozen=True)
class Reader:
    """Reads rows: by a mapping, which sees each as `body`, or by the columns' own names.

    Without a mapping: `event` and `customer_id` are needed; `id`, `occurred_at`, `phone`, `email`,
    `locale` and `timezone` are known; `attribute.X` is the customer's, any other a property.
    """

    columns: Sequence[str]
    mapping: EventMapping | None = None

    def read(self, line: Line) -> list[Found]:
        """The events of a row: one, unless a mapping says otherwise."""
        if line.by_column is None:
            return [_refused(_ragged(line, len(self.columns)))]
        if self.mapping is None:
            return [Found(_event(line.by_column, line.fields))]
        found = reading.found(self.mapping, {"topic": "", "delivery": "", "body": line.by_column})
        return found or [_refused(_NO_RULE)]


_NO_RULE = FieldError(
    message="no rule of the mapping is about this row",
    field="row",
    mend="Mend its values, or add a rule.",
)


def check(table: Table, mapping: EventMapping | None) -> Reader:
    """A reader of this file; InvalidInput when its header lacks what is needed."""
    return Reader(table.header(NEEDED if mapping is None else ()), mapping)


def _refused(error: FieldError) -> Found:
    return Found(error=error)


def _ragged(line: Line, columns: int) -> FieldError:
    many = f"has {len(line.fields)} fields where the header has {columns}"
    return FieldError(message=many, field="row", mend="Look for a missing or unquoted comma.")


def _event(row: Mapping[str, str], fields: Sequence[str]) -> dict[str, Any]:
    customer: dict[str, Any] = {"id": row["customer_id"]}
    customer |= {name: row[name] for name in OPTIONAL if row.get(name)}
    others = {key: _value(text) for key, text in row.items() if text and key not in KNOWN}
    mine = {key for key in others if key.startswith(ATTRIBUTE)}
    customer["attributes"] = {key.removeprefix(ATTRIBUTE): others[key] for key in mine}
    return {
        "id": row.get("id") or _hash(fields),
        "event": row["event"],
        "occurred_at": row.get("occurred_at") or None,
        "customer": customer,
        "properties": {key: value for key, value in others.items() if key not in mine},
    }


def _value(text: str) -> str | int | float:
    """A number where it is written plainly as one, so that filters can compare it."""
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


def _hash(fields: Sequence[str]) -> str:
    """A row without an id is itself: the same row again is the same event."""
    row = "\x1f".join(fields).encode()
    return f"row:{hashlib.sha256(row).hexdigest()}"
