"""One encoder with its heads: from comments made ready to readings."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.artefact import Artefact
from nlp.custom_themes import CustomTheme
from nlp.encoder import Encoder, EncoderInfo
from nlp.errors import ArtefactError
from nlp.heads import Finds, Head
from nlp.labels import URGENT
from nlp.meaning import packed
from nlp.mentions import comment_themes, joined, mentioned
from nlp.own_themes import OwnThemes
from nlp.prepare import Prepared
from nlp.reading import Mention, Reading
from nlp.why import Explainer

Matrix = NDArray[np.float32]


class Understanding:
    """Reads comments of the languages that one encoder knows; threads may share it."""

    def __init__(self, encoder: Encoder, artefact: Artefact) -> None:
        check_match(encoder.info, artefact)
        self.encoder = encoder
        self.heads: Mapping[str, Head] = artefact.heads
        self._own = OwnThemes({})

    def beside(self, own: Mapping[str, CustomTheme]) -> Understanding:
        """The same, finding these themes by their keys too."""
        other = copy.copy(self)
        other._own = OwnThemes(own)
        return other

    def with_heads(self, heads: Mapping[str, Head]) -> Understanding:
        """The same with some heads replaced."""
        other = copy.copy(self)
        other.heads = {**self.heads, **heads}
        return other

    def explainer(self, model: str) -> Explainer:
        """What says why this found what it found."""
        return Explainer(self.encoder, self.heads, (self.heads["themes"], self._own), model)

    def readings(self, comments: Sequence[Prepared], model: str) -> Iterator[Reading]:
        """One reading a comment, in order, in the name of `model`."""
        vectors = self.encoder.encode([one.passage for one in comments])
        for one, rows in zip(comments, vectors, strict=True):
            yield self._reading(one, rows, model)

    def _reading(self, prepared: Prepared, vectors: Matrix, model: str) -> Reading:
        whole = vectors[:1]
        probabilities = self.heads["sentiment"].probabilities(vectors)
        themes, mentions = self._themes(prepared, vectors, probabilities)
        emotions = self.heads["emotions"]
        urgency, urgent, risks = self._urgency(whole)
        return Reading(
            language=prepared.language.code,
            model=model,
            read=True,
            sentiment=sentiment_label(self.heads["sentiment"], probabilities[0]),
            sentiment_score=sentiment_score(probabilities[0]),
            probabilities=named(self.heads["sentiment"], probabilities[0]),
            emotions=emotions.above(emotions.probabilities(whole)[0]),
            themes=themes,
            mentions=mentions,
            urgency=urgency,
            urgent=urgent,
            risks=risks,
            meaning=packed(whole[0], self.encoder.info.weights),
        )

    def _urgency(self, whole: Matrix) -> tuple[float, bool, dict[str, float]]:
        """How likely somebody is needed today, whether that is enough to say so, and why."""
        head = self.heads["urgency"]
        row = head.probabilities(whole)[0]
        above = head.above(row)
        urgent = above.pop(URGENT, None) is not None
        return round(float(row[head.labels.index(URGENT)]), 4), urgent, above

    def _themes(
        self, prepared: Prepared, vectors: Matrix, probabilities: Matrix
    ) -> tuple[dict[str, float], tuple[Mention, ...]]:
        """The built-in themes and the workspace's own, and where each is spoken of."""
        themes: dict[str, float] = {}
        mentions: list[Mention] = []
        finders: tuple[Finds, Finds] = (self.heads["themes"], self._own)
        for finder in finders:
            rows = finder.probabilities(vectors)
            found = comment_themes(finder, rows)
            themes |= found
            mentions += self._mentions(prepared, probabilities, finder, rows, found)
        return themes, joined(mentions)

    def _mentions(
        self,
        prepared: Prepared,
        probabilities: Matrix,
        finder: Finds,
        rows: Matrix,
        found: dict[str, float],
    ) -> Iterator[Mention]:
        """Every found theme, in each clause that speaks of it, or in the one most likely to."""
        offset = 1 if len(rows) > 1 else 0
        for i, (start, end) in enumerate(prepared.spans if found else ()):
            felt = probabilities[i + offset]
            for k in mentioned(finder, rows[offset:], i, found):
                yield Mention(
                    *prepared.clean.original_span(start, end),
                    theme=finder.labels[k],
                    sentiment=sentiment_label(self.heads["sentiment"], felt),
                    sentiment_score=sentiment_score(felt),
                )


def check_match(info: EncoderInfo, artefact: Artefact) -> None:
    """Refuse heads that were trained on another encoder: their figures would mean nothing."""
    if (artefact.weights, artefact.width) == (info.weights, info.width):
        return
    message = f"model {artefact.name} was trained on another encoder than the one beside it"
    mend = "Use the shipped model, or make one with `waymark train`."
    raise ArtefactError(message, field="artefact", mend=mend)


def sentiment_label(head: Head, row: Matrix) -> str:
    """The likeliest sentiment."""
    return head.labels[int(row.argmax())]


def sentiment_score(row: Matrix) -> float:
    """P(positive) - P(negative), the classes being in the order of `SENTIMENTS`."""
    return round(float(row[2] - row[0]), 4)


def named(head: Head, row: Matrix) -> dict[str, float]:
    """Probabilities by label."""
    return {
        label: round(float(probability), 4)
        for label, probability in zip(head.labels, row, strict=True)
    }
