"""The one door of understanding: comments in, readings out, in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.artefact import SHIPPED, Artefact, encoder_model, read_artefact
from nlp.encoder import Encoder, EncoderInfo, onnx_encoder
from nlp.errors import ArtefactError
from nlp.heads import Head
from nlp.labels import URGENT
from nlp.mentions import comment_themes, joined, mentioned
from nlp.prepare import Prepared, prepare
from nlp.reading import CommentText, Mention, Reading
from nlp.redaction import redactions

BATCH = 1024

Matrix = NDArray[np.float32]


class Reader:
    """Reads comments with one encoder and one trained model; both may be shared by threads."""

    def __init__(self, encoder: Encoder, artefact: Artefact) -> None:
        check_match(encoder.info, artefact)
        self._encoder = encoder
        self._heads = artefact.heads
        self.model = artefact.name

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
        themes = self._heads["themes"].probabilities(vectors)
        found = comment_themes(self._heads["themes"], themes)
        emotions = self._heads["emotions"]
        urgency, risks = self._urgency(whole)
        return Reading(
            language=prepared.language.code,
            model=self.model,
            read=True,
            sentiment=sentiment_label(self._heads["sentiment"], probabilities[0]),
            sentiment_score=sentiment_score(probabilities[0]),
            probabilities=named(self._heads["sentiment"], probabilities[0]),
            emotions=emotions.above(emotions.probabilities(whole)[0]),
            themes=found,
            mentions=self._mentions(prepared, probabilities, themes, found),
            urgency=urgency,
            risks=risks,
        )

    def _urgency(self, whole: Matrix) -> tuple[float, dict[str, float]]:
        """How likely somebody is needed today, and the risks that reach their thresholds."""
        head = self._heads["urgency"]
        row = head.probabilities(whole)[0]
        above = head.above(row)
        above.pop(URGENT, None)
        return round(float(row[head.labels.index(URGENT)]), 4), above

    def _mentions(
        self, prepared: Prepared, probabilities: Matrix, themes: Matrix, found: dict[str, float]
    ) -> tuple[Mention, ...]:
        """Every found theme, in each clause that speaks of it, or in the one most likely to."""
        head = self._heads["themes"]
        offset = 1 if len(themes) > 1 else 0
        mentions = []
        for i, (start, end) in enumerate(prepared.spans):
            row = i + offset
            for k in mentioned(head, themes[offset:], i, found):
                mentions.append(
                    Mention(
                        *prepared.clean.original_span(start, end),
                        theme=head.labels[k],
                        sentiment=sentiment_label(self._heads["sentiment"], probabilities[row]),
                        sentiment_score=sentiment_score(probabilities[row]),
                    )
                )
        return joined(mentions)


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
