"""What somebody typed or sent, as what is to be changed; what is wrong with it, at its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from feedback.configuration.contact_rules import Share
from feedback.configuration.problems import ConfigurationError, Problem, of_schema
from feedback.configuration.yaml_file import Document, merged, read_yaml
from feedback.whatif.changed import Wanted
from models.errors import InvalidInput

QUICK = ("quarantine_days", "yearly_cap", "quiet_hours")
LONGEST = 100_000
_SHARE = TypeAdapter(Share)
_NUMBER = {
    "quarantine_days": "Write a number of days, such as 14.",
    "yearly_cap": "Write 1 to 1000.",
}


def wanted(text: str, quick: Mapping[str, str], samples: Mapping[str, str]) -> Wanted:
    """From a form: YAML, the workspace's commonest settings, and shares of triggers in percent.

    What is empty changes nothing. Raises InvalidInput where the text is no YAML,
    ConfigurationError with whatever is wrong with the fields.
    """
    problems: list[Problem] = []
    settings = dict(_settings(quick, problems))
    shares = dict(_shares(samples, problems))
    if problems:
        raise ConfigurationError(problems, {})
    document = from_text(text)
    if settings:
        document = merged([document, Document({"workspace": settings}, {})])
    return Wanted(document, shares)


def from_text(text: str) -> Document:
    """YAML that somebody sent; one that refers to itself may grow beyond all bounds."""
    if len(text) > LONGEST:
        mend = "Leave out what does not change."
        raise InvalidInput(f"is longer than {LONGEST:,} characters", field="rules", mend=mend)
    try:
        refers = any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text))
    except yaml.YAMLError:
        refers = False  # read_yaml says where
    if refers:
        mend = "Write out what it stands for."
        raise InvalidInput("refers to another part by *", field="rules", mend=mend)
    return merged([read_yaml(text, "line")])


def from_data(data: Mapping[str, Any]) -> Document:
    """The same as JSON."""
    return merged([Document(dict(data), {})])


def _settings(quick: Mapping[str, str], problems: list[Problem]) -> Any:
    for name in QUICK:
        typed = quick.get(name, "").strip()
        if not typed:
            continue
        if name not in _NUMBER:
            yield name, typed
        elif typed.replace(".", "", 1).isascii() and typed.replace(".", "", 1).isdigit():
            yield name, float(typed) if "." in typed else int(typed)
        else:
            problems.append(Problem(("workspace", name), "is no number", _NUMBER[name]))


def _shares(samples: Mapping[str, str], problems: list[Problem]) -> Any:
    for key, raw in samples.items():
        typed = raw.strip()
        if not typed:
            continue
        try:
            share = _SHARE.validate_python(typed if typed.endswith("%") else f"{typed}%")
        except ValidationError as error:
            problems += of_schema(error, ("samples", key))
            continue
        yield key, share
