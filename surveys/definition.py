"""Survey definitions: read, checked as a whole, and hashed; immutable once published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError

from models.errors import InvalidInput
from surveys.definition_checks import content_problems, schema_problems
from surveys.definition_graph import graph_problems
from surveys.questions.base import END, Farewells, Key, Part, Problem, Thanks, as_tuple
from surveys.questions.registry import Question
from surveys.wording import LocalText, choose_language

__all__ = [
    "END",
    "DefinitionError",
    "Problem",
    "Question",
    "SurveyDefinition",
    "Thanks",
    "parse_definition",
]

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class SurveyDefinition(Part):
    """One version of a survey, as it is stored and answered."""

    key: Key
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    metric: Literal["nps", "csat", "ces"] | None = None
    languages: Annotated[tuple[Language, ...], BeforeValidator(as_tuple), Field(min_length=1)] = (
        "en",
    )
    sender_name: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    sms_link: Literal["first"] | None = None
    intro: LocalText | None = None
    questions: Annotated[
        tuple[Question, ...], BeforeValidator(as_tuple), Field(min_length=1, max_length=50)
    ]
    thanks: Annotated[Farewells, Field(min_length=1)]

    @property
    def default_language(self) -> str:
        """The first language: what a plain text is written in."""
        return self.languages[0]

    @cached_property
    def by_key(self) -> Mapping[str, Question]:
        """The questions by key."""
        return {question.key: question for question in self.questions}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Each question's place in the order they are written."""
        return {question.key: place for place, question in enumerate(self.questions)}

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the definition's canonical JSON.

        What is left at its default doesn't count, so that the hash of an old version stays
        when a later Waymark knows more settings.
        """
        said = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        canonical = json.dumps(said, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def language_for(self, preferred: str | None) -> str:
        """The survey's language that suits a customer's locale best."""
        return choose_language(preferred, self.languages)

    def to_json(self) -> dict[str, Any]:
        """The definition as JSON data; parse_definition of it gives an equal definition."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class DefinitionError(InvalidInput):
    """A definition that can't be used, with every problem it has."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        many = f"{len(problems)} problems" if len(problems) > 1 else "a problem"
        listed = "\n".join(f"- {problem}" for problem in problems)
        super().__init__(f"The survey has {many}:\n{listed}")


def parse_definition(data: Mapping[str, Any]) -> SurveyDefinition:
    """Read and check a definition; DefinitionError lists everything that is wrong, at once."""
    if not isinstance(data, Mapping):
        raise DefinitionError([Problem("survey", "is no mapping", "Write it as key: value.")])
    problems: list[Problem] = []
    definition: SurveyDefinition | None = None
    try:
        definition = SurveyDefinition.model_validate(dict(data))
    except ValidationError as error:
        problems += schema_problems(error)
    problems += [*graph_problems(data), *content_problems(data)]
    if problems or definition is None:
        raise DefinitionError(list(dict.fromkeys(problems)))
    return definition
