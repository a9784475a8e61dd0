"""The written comments: what a line teaches, and how a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.errors import TrainingDataError
from nlp.themes import theme_keys
from nlp.training.written_files import Written, examples_of, parse, written_examples

LINE = (
    "parcels - frustration,worry leaving Q{How was it?} [delivery_speed-,communication-]two days "
    "late and no word[/] but [staff_attitude+]the driver was lovely[/]"
)
HERE = Path("en.txt")


def read(line: str) -> Written:
    return parse(line, HERE, 7)


def test_a_line_is_its_text_and_what_its_marks_say() -> None:
    one = read(LINE)
    assert one.text == "two days late and no word but the driver was lovely"
    assert (one.question, one.sign, one.risks) == ("How was it?", "-", {"leaving"})
    assert [(one.text[m.start : m.end], m.theme, m.sign) for m in one.marks] == [
        ("two days late and no word", "delivery_speed", "-"),
        ("two days late and no word", "communication", "-"),
        ("the driver was lovely", "staff_attitude", "+"),
    ]


def test_a_comment_teaches_whole_and_clause_by_clause() -> None:
    whole, *clauses = examples_of(read(LINE))
    assert whole.span is None and whole.urgent and whole.risks == {"leaving"}
    assert {key for themes in whole.themes or () for key in themes} == {
        "delivery_speed",
        "communication",
        "staff_attitude",
    }
    last = clauses[-1]
    assert last.span and last.text[slice(*last.span)] == "but the driver was lovely"
    assert (last.themes, last.sentiment) == ((frozenset({"staff_attitude"}),), (0.0, 0.0, 1.0))
    assert all(clause.part == whole.part and clause.urgent is None for clause in clauses)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("parcels - none .", "fewer than five"),
        ("parcels ? none . text", "sentiment '\\?'"),
        ("parcels - rage . text", "emotion 'rage'"),
        ("parcels - none fire text", "risk 'fire'"),
        ("parcels - none . [speed-]late[/]", "theme 'speed'"),
        ("parcels - none . [delivery_speed-]late", "open or close"),
    ],
)
def test_a_wrong_line_is_named(line: str, said: str) -> None:
    with pytest.raises(TrainingDataError, match=f"line 7 has.*{said}|line 7.*{said}"):
        read(line)


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "it", "pt"])
def test_what_was_written_is_whole_and_speaks_of_every_theme(language: str) -> None:
    examples = list(written_examples(language))
    spoken = {key for e in examples for themes in e.themes or () for key in themes}
    assert spoken == set(theme_keys())
    assert {e.part for e in examples} == {"train", "validation"}
