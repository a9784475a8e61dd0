"""Which of several models reads a language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from nlp.language import Language
from nlp.reading import FIRST, UNDETERMINED

Model = TypeVar("Model")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Routed(Generic[Model]):
    """The model of English, and those of further languages by their codes."""

    first: Model
    others: Mapping[str, Model] = field(default_factory=dict)

    @property
    def languages(self) -> frozenset[str]:
        """The languages that are read."""
        return frozenset((FIRST, *self.others))

    def of(self, language: Language) -> Model | None:
        """What reads this language; None where nothing does.

        What can't be told goes to the likeliest language's model, if there is one.
        """
        if not language.read:
            return None
        if language.code != UNDETERMINED:
            return self.by_code(language.code)
        return (
            self.first if language.likeliest == UNDETERMINED else self.by_code(language.likeliest)
        )

    def by_code(self, code: str) -> Model | None:
        """What reads the language of this code."""
        return self.first if code == FIRST else self.others.get(code)

    def every(self) -> list[Model]:
        """The models, each once, the first first."""
        return list({id(model): model for model in (self.first, *self.others.values())}.values())

    def each(self, made: Callable[[Model], Other]) -> Routed[Other]:
        """The same languages, something else made of each model, once a model."""
        new = {id(model): made(model) for model in self.every()}
        others = {code: new[id(model)] for code, model in self.others.items()}
        return Routed(new[id(self.first)], others)


def may_be(language: Language, code: str) -> bool:
    """Whether words are in this language, or may be in any."""
    return language.read and language.code in (code, UNDETERMINED)
