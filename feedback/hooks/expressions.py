"""Paths into a payload: JMESPath, with a few functions of our own; it reads, and runs nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions, signature
from jmespath.parser import ParsedResult

from models.errors import InvalidInput

LONGEST = 500
_HELP = "See https://jmespath.org for how paths are written."


class _Ours(Functions):
    """Functions of mappings. What is absent stays absent: never the text "null"."""

    @signature({"types": ["string", "number", "boolean", "null"]})
    def _func_text(self, value: Any) -> str | None:
        """A number as text, a text as it is."""
        return None if value is None else _text(value)

    @signature({"types": ["string"]}, {"types": ["string", "number", "null"], "variadic": True})
    def _func_key(self, *parts: Any) -> str | None:
        """An id put together of its parts; none where a part is missing."""
        if any(part in (None, "") for part in parts):
            return None
        return ":".join(_text(part) for part in parts)

    @signature({"types": ["string", "null"]})
    def _func_lower(self, value: str | None) -> str | None:
        """A text in small letters: an e-mail address is one however it is written."""
        return value.strip().lower() if value else None

    @signature({"types": ["string", "number", "null"]})
    def _func_number(self, value: Any) -> float | int | None:
        """A text such as "29.35" as a number; none where it is no number."""
        try:
            return None if value is None else _plain(float(value))
        except ValueError:
            return None

    @signature({"types": ["number", "null"]})
    def _func_from_unix(self, value: float | None) -> str | None:
        """Seconds since 1970 as a time."""
        try:
            return None if value is None else datetime.fromtimestamp(value, UTC).isoformat()
        except (ValueError, OverflowError, OSError):
            return str(value)

    @signature({"types": ["string", "null"]})
    def _func_utc(self, value: str | None) -> str | None:
        """A time written without its zone, which is UTC."""
        return f"{value}Z" if value else None

    @signature({"types": ["number", "string", "null"]}, {"types": ["number"]})
    def _func_divide(self, value: Any, by: float) -> float | int | None:
        """A number of cents as one of euros."""
        number = self._func_number(value)
        return None if number is None or not by else _plain(number / by)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(_plain(value)) if isinstance(value, float) else str(value)


def _plain(value: float) -> float | int:
    return int(value) if value.is_integer() else value


_OPTIONS = jmespath.Options(custom_functions=_Ours())


@lru_cache(maxsize=4096)
def compiled(expression: str) -> ParsedResult:
    """The expression, ready; InvalidInput when it can't be read."""
    if len(expression) > LONGEST:
        mend = f"Keep it to {LONGEST} characters."
        raise InvalidInput("is too long for an expression", mend=mend)
    try:
        return jmespath.compile(expression)
    except (JMESPathError, RecursionError) as error:
        first = str(error).splitlines()[0]
        raise InvalidInput(f"is no expression: {first}", mend=_HELP) from error


def value(expression: str, facts: Any) -> Any:
    """What the expression finds; InvalidInput when a function can't use what it was given."""
    try:
        return compiled(expression).search(facts, _OPTIONS)
    except (JMESPathError, RecursionError) as error:
        first = str(error).splitlines()[0][:200]
        raise InvalidInput(f"can't be worked out: {_without_values(first)}", mend=_HELP) from error


def _without_values(told: str) -> str:
    """Without what was found, which may be somebody's data."""
    return told.split(" for value:", maxsplit=1)[0].split(", received", maxsplit=1)[0]
