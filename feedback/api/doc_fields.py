"""The fields of a JSON schema as rows to read: name, type, whether needed, meaning and limits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
REF = "#/components/schemas/"
_TYPES: Mapping[str, str] = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "null": "null",
}
# (lower limit, upper limit, what is counted)
_LIMITS = (
    ("minLength", "maxLength", "character"),
    ("minItems", "maxItems", "item"),
    ("minProperties", "maxProperties", "key"),
)


@dataclass(frozen=True)
class Field:
    """One field; those of an object inside another lie `depth` deep."""

    name: str
    depth: int
    type: str
    required: bool
    about: str


def resolved(schema: Schema, parts: Mapping[str, Schema]) -> Schema:
    """The schema itself: what a reference points to, and what null may stand for."""
    if "$ref" in schema:
        return parts[schema["$ref"].removeprefix(REF)]
    options = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if len(options) == 1:
        return {**resolved(options[0], parts), **{k: v for k, v in schema.items() if k != "anyOf"}}
    return schema


def fields(schema: Schema, parts: Mapping[str, Schema], seen: dict[str, str]) -> list[Field]:
    """The fields of an object, each followed by the fields of what it holds.

    `seen` remembers what was shown already and where, so that it is shown once.
    """
    itself = resolved(schema, parts)
    seen.setdefault(str(itself.get("title")), str(itself.get("title")))
    return list(_walk(itself, parts, 0, seen))


def field(name: str, schema: Schema, parts: Mapping[str, Schema], required: bool) -> Field:
    """One field by itself: a parameter."""
    return Field(name, 0, _type(schema, parts), required, _about(schema, parts))


def _walk(
    schema: Schema, parts: Mapping[str, Schema], depth: int, seen: dict[str, str]
) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, one in schema.get("properties", {}).items():
        inner = resolved(_inside(one, parts), parts)
        held, title = bool(inner.get("properties")), str(inner.get("title"))
        about = _about(one, parts)
        if held and title in seen:
            about = f"{about} Its fields are those of `{seen[title]}` above.".strip()
        yield Field(name, depth, _type(one, parts), name in required, about)
        if held and title not in seen:
            seen[title] = name
            yield from _walk(inner, parts, depth + 1, seen)


def _inside(schema: Schema, parts: Mapping[str, Schema]) -> Schema:
    """What a list or a map holds; of anything else, itself."""
    itself = resolved(schema, parts)
    held = itself.get("items") or itself.get("additionalProperties")
    return held if isinstance(held, Mapping) else itself


def _type(schema: Schema, parts: Mapping[str, Schema]) -> str:
    itself = resolved(schema, parts)
    null = any(one.get("type") == "null" for one in schema.get("anyOf", ()))
    return _plain_type(itself, parts) + (" or null" if null else "")


def _plain_type(itself: Schema, parts: Mapping[str, Schema]) -> str:
    if "enum" in itself:
        return " or ".join(f"`{one}`" for one in itself["enum"])
    if itself.get("format") == "date-time":
        return "time"
    kind = itself.get("type")
    if kind == "array":
        return f"list: {_type(itself.get('items', {}), parts)}"
    if kind == "object" and isinstance(itself.get("additionalProperties"), Mapping):
        return f"object: {_type(_inside(itself, parts), parts)} by key"
    if kind == "object" and "properties" not in itself:
        return "object: any JSON by key"
    return _TYPES.get(str(kind), "any JSON")


def _about(schema: Schema, parts: Mapping[str, Schema]) -> str:
    itself = resolved(schema, parts)
    inner = _inside(schema, parts)
    about = schema.get("description") or itself.get("description")
    about = about or resolved(inner, parts).get("description") or ""
    said = [" ".join(str(about).split()), *(f"{one}." for one in _limits(itself))]
    if "pattern" in itself:
        said.append(f"Matches `{itself['pattern']}`.")
    if itself.get("default"):
        said.append(f"`{json.dumps(itself['default'])}` when left out.")
    examples = itself.get("examples") or [itself[one] for one in ("example",) if one in itself]
    said += [f"Such as `{_shown(one)}`." for one in examples[:1]]
    return " ".join(one for one in said if one)


def _limits(schema: Schema) -> Iterator[str]:
    for lower, upper, noun in _LIMITS:
        low, high = schema.get(lower), schema.get(upper)
        if low is not None and high is not None:
            yield f"{low} to {high} {noun}s"
        elif high is not None:
            yield f"At most {high} {noun}s"
        elif low is not None:
            yield f"At least {low} {noun}{'' if low == 1 else 's'}"


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
