"""Replies as customers type them, read by the parser: right, wrong, or asked again for nothing.

    python -m benchmarks.replies [--half tune] [--misread]

Of tests/surveys/data/replies_held_out.csv: replies in six languages with the answer a person
takes from each, written before the parser read any of them. The half `tune` may be looked at
when the parser is mended, the half `test` may not. A wrong value is worst: the customer is never
asked about it. Words lost are replies whose score was right and whose reason was not kept.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from surveys.answers import AnswerValue, NotUnderstood, Reading
from surveys.replies.parse import parse_reply

FILE = Path(__file__).parents[1] / "tests" / "surveys" / "data" / "replies_held_out.csv"
LANGUAGES = ("en", "es", "fr", "de", "it", "pt")
TYPES = ("nps", "csat", "ces", "yes_no", "choice", "text")


class Verdict(StrEnum):
    """What became of one reply."""

    RIGHT = "right"
    WORDS_LOST = "words lost"
    AGAIN = "asked again although readable"
    WRONG = "wrong value"


@dataclass(frozen=True)
class Written:
    """One reply and what a person makes of it; without a value it is to be asked again."""

    half: str
    type: str
    text: str
    choices: tuple[str, ...]
    language: str
    value: AnswerValue | None
    comment: str


def replies() -> list[Written]:
    """The whole set."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [_written(row) for row in csv.DictReader(file)]


def read(one: Written) -> Reading:
    """What the parser makes of a reply."""
    return parse_reply(one.text, one.type, one.choices, one.language)


def judged(one: Written) -> Verdict:
    """A refusal is right where a person would ask again too; a comment must hold the reason."""
    answer = read(one)
    if isinstance(answer, NotUnderstood):
        return Verdict.RIGHT if one.value is None else Verdict.AGAIN
    if answer.value != one.value or one.value is None:
        return Verdict.WRONG
    kept = one.comment.strip(" .!") in (answer.comment or "")
    return Verdict.RIGHT if kept else Verdict.WORDS_LOST


def table(chosen: Sequence[Written]) -> Iterator[str]:
    """Markdown: a row a language, a row a type, and all."""
    yield "| replies | n | right | wrong value | asked again although readable | words lost |"
    yield "|---|---|---|---|---|---|"
    for language in LANGUAGES:
        yield _row(language, (one for one in chosen if one.language == language))
    for type_ in TYPES:
        yield _row(type_, (one for one in chosen if one.type == type_))
    yield _row("all", chosen)


def main() -> None:
    """Print the table of each half, or of one; with --misread what was not right in `tune`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", choices=("tune", "test"))
    parser.add_argument("--misread", action="store_true", help="list those of the half `tune`")
    asked = parser.parse_args()
    everything = replies()
    for half in [asked.half] if asked.half else ["tune", "test"]:
        chosen = [one for one in everything if one.half == half]
        print(f"The half `{half}`:\n", *table(chosen), "", sep="\n")
    if asked.misread:
        for one in everything:
            if one.half == "tune" and judged(one) is not Verdict.RIGHT:
                print(judged(one), one.type, one.language, repr(one.text), one.value, read(one))


def _row(name: str, chosen: Iterable[Written]) -> str:
    verdicts = Counter(judged(one) for one in chosen)
    n = sum(verdicts.values())
    share = f"{verdicts[Verdict.RIGHT]} ({verdicts[Verdict.RIGHT] / n:.1%})"
    rest = (Verdict.WRONG, Verdict.AGAIN, Verdict.WORDS_LOST)
    return f"| {name} | {n} | {share} | " + " | ".join(str(verdicts[one]) for one in rest) + " |"


def _written(row: dict[str, str]) -> Written:
    value: AnswerValue | None = row["value"] or None
    if value is not None and row["type"] in ("nps", "csat", "ces"):
        value = int(row["value"])
    elif value is not None and row["type"] == "yes_no":
        value = row["value"] == "true"
    choices = tuple(row["choices"].split("|")) if row["choices"] else ()
    return Written(
        row["half"], row["type"], row["text"], choices, row["language"], value, row["comment"]
    )


if __name__ == "__main__":
    main()
