"""JSON Lines in, JSON Lines out: one object a line, order kept, bad lines told and passed by."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import click
from pydantic import BaseModel, ValidationError

from models.errors import InvalidInput, WaymarkError

Line = TypeVar("Line", bound=BaseModel)


def each_line(
    source: Iterable[bytes], shape: type[Line], answer: Callable[[Line], Mapping[str, Any]]
) -> bool:
    """Print what `answer` makes of each line; False when some line could not be read.

    Errors go to standard error with the line, the field and the mend.
    """
    well = True
    for number, raw in enumerate(source, start=1):
        if not raw.strip():
            continue
        try:
            click.echo(as_json(answer(_read(raw, shape))))
        except WaymarkError as error:
            well = False
            click.echo(f"waymark: line {number}: {error}", err=True)
    return well


def as_json(data: Mapping[str, Any]) -> str:
    """One line of JSON, readable; escaped where half of a surrogate pair can't be printed."""
    text = json.dumps(data, ensure_ascii=False)
    return text if _printable(text) else json.dumps(data)


def _printable(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _read(raw: bytes, shape: type[Line]) -> Line:
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidInput("is not UTF-8", field="line", mend="Save it as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        mend = "Write one JSON object a line."
        raise InvalidInput("is not JSON", field="line", mend=mend) from error
    if not isinstance(data, dict):
        raise InvalidInput("is no object", field="line", mend="Write one JSON object a line.")
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        raise _invalid(error) from error


def _invalid(error: ValidationError) -> InvalidInput:
    """The first fault that pydantic found, in our words."""
    fault = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in fault["loc"]) or "line"
    message = fault["msg"][:1].lower() + fault["msg"][1:]
    mend = "Add it." if fault["type"] == "missing" else "Change it so that it fits."
    return InvalidInput(message, field=field, mend=mend)
