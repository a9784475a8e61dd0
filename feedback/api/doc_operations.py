"""The operations of an OpenAPI document, ready to be read on a page."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup, escape

from feedback.api.doc_fields import Field, Schema, field, fields, resolved

_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Shape:
    """A body: what it is called, what it means, its fields."""

    name: str
    about: str
    fields: list[Field]
    strict: bool
    ok: bool = True


@dataclass(frozen=True)
class Operation:
    """One call of the API."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    parameters: list[tuple[str, Field]]
    requests: list[Shape]
    answers: list[Shape]
    example: str


def coded(text: str) -> Markup:
    """Text whose `words in backticks` are code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def operations(spec: Mapping[str, Any], base: str) -> list[Operation]:
    """Every operation, in the document's order; its example calls the program at `base`."""
    parts = spec.get("components", {}).get("schemas", {})
    return [
        _operation(method, path, found, parts, base)
        for path, methods in spec["paths"].items()
        for method, found in methods.items()
    ]


def _operation(
    method: str, path: str, found: Mapping[str, Any], parts: Mapping[str, Schema], base: str
) -> Operation:
    given, bodies = found.get("parameters") or [], _bodies(found.get("requestBody") or {})
    seen: dict[str, str] = {}
    return Operation(
        id=found.get("operationId", path),
        method=method.upper(),
        path=path,
        summary=found.get("summary") or "",
        about=found.get("description") or "",
        parameters=[
            (one["in"], field(one["name"], one["schema"], parts, bool(one.get("required"))))
            for one in given
        ],
        requests=[_shape(_title(body, parts), body, parts, seen) for body in bodies],
        answers=list(_answers(found.get("responses") or {}, parts, seen)),
        example=_curl(method, base + path, given, [_example(one, parts) for one in bodies[:1]]),
    )


def _bodies(holder: Mapping[str, Any]) -> list[Schema]:
    """The shapes a body may have."""
    schema = holder.get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return []
    return list(schema.get("anyOf", [schema]))


def _title(schema: Schema, parts: Mapping[str, Schema]) -> str:
    return str(resolved(schema, parts).get("title", ""))


def _shape(
    name: str, schema: Schema, parts: Mapping[str, Schema], seen: dict[str, str], ok: bool = True
) -> Shape:
    itself = resolved(schema, parts)
    strict = itself.get("additionalProperties") is False
    return Shape(name, str(itself.get("description", "")), fields(schema, parts, seen), strict, ok)


def _answers(
    responses: Mapping[str, Any], parts: Mapping[str, Schema], seen: dict[str, str]
) -> Iterator[Shape]:
    """The answers, those of one shape together."""
    alike: dict[str, tuple[Schema, list[str]]] = {}
    for status, answer in responses.items():
        for schema in _bodies(answer) or [{}]:
            _, statuses = alike.setdefault(json.dumps(schema), (schema, []))
            statuses.append(f"{status} {answer.get('description', '')}".strip())
    for schema, statuses in alike.values():
        yield _shape(", ".join(statuses), schema, parts, seen, statuses[0].startswith("2"))


def _example(schema: Schema, parts: Mapping[str, Schema]) -> Any:
    """What a schema's own examples make together; a field without one is left out."""
    itself = resolved(schema, parts)
    if itself.get("examples"):
        return itself["examples"][0]
    made = {name: _example(one, parts) for name, one in itself.get("properties", {}).items()}
    return {name: value for name, value in made.items() if value is not None} or None


def _curl(method: str, url: str, given: list[dict[str, Any]], bodies: list[Any]) -> str:
    query: dict[str, str] = {}
    for one in given:
        value = one.get("example")
        if one["in"] == "path":
            url = url.replace(f"{{{one['name']}}}", str(value or one["name"].upper()))
        elif value is not None:
            query[one["name"]] = value
    url = f"{url}?{urlencode(query)}" if query else url
    verb = "" if method == "get" else f"-X {method.upper()} "
    lines = [f"curl {verb}{shlex.quote(url)}", '-H "Authorization: Bearer $WAYMARK_KEY"']
    for body in bodies:
        text = json.dumps(body, indent=2, ensure_ascii=False)
        lines += ['-H "Content-Type: application/json"', f"-d {shlex.quote(text)}"]
    return " \\\n  ".join(lines)
