"""Cut passages into windows that fit the encoder, and windows into batches of equal length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MAX_TOKENS = 256
TOKENS_A_BATCH = 2048
WINDOWS_A_BATCH = 64


@dataclass(frozen=True, slots=True)
class Passage:
    """Text to encode, the question it answers, and the spans of it wanted besides the whole."""

    text: str
    question: str = ""
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one passage in tokens; `spans` are token ranges, the whole's first."""

    passage: int
    ids: Sequence[int]
    types: Sequence[int]
    spans: Sequence[tuple[int, int]]


def windows(tokenizer: Any, passages: Sequence[Passage]) -> Iterator[Window]:
    """All windows of the passages; a long passage has several, cut between tokens."""
    asked = [i for i, passage in enumerate(passages) if passage.question]
    plain = [i for i, passage in enumerate(passages) if not passage.question]
    if plain:
        texts = [passages[i].text for i in plain]
        yield from _tokenised(tokenizer, passages, plain, texts, None)
    if asked:
        questions = [passages[i].question for i in asked]
        texts = [passages[i].text for i in asked]
        yield from _tokenised(tokenizer, passages, asked, questions, texts)


def batches(every: Iterable[Window]) -> Iterator[list[Window]]:
    """Windows of like length together, so that little is padding; bounded in tokens and number."""
    batch: list[Window] = []
    for window in sorted(every, key=lambda window: len(window.ids)):
        tokens = (len(batch) + 1) * len(window.ids)
        if batch and (tokens > TOKENS_A_BATCH or len(batch) == WINDOWS_A_BATCH):
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def _tokenised(
    tokenizer: Any,
    passages: Sequence[Passage],
    order: Sequence[int],
    first: list[str],
    second: list[str] | None,
) -> Iterator[Window]:
    encoded = tokenizer(
        first,
        second,
        truncation="only_first" if second is None else "only_second",
        max_length=MAX_TOKENS,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        return_attention_mask=False,
    )
    spoken = 0 if second is None else 1
    for row, fast in enumerate(encoded.encodings):
        index = order[encoded["overflow_to_sample_mapping"][row]]
        offsets = [
            offset if sequence == spoken else None
            for offset, sequence in zip(fast.offsets, fast.sequence_ids, strict=True)
        ]
        ranges = _ranges(offsets, passages[index].spans)
        yield Window(index, fast.ids, fast.type_ids, ranges)


def _ranges(
    offsets: Sequence[tuple[int, int] | None], spans: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Token ranges of the whole text and of each span; (0, 0) where this window has none of it."""
    tokens = [(i, offset[0]) for i, offset in enumerate(offsets) if offset is not None]
    whole = (tokens[0][0], tokens[-1][0] + 1) if tokens else (0, 0)
    found = [whole]
    for start, end in spans:
        inside = [i for i, at in tokens if start <= at < end]
        found.append((inside[0], inside[-1] + 1) if inside else (0, 0))
    return found
