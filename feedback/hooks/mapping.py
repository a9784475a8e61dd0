"""How a payload becomes events: rules that a team can read and change."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic import model_validator as checked

from feedback.api.schemas import refuse
from feedback.configuration.problems import ConfigurationError, of_schema
from feedback.configuration.yaml_file import read_yaml
from feedback.hooks.expressions import compiled
from models.errors import InvalidInput, NotFound

FOLDER = Path(__file__).parent / "mappings"
MAX_RULES = 50


def _readable(expression: str) -> str:
    try:
        compiled(expression)
    except InvalidInput as error:
        raise refuse(error.message, error.mend or "") from error
    return expression


Expression = Annotated[str, StringConstraints(min_length=1), AfterValidator(_readable)]
Column = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WhoRule(_Part):
    """Who it was. `same_as` gives the id of an earlier event of this source: its customer.

    `attributes_from` is an object whose keys are attributes all.
    """

    id: Expression | None = None
    same_as: Expression | None = None
    phone: Expression | None = None
    email: Expression | None = None
    locale: Expression | None = None
    timezone: Expression | None = None
    attributes: dict[Column, Expression] = {}
    attributes_from: Expression | None = None

    @checked(mode="after")
    def _named(self) -> Self:
        if self.id is None and self.same_as is None:
            raise refuse("names nobody", "Give id:, same_as: or both.")
        return self


class EventRule(_Part):
    """One kind of event. The first rule whose `when` holds reads the payload (or its `each`)."""

    when: Expression | None = None
    each: Expression | None = None
    event: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None
    event_from: Expression | None = None
    id: Expression
    occurred_at: Expression | None = None
    customer: WhoRule
    properties: dict[Column, Expression] = {}
    properties_from: Expression | None = None

    @checked(mode="after")
    def _one_name(self) -> Self:
        if (self.event is None) == (self.event_from is None):
            raise refuse("needs a name", "Give event: or event_from:, not both.")
        return self


class EventMapping(_Part):
    """A whole mapping. Expressions see `topic`, `delivery`, `body` (and `item` under `each`)."""

    events: list[EventRule] = Field(min_length=1, max_length=MAX_RULES)


def parse(text: str, name: str) -> EventMapping:
    """The mapping a YAML text holds; what is wrong with it is listed at once."""
    document = read_yaml(text, name)
    try:
        return EventMapping.model_validate(document.data)
    except ValidationError as error:
        raise ConfigurationError(of_schema(error), document.places) from error


def read(path: Path) -> EventMapping:
    """The mapping in a YAML file."""
    try:
        return parse(path.read_text(encoding="utf-8-sig"), path.name)
    except FileNotFoundError as error:
        raise NotFound("there is no such file", field=str(path), mend="Check --mapping.") from error
    except UnicodeDecodeError as error:
        mend = "Save the mapping as UTF-8."
        raise InvalidInput("is not UTF-8 text", field=str(path), mend=mend) from error


def shipped_text(kind: str) -> str:
    """The mapping that comes with a kind of source, as it is written."""
    return (FOLDER / f"{kind}.yaml").read_text(encoding="utf-8")


@cache
def shipped(kind: str) -> EventMapping:
    """The mapping that comes with a kind of source."""
    return parse(shipped_text(kind), f"{kind}.yaml")


def written(kind: str, document: MappingOf[str, Any] | None) -> str:
    """A source's mapping as YAML, to be read and changed."""
    if document is None:
        return shipped_text(kind)
    text: str = yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True, width=100)
    return text


def stored(kind: str, document: MappingOf[str, Any] | None) -> EventMapping:
    """A source's mapping: its own where it has one."""
    return shipped(kind) if document is None else EventMapping.model_validate(document)
