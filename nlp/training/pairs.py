"""Two written comments in one: what a clause says is learnt among neighbours that say otherwise."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nlp.training.example import Example

PAIRS = 1500
SEED = 20261121
PAIR_WEIGHT = 0.7
JOINTS = (". ", ", but ", " but ", " and ", ". However, ", "! ", ", ")


def pair_examples(seeds: Sequence[Example]) -> Iterator[Example]:
    """Each pair gives three examples: the whole, and each half read within the whole."""
    draw = random.Random(SEED)  # noqa: S311 - shuffling, not secrets
    themed = [seed for seed in seeds if seed.themes]
    for _ in range(PAIRS):
        first = draw.choice(themed)
        second = draw.choice([seed for seed in themed if seed.fold == first.fold])
        yield from pair(first, second, draw.choice(JOINTS))


def pair(first: Example, second: Example, joint: str) -> Iterator[Example]:
    """The whole has the themes of both, and a sentiment only where they agree."""
    start = first.text.rstrip(" .!,")
    text = f"{start}{joint}{second.text}"
    common = replace(first, source="pairs", text=text, weight=PAIR_WEIGHT, urgent=None)
    yield replace(
        common,
        themes=tuple(dict.fromkeys([*(first.themes or ()), *(second.themes or ())])),
        sentiment=first.sentiment if first.sentiment == second.sentiment else None,
    )
    cut = len(start) + len(joint)
    yield replace(common, span=(0, len(start)))
    yield replace(common, span=(cut, len(text)), themes=second.themes, sentiment=second.sentiment)
