"""WhatsApp templates for the simulator: a list of its own, or those that surveys are set to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import StringConstraints as Text

from feedback.configuration.problems import ConfigurationError, Problem, of_schema
from feedback.configuration.whatsapp import WhatsAppIn
from feedback.configuration.yaml_file import Document, read_yaml
from models.errors import InvalidInput
from surveys.simulator.template import Template

MEND = "Write templates: and under it sid and body, or use the file that surveys are applied from."


class _Simulated(BaseModel):
    """One template of the account; `buttons` are words with the id that tapping them sends."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sid: Annotated[str, Text(pattern=r"^HX[0-9a-fA-F]{32}$")]
    body: Annotated[str, Text(min_length=1, max_length=1024)]
    name: str = "template"
    language: str = "en"
    status: Literal[
        "approved", "unsubmitted", "received", "pending", "rejected", "paused", "disabled"
    ] = "approved"
    reason: str = ""
    buttons: dict[Annotated[str, Text(max_length=20)], str] = {}


class _File(BaseModel):
    templates: list[_Simulated] = []


def read_templates(path: Path) -> tuple[Template, ...]:
    """The templates in a file; raises InvalidInput, naming the line and the mend.

    A survey's own are approved; what `templates:` says of the same id goes before that.
    """
    document = read_yaml(path.read_text("utf-8"), path.name)
    if not isinstance(document.data, Mapping):
        raise InvalidInput("holds no templates", field=path.name, mend=MEND)
    found = {one.sid: one for one in _of_surveys(document)}
    found |= {one.sid: Template(**one.model_dump()) for one in _own(document)}
    if not found:
        raise InvalidInput("holds no templates", field=path.name, mend=MEND)
    return tuple(found.values())


def _own(document: Document) -> list[_Simulated]:
    try:
        return _File.model_validate({"templates": document.data.get("templates") or []}).templates
    except ValidationError as error:
        raise ConfigurationError(of_schema(error), document.places) from error


def _of_surveys(document: Document) -> Iterator[Template]:
    """What a configuration's surveys are set to, as if Meta had approved it all."""
    surveys: Any = document.data.get("surveys") or []
    problems: list[Problem] = []
    for place, survey in enumerate(surveys if isinstance(surveys, list) else []):
        given = survey.get("whatsapp") if isinstance(survey, Mapping) else None
        try:
            read = WhatsAppIn.model_validate(given or {})
        except ValidationError as error:
            problems += of_schema(error, ("surveys", place, "whatsapp"))
            continue
        for use, templates in (("invitation", read.invitation), ("reminder", read.reminder)):
            for language, one in templates.items():
                name = f"{survey.get('key')}_{use}"
                yield Template(one.sid, name, one.text, language)
    if problems:
        raise ConfigurationError(problems, document.places)
