"""What a person says of a theme, checked: every fault at its field, in words that say the mend."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from models.errors import InvalidInput

LONGEST_NAME, LONGEST_SENTENCE, LONGEST_EXAMPLE = 60, 300, 1000
FEWEST, MOST = 3, 50
"""Examples; five or more find a theme well, three the coarse of it."""
FEWEST_WORDS = 3

Problems = Mapping[str, str]


class ThemeProblems(InvalidInput):
    """A theme that can't be saved as it is; `problems` holds a sentence by field."""

    def __init__(self, problems: Problems) -> None:
        field, message = next(iter(problems.items()))
        super().__init__(message, field=field)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Said:
    """A theme as it was typed; examples left blank stay in their places."""

    name: str
    sentence: str
    examples: tuple[str, ...]
    counters: tuple[str, ...] = ()


def same(text: str) -> str:
    """Equal for texts that differ in case and white space alone."""
    return " ".join(text.casefold().split())


def given(texts: Collection[str]) -> list[str]:
    """The examples that were typed at all, without white space around."""
    return [text.strip() for text in texts if text.strip()]


def problems(said: Said, names: Collection[str]) -> Problems:
    """What is wrong, by field: `name`, `sentence`, `examples`, `example-1`, `counter-1` and on.

    `names` are those of the workspace's other themes.
    """
    return dict(_problems(said, names))


def name_problem(name: str, names: Collection[str]) -> str | None:
    """What is wrong with a name."""
    if not name.strip():
        return "Give it a name, such as Courier's manners."
    if len(name.strip()) > LONGEST_NAME:
        return f"Use {LONGEST_NAME} characters at most."
    if same(name) in {same(other) for other in names}:
        return f"There is a theme called {name.strip()} already. Choose another name."
    return None


def _problems(said: Said, names: Collection[str]) -> Iterator[tuple[str, str]]:
    wrong = name_problem(said.name, names)
    if wrong:
        yield "name", wrong
    if len(said.sentence.split()) < FEWEST_WORDS:
        yield "sentence", "Say in a sentence what belongs to it."
    elif len(said.sentence.strip()) > LONGEST_SENTENCE:
        yield "sentence", f"Use {LONGEST_SENTENCE} characters at most."
    yield from _examples(said)


def _examples(said: Said) -> Iterator[tuple[str, str]]:
    different = {same(text) for text in given(said.examples)}
    for field, texts in (("example", said.examples), ("counter", said.counters)):
        if len(given(texts)) > MOST:
            yield f"{field}s", f"Give {MOST} at most; choose those that differ most."
        for place, text in enumerate(texts):
            wrong = _example(text, texts[:place]) if text.strip() else None
            if not wrong and field == "counter" and same(text) in different:
                wrong = "These words are an example of it as well. Keep them in one place."
            if wrong:
                yield f"{field}-{place + 1}", wrong
    if len(different) < FEWEST:
        yield "examples", f"Give at least {FEWEST} different examples; five are better."


def _example(text: str, before: Collection[str]) -> str | None:
    if len(text.strip()) > LONGEST_EXAMPLE:
        return f"Use {LONGEST_EXAMPLE:,} characters at most: the part that speaks of it is enough."
    words = [word for word in text.split() if any(letter.isalpha() for letter in word)]
    if len(words) < FEWEST_WORDS:
        return f"Too short to learn from: use {FEWEST_WORDS} words or more."
    if same(text) in {same(other) for other in before}:
        return "The same words stand above. Give others."
    return None
