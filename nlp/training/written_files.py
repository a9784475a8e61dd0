"""Comments written for Waymark, labelled in the text itself; `written/README.md` shows how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp.clauses import clauses
from nlp.errors import TrainingDataError
from nlp.labels import EMOTIONS, RISKS
from nlp.text import clean
from nlp.training.example import Example, Part, bucket
from nlp.training.tables import HERE, KEYS, POLARITY

FOLDER = HERE / "written"
SENTENCES = "sentences"
"""Files of this name label the sentiment of single sentences and nothing else."""
HELD = 12
"""One comment in so many is kept to set thresholds with."""
WEIGHT = 2.0
SIGNS = {sign: POLARITY[name] for sign, name in zip("-0+", POLARITY, strict=True)}
_MARK = re.compile(r"\[([a-z_+\-0,]+)\](.*?)\[/\]")
_QUESTION = re.compile(r"Q\{(.*?)\} ")
_STRAY = re.compile(r"\[/\]|\[[a-z_,]+[+\-0]\]")


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters start..end of a text speak of one theme with one sentiment (-, 0, +)."""

    start: int
    end: int
    theme: str
    sign: str


@dataclass(frozen=True, slots=True)
class Written:
    """One line of a file, read."""

    industry: str
    sign: str
    emotions: frozenset[str]
    risks: frozenset[str]
    question: str
    text: str
    marks: tuple[Mark, ...]


def written_examples(language: str = "en", folder: Path = FOLDER) -> Iterator[Example]:
    """Each comment whole, then each of its clauses as far as its marks say something of it."""
    for path in sorted(folder.glob(f"{language}*.txt")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if line.strip():
                yield from examples_of(parse(line, path, number), SENTENCES in path.stem)


def examples_of(one: Written, sentence: bool = False) -> Iterator[Example]:
    """What a written comment teaches; of a mere sentence only the sentiment is known."""
    part: Part = "validation" if bucket(one.text, HELD) == 0 else "train"
    if sentence:
        polarity = SIGNS[one.sign]
        yield Example("sentences", part, one.text, weight=WEIGHT, sentiment=polarity)
        return
    themes = tuple(dict.fromkeys(frozenset([mark.theme]) for mark in one.marks))
    yield Example(
        "written",
        part,
        one.text,
        one.question,
        weight=WEIGHT,
        sentiment=SIGNS[one.sign],
        themes=themes,
        emotions=one.emotions,
        risks=one.risks,
        urgent=bool(one.risks),
    )
    spans = clauses(one.text)
    for span in spans if len(spans) > 1 else ():
        yield _clause(one, span, part)


def _clause(one: Written, span: tuple[int, int], part: Part) -> Example:
    """A clause has the marks that cover half of it or lie half in it."""
    marks = [mark for mark in one.marks if _shares(mark, span)]
    signs = {mark.sign for mark in marks}
    return Example(
        "written",
        part,
        one.text,
        one.question,
        span=span,
        weight=WEIGHT,
        sentiment=SIGNS[next(iter(signs))] if len(signs) == 1 else None,
        themes=tuple(dict.fromkeys(frozenset([mark.theme]) for mark in marks)),
    )


def _shares(mark: Mark, span: tuple[int, int]) -> bool:
    common = min(mark.end, span[1]) - max(mark.start, span[0])
    return 2 * common >= min(mark.end - mark.start, span[1] - span[0])


def parse(line: str, path: Path, number: int) -> Written:
    """One line: industry, sentiment, emotions, risks, then the text with its marks."""
    fields = line.strip().split(" ", 4)
    if len(fields) < 5:
        raise _fault(path, number, "has fewer than five fields")
    industry, sign, emotions, risks, rest = fields
    question = _QUESTION.match(rest)
    text, marks = _marked(rest[question.end() :] if question else rest, path, number)
    return Written(
        industry,
        _known(sign, SIGNS, "sentiment", path, number),
        frozenset(_each(emotions, "none", EMOTIONS, "emotion", path, number)),
        frozenset(_each(risks, ".", RISKS, "risk", path, number)),
        question.group(1) if question else "",
        text,
        marks,
    )


def _marked(rest: str, path: Path, number: int) -> tuple[str, tuple[Mark, ...]]:
    """The text without its marks, cleaned, and where the marks stood in it."""
    text, marks, position = "", [], 0
    for found in _MARK.finditer(rest):
        text = clean(text + rest[position : found.start()] + "x").text[:-1]
        start = len(text)
        text = clean(text + found.group(2) + "x").text[:-1]
        for label in found.group(1).split(","):
            theme = _known(label[:-1], KEYS, "theme", path, number)
            sign = _known(label[-1], SIGNS, "sign", path, number)
            marks.append(Mark(start, len(text), theme, sign))
        position = found.end()
    text = clean(text + rest[position:]).text
    if _STRAY.search(text):
        raise _fault(path, number, "has a mark that does not open or close")
    return text, tuple(marks)


def _each(
    cell: str, nothing: str, known: tuple[str, ...], kind: str, path: Path, number: int
) -> Iterator[str]:
    for word in cell.split(",") if cell != nothing else ():
        yield _known(word, known, kind, path, number)


def _known(word: str, known: object, kind: str, path: Path, number: int) -> str:
    if word not in known:  # type: ignore[operator]  # a tuple or a table, both have `in`
        raise _fault(path, number, f"has the unknown {kind} {word!r}")
    return word


def _fault(path: Path, number: int, message: str) -> TrainingDataError:
    return TrainingDataError(
        f"line {number} {message}", field=str(path), mend="written/README.md shows how it is."
    )
