"""Who a message is about: Segment's traits and context as what we know of a customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from feedback.api.schemas import Locale, Zone

OWN = ("phone", "email", "locale", "timezone")
# Segment's reserved names that stand in texts to customers, as everything else of ours is written
NAMES: Mapping[str, str] = {
    "firstName": "first_name",
    "lastName": "last_name",
    "createdAt": "created_at",
}
_AUTOMATIC: Mapping[str, TypeAdapter[Any]] = {
    "locale": TypeAdapter(Locale),
    "timezone": TypeAdapter(Zone),
}


def customer(who: str, traits: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """The customer as our events API takes one; what `traits` don't say the device may.

    A device's locale or zone that can't be read is let go: nobody wrote it, to mend it.
    """
    said: dict[str, Any] = {"id": who}
    for name in OWN:
        value = traits.get(name)
        if value not in (None, ""):
            said[name] = str(value) if isinstance(value, int | float) else value
        elif name in _AUTOMATIC and (known := _readable(name, context.get(name))):
            said[name] = known
    others = {NAMES.get(key, key): value for key, value in traits.items() if key not in OWN}
    if others:
        said["attributes"] = others
    return said


def _readable(name: str, value: object) -> object:
    if value is None:
        return None
    try:
        return _AUTOMATIC[name].validate_python(value)
    except ValidationError:
        return None
