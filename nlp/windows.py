"""Cut passages into windows that fit the encoder, and windows into batches of equal length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

MAX_TOKENS = 256
MAX_QUESTION = 300
"""Characters of a question that are read; it must leave room for its answer."""
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


class Tokens:
    """A tokenizer set up for passages without and with a question; threads may share it."""

    def __init__(self, path: Path) -> None:
        self._plain = load_tokenizer(path, MAX_TOKENS, "only_first")
        self._asked = load_tokenizer(path, MAX_TOKENS, "only_second")

    def encoded(self, passages: Sequence[Passage]) -> list[Any]:
        """One encoding a passage, with what overflows in its `overflowing`."""
        if passages and passages[0].question:
            pairs = [(p.question[:MAX_QUESTION], p.text) for p in passages]
            return list(self._asked.encode_batch(pairs))
        return list(self._plain.encode_batch([p.text for p in passages]))


def load_tokenizer(path: Path, longest: int = MAX_TOKENS, strategy: str = "longest_first") -> Any:
    """A tokenizer that pads nothing and cuts what is longer into pieces."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest, strategy=strategy)
    return tokenizer


def windows(tokens: Tokens, passages: Sequence[Passage]) -> Iterator[Window]:
    """All windows of the passages; a long passage has several, cut between tokens."""
    for asked in (False, True):
        order = [i for i, passage in enumerate(passages) if bool(passage.question) is asked]
        encodings = tokens.encoded([passages[i] for i in order])
        for index, encoding in zip(order, encodings, strict=True):
            for piece in (encoding, *encoding.overflowing):
                yield _window(index, piece, passages[index].spans, int(asked))


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


def _window(index: int, piece: Any, spans: Sequence[tuple[int, int]], spoken: int) -> Window:
    offsets = [
        offset if sequence == spoken else None
        for offset, sequence in zip(piece.offsets, piece.sequence_ids, strict=True)
    ]
    return Window(index, piece.ids, piece.type_ids, _ranges(offsets, spans))


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
