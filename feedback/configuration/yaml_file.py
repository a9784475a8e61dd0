"""YAML as people write it: values by YAML 1.2's plain rules, and the line each one stands on.

YAML 1.1, which PyYAML reads, would turn `No` into false, `+447700900000` into a number and
`2026-01-31` into a date; here they stay the texts that were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from models.errors import InvalidInput

Path = tuple[str | int, ...]
_PLAIN_TEXT = "Send one document of plain UTF-8 text."


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_PLAIN = (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    ("merge", r"^<<$", ["<"]),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?$", list("-0123456789")),
)
for _tag, _pattern, _first in _PLAIN:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


@dataclass(frozen=True)
class Document:
    """A YAML file's data, and where each path of it was written (`shop.yaml:12`)."""

    data: Any
    places: Mapping[Path, str]


def read_yaml(text: str, name: str) -> Document:
    """Parse one YAML document; InvalidInput names the file, the line and the mend."""
    loader = _loader(text, name)
    try:
        node = loader.get_single_node()
        if node is None:
            return Document({}, {})
        places = {path: f"{name}:{line}" for path, line in _walk(node, (), name)}
        return Document(loader.construct_document(node), places)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        here = f"{name}:{mark.line + 1}" if mark else name
        mend = "Mend the YAML there; mind the indentation and quotes."
        raise InvalidInput(f"is not YAML: {error.problem}", field=here, mend=mend) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise InvalidInput("is not YAML", field=name, mend=_PLAIN_TEXT) from error
    finally:
        loader.dispose()


def _loader(text: str, name: str) -> _Loader:
    try:
        return _Loader(text)
    except yaml.YAMLError as error:  # a character that no YAML may hold
        raise InvalidInput("is not YAML", field=name, mend=_PLAIN_TEXT) from error


def _walk(node: yaml.Node, path: Path, name: str) -> Iterator[tuple[Path, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for place, child in enumerate(node.value):
            yield from _walk(child, (*path, place), name)
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, child in node.value:
            if key.value in keys:
                here = f"{name}:{key.start_mark.line + 1}"
                raise InvalidInput(
                    f"{key.value!r} is given twice", field=here, mend="Keep one of them."
                )
            keys.add(key.value)
            yield (*path, key.value), key.start_mark.line + 1
            yield from _inside(child, (*path, key.value), name)


def _inside(node: yaml.Node, path: Path, name: str) -> Iterator[tuple[Path, int]]:
    """A value's own places; the value itself is said to stand where its key stands."""
    return (found for found in _walk(node, path, name) if found[0] != path)


def merged(documents: list[Document]) -> Document:
    """Several files as one: lists follow each other, settings are laid over each other."""
    data: dict[str, Any] = {}
    places: dict[Path, str] = {}
    for document in map(_as_sections, documents):
        offsets = {
            key: len(data[key]) if isinstance(data.get(key), list) else 0 for key in document.data
        }
        for path, place in document.places.items():
            places[_moved(path, offsets)] = place
        for key, value in document.data.items():
            data[key] = _joined(data.get(key), value)
    return Document(data, places)


def _as_sections(document: Document) -> Document:
    """A file that holds one survey, and nothing else, is a list of that survey."""
    if not isinstance(document.data, dict):
        raise InvalidInput(
            "must be a mapping",
            field=document.places.get((), "file"),
            mend="Begin with workspace:, journeys:, surveys:, triggers:, segments:, themes:, "
            "alerts: or goals:.",
        )
    if "questions" not in document.data:
        return document
    inside = {("surveys", 0, *path): place for path, place in document.places.items()}
    return Document({"surveys": [document.data]}, inside)


def _moved(path: Path, offsets: Mapping[str, int]) -> Path:
    if len(path) > 1 and isinstance(path[0], str) and isinstance(path[1], int):
        return (path[0], path[1] + offsets.get(path[0], 0), *path[2:])
    return path


def _joined(old: Any, new: Any) -> Any:
    if isinstance(old, list) and isinstance(new, list):
        return [*old, *new]
    return {**old, **new} if isinstance(old, dict) and isinstance(new, dict) else new
