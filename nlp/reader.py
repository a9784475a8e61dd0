"""The one door of understanding: comments in, readings out, in the same order."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp import custom_themes
from nlp.artefact import SHIPPED, Artefact, encoder_model, read_artefact
from nlp.custom_themes import CustomTheme, OwnTheme
from nlp.encoder import Encoder, EncoderInfo, onnx_encoder
from nlp.errors import ArtefactError
from nlp.heads import Finds, Head
from nlp.labels import URGENT
from nlp.mentions import comment_themes, joined, mentioned
from nlp.own_themes import OwnThemes
from nlp.prepare import Prepared, prepare
from nlp.reading import CommentText, Mention, Reading
from nlp.redaction import redactions
from nlp.text import clean
from nlp.why import Explainer
from nlp.windows import Passage

BATCH = 1024

Matrix = NDArray[np.float32]


class Reader:
    """Reads comments with one encoder and one trained model; both may be shared by threads."""

    def __init__(self, encoder: Encoder, artefact: Artefact) -> None:
        check_match(encoder.info, artefact)
        self._encoder = encoder
        self._heads = artefact.heads
        self._own = OwnThemes({})
        self.model = artefact.name

    @property
    def info(self) -> EncoderInfo:
        """The encoder: what own themes must have been learned with."""
        return self._encoder.info

    def beside(self, own: Mapping[str, CustomTheme]) -> Reader:
        """This reader, that finds these themes by their keys too; it shares all the rest."""
        other = copy.copy(self)
        other._own = OwnThemes(own)
        return other

    def with_heads(self, model: str, heads: Mapping[str, Head]) -> Reader:
        """This reader under another name, some heads replaced; it shares all the rest."""
        other = copy.copy(self)
        other.model, other._heads = model, {**self._heads, **heads}
        return other

    def parts(self) -> tuple[Encoder, Mapping[str, Head]]:
        """The encoder and the heads on it: what learning from corrections begins with."""
        return self._encoder, self._heads

    def learn(self, theme: OwnTheme, ordinary: Sequence[str]) -> CustomTheme:
        """Learn a theme, told from these ordinary comments; a second or two."""
        prepared = [prepare(CommentText(text)) for text in ordinary]
        background = [one.passage for one in prepared if one.language.read]
        return custom_themes.fit(theme, self._encoder, self._encoder.encode(background))

    def explainer(self) -> Explainer:
        """What says why this reader found what it found."""
        themes = (self._heads["themes"], self._own)
        return Explainer(self._encoder, self._heads, themes, self.model)

    def vectors(self, texts: Sequence[str]) -> Matrix:
        """A row a comment, of the whole of it and without a question: what topics are made of.

        Each is encoded alone: in eight bits a batch moves its vectors a little, and the same
        comment is to have the same vector whatever stands beside it.
        """
        passages = [Passage(clean(text).text) for text in texts]
        return np.stack([self._encoder.encode([passage])[0][0] for passage in passages])

    @classmethod
    def load(cls, artefact_path: Path | None = None) -> Reader:
        """The reader of a trained model, or of the shipped one; loads the encoder (seconds)."""
        folder = artefact_path or SHIPPED
        artefact = read_artefact(folder)
        info = EncoderInfo(artefact.weights, artefact.width)
        return cls(onnx_encoder(folder, encoder_model(folder, artefact), info), artefact)

    def read(self, texts: Sequence[CommentText]) -> list[Reading]:
        """One reading a comment, in order; equal comments are computed once."""
        readings: dict[CommentText, Reading] = {}
        unique = list(dict.fromkeys(texts))
        for start in range(0, len(unique), BATCH):
            batch = unique[start : start + BATCH]
            readings.update(zip(batch, self._read_batch(batch), strict=True))
        return [readings[text] for text in texts]

    def _read_batch(self, batch: Sequence[CommentText]) -> Iterator[Reading]:
        prepared = [prepare(text) for text in batch]
        vectors = iter(self._encoder.encode([p.passage for p in prepared if p.language.read]))
        for text, one in zip(batch, prepared, strict=True):
            if one.language.read:
                reading = self._reading(one, next(vectors))
            else:
                reading = Reading(one.language.code, self.model)
            yield replace(reading, redactions=redactions(text.text))

    def _reading(self, prepared: Prepared, vectors: Matrix) -> Reading:
        whole = vectors[:1]
        probabilities = self._heads["sentiment"].probabilities(vectors)
        themes, mentions = self._themes(prepared, vectors, probabilities)
        emotions = self._heads["emotions"]
        urgency, urgent, risks = self._urgency(whole)
        return Reading(
            language=prepared.language.code,
            model=self.model,
            read=True,
            sentiment=sentiment_label(self._heads["sentiment"], probabilities[0]),
            sentiment_score=sentiment_score(probabilities[0]),
            probabilities=named(self._heads["sentiment"], probabilities[0]),
            emotions=emotions.above(emotions.probabilities(whole)[0]),
            themes=themes,
            mentions=mentions,
            urgency=urgency,
            urgent=urgent,
            risks=risks,
        )

    def _urgency(self, whole: Matrix) -> tuple[float, bool, dict[str, float]]:
        """How likely somebody is needed today, whether that is enough to say so, and why."""
        head = self._heads["urgency"]
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
        finders: tuple[Finds, Finds] = (self._heads["themes"], self._own)
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
                    sentiment=sentiment_label(self._heads["sentiment"], felt),
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
