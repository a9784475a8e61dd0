"""From pydantic's errors to ours: the field, what is wrong with it, and the mend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response
from pydantic import ValidationError

from feedback.api.schemas import ErrorOut, FieldError

_ISO = "Write it as 2026-01-31T09:30:00Z."
_WORDS: Mapping[str, tuple[str, str | None]] = {
    "missing": ("is missing", "Add it."),
    "extra_forbidden": (
        "is not a field known here",
        "Remove it, or put it under properties or customer.attributes.",
    ),
    "string_type": ("must be a text", "Put it in double quotes."),
    "string_too_short": ("is empty", "Give it at least {min_length} character(s)."),
    "string_too_long": ("is too long", "Keep it to {max_length} characters."),
    "string_pattern_mismatch": ("is not written as it should be", "It must match {pattern}."),
    "timezone_aware": ("has no time zone", "Add Z or an offset: 2026-01-31T09:30:00Z."),
    "datetime_parsing": ("is no time", _ISO),
    "datetime_from_date_parsing": ("is no time", _ISO),
    "datetime_object_invalid": ("is no time", _ISO),
    "datetime_type": ("is no time", _ISO),
    "dict_type": ("must be an object", "Write it as {{...}}."),
    "model_type": ("must be an object", "Write it as {{...}}."),
    "model_attributes_type": ("must be an object", "Write it as {{...}}."),
    "list_type": ("must be a list", "Write it as [...]."),
    "too_long": ("holds too many", "Send {max_length} at most."),
    "too_short": ("is empty", "Send at least {min_length}."),
    "finite_number": ("is not a finite number", "Send a number, or leave it out."),
}


def dotted(path: tuple[int | str, ...], prefix: str = "") -> str:
    """A path as people write it: `events[3].customer.phone`."""
    text = prefix
    for part in path:
        joint = "." if text and not isinstance(part, int) else ""
        text += f"[{part}]" if isinstance(part, int) else f"{joint}{part}"
    return text


def in_words(error: Mapping[str, Any], prefix: str = "") -> FieldError:
    """One of pydantic's errors as ours."""
    context = error.get("ctx", {})
    message, mend = _WORDS.get(error["type"], (error["msg"], None))
    if error["type"] == "waymark":
        mend = context["mend"]
    elif mend is not None:
        mend = mend.format(**context)
    # the name of a union's branch is ours, not the sender's
    path = tuple(part for part in error["loc"] if part not in _BRANCHES)
    return FieldError(message=message, field=dotted(path, prefix) or None, mend=mend)


_BRANCHES = {"str", "int", "float", "bool", "list", "dict", "nullable", "constrained-str"}


def first_problem(error: ValidationError, prefix: str = "") -> FieldError:
    """The first thing that is wrong."""
    return in_words(error.errors(include_url=False, include_input=False)[0], prefix)


def validation_response(error: ValidationError) -> Response:
    """A 422 in the API's one shape; for flask-openapi3's `validation_error_callback`."""
    body = ErrorOut(error=first_problem(error)).model_dump_json()
    return Response(body, status=422, mimetype="application/json")
