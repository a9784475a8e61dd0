"""Themes that we found in comments of the data folder whose people labelled sentiment alone.

The table holds no words of theirs: a text is named by its letters' hash (`letters_key`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from nlp.training.example import Example, ThemeSet
from nlp.training.letters import letters_key
from nlp.training.tables import HERE, KEYS, read_table, theme_set

Table = Mapping[str, tuple[ThemeSet, ...]]

TABLE = HERE / "theme_labels.csv"
LABELLED = frozenset({"clothing", "dynasent_r1", "dynasent_r2"})
"""The sources whose texts are in the table."""


def with_themes(examples: Iterable[Example], table: Table | None = None) -> list[Example]:
    """The examples, those of the labelled sources with the themes of `table`, ours if left out.

    A text that is not in the table stays as it is: nobody said what it speaks of.
    """
    known = theme_labels() if table is None else table
    return [_with(one, known) if one.source in LABELLED else one for one in examples]


def _with(example: Example, table: Table) -> Example:
    found = table.get(letters_key(example.text))
    return example if found is None else replace(example, themes=found)


@cache
def theme_labels() -> dict[str, tuple[ThemeSet, ...]]:
    """By a text's key: each theme it speaks of, none where it speaks of no theme."""
    found = {}
    for line, row in enumerate(read_table(TABLE, ["text", "themes"]), start=2):
        themes = theme_set(TABLE, line, "themes", row["themes"], KEYS)
        found[row["text"]] = tuple(frozenset([theme]) for theme in sorted(themes))
    return found
