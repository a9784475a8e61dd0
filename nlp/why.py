"""Why each mention of a comment was found: the words of its stretch that carried it.

As nlp.explain does for a whole comment, each word is left out in turn; here only the words of the
stretch are, within what stands right around it, and one pass of the encoder serves the theme and
the sentiment of every mention. That is what makes it quick enough to wait for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.encoder import Encoder
from nlp.explain import LONGEST, Piece, cleaned_span, explain, pieces, words_in
from nlp.heads import Finds, Head
from nlp.labels import URGENT
from nlp.occlusion import INSTEAD, Decision, Effect, Span, grouped, log_odds, most, without
from nlp.prepare import Prepared, prepare
from nlp.reading import CommentText, Mention
from nlp.routing import Routed
from nlp.windows import Passage

AROUND = 100
"""Characters on either side that the stretch is read within."""

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Why:
    """What carried a mention's theme, and what its sentiment; empty where no word stands out."""

    theme: tuple[Piece, ...] = ()
    sentiment: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A stretch within its surroundings, and the pieces of it that are left out in turn.

    `begin` is where the passage begins in the cleaned text; pieces count from there.
    """

    begin: int
    passage: Passage
    parts: tuple[Span, ...]

    def passages(self) -> Iterator[Passage]:
        """The passage, then it without each piece, in two ways."""
        yield self.passage
        for part in self.parts:
            for instead in INSTEAD:
                yield without(self.passage, part, instead)


class Explainer:
    """Weighs the words behind what a reader of the same encoder and heads found."""

    def __init__(
        self, encoder: Encoder, heads: Mapping[str, Head], themes: Sequence[Finds], model: str
    ) -> None:
        self._encoder = encoder
        self._heads = heads
        self._themes = themes
        self.model = model

    def mentions(self, text: CommentText, mentions: Sequence[Mention]) -> list[Why]:
        """The words behind each mention, in order; nothing where the text can't be read."""
        prepared = prepare(text)
        if not prepared.language.read:
            return [Why() for _ in mentions]
        spans = [cleaned_span(prepared.clean, (one.start, one.end)) for one in mentions]
        views = {span: _view(prepared, span) for span in dict.fromkeys(spans) if span}
        rows = iter(self._encoder.encode([p for view in views.values() for p in view.passages()]))
        vectors = {
            span: np.stack([next(rows)[-1] for _ in view.passages()])
            for span, view in views.items()
        }
        return [
            self._why(prepared, one, views[span], vectors[span]) if span else Why()
            for one, span in zip(mentions, spans, strict=True)
        ]

    def urgency(self, text: CommentText) -> tuple[Piece, ...]:
        """What made a comment seem to need somebody today."""
        return explain(text, Decision(self._heads["urgency"], URGENT), self._encoder)

    def _why(self, prepared: Prepared, mention: Mention, view: View, vectors: Matrix) -> Why:
        finder = next((one for one in self._themes if mention.theme in one.labels), None)
        sentiment = self._heads["sentiment"]
        theme = _effects(finder, mention.theme, view, vectors) if finder else []
        felt = _effects(sentiment, mention.sentiment, view, vectors)
        cleaned, begin = prepared.clean, view.begin
        return Why(pieces(cleaned, theme, begin), pieces(cleaned, felt, begin))


class Explainers:
    """The explainer of each language, behind one door."""

    def __init__(self, by_language: Routed[Explainer], model: str) -> None:
        self._by_language = by_language
        self.model = model

    def mentions(self, text: CommentText, mentions: Sequence[Mention]) -> list[Why]:
        """The words behind each mention, in order; nothing where the text can't be read."""
        chosen = self._by_language.of(prepare(text).language)
        return chosen.mentions(text, mentions) if chosen else [Why() for _ in mentions]

    def urgency(self, text: CommentText) -> tuple[Piece, ...]:
        """What made a comment seem to need somebody today."""
        chosen = self._by_language.of(prepare(text).language)
        return chosen.urgency(text) if chosen else ()


def _view(prepared: Prepared, span: Span) -> View:
    """A stretch, its surroundings cut between words, and its words or phrases."""
    text = prepared.clean.text
    start, end = span[0], min(span[1], span[0] + LONGEST)
    begin = max(0, start - AROUND)
    if begin:
        begin = text.find(" ", begin, start) + 1 or begin
    stop = min(len(text), end + AROUND)
    stop = stop if stop == len(text) else max(end, text.rfind(" ", end, stop))
    words = [(a - begin, b - begin) for a, b in words_in(prepared.clean, start, end)]
    parts = grouped(words, min(len(words), most(stop - begin))) if words else []
    passage = Passage(text[begin:stop], prepared.question, ((start - begin, end - begin),))
    return View(begin, passage, tuple(parts))


def _effects(finder: Finds, label: str, view: View, vectors: Matrix) -> list[Effect]:
    """How much surer the model is with each piece than without."""
    chances = finder.probabilities(vectors)[:, finder.labels.index(label)]
    whole, *sides = (log_odds(float(chance)) for chance in chances)
    means = np.reshape(sides, (len(view.parts), len(INSTEAD))).mean(axis=1)
    return [(part, whole - float(mean)) for part, mean in zip(view.parts, means, strict=True)]
