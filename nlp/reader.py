"""The one door of understanding: comments in, readings out, in the same order."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp import custom_themes
from nlp.artefact import MANY, SHIPPED, Artefact, encoder_model, read_artefact
from nlp.custom_themes import CustomTheme, OwnTheme
from nlp.encoder import Encoder, EncoderInfo, onnx_encoder
from nlp.errors import CustomThemeError
from nlp.heads import Head
from nlp.meaning import Meaning, packed
from nlp.prepare import prepare
from nlp.reading import CommentText, Reading
from nlp.redaction import redactions
from nlp.routing import Routed, may_be
from nlp.text import clean
from nlp.understanding import Understanding
from nlp.why import Explainers
from nlp.windows import Passage

BATCH = 1024
BACKGROUND = 300
"""Ordinary comments that an own theme is told from; 150 do nearly as well as 2,000."""

Matrix = NDArray[np.float32]


class Reader:
    """Reads comments with a model of English and, where there is one, one of other languages.

    Threads may share it. What a workspace teaches (own themes, corrections) holds for English,
    and for words that may be in any language.
    """

    def __init__(
        self,
        encoder: Encoder,
        artefact: Artefact,
        others: Mapping[str, Understanding] | None = None,
    ) -> None:
        self._models = Routed(Understanding(encoder, artefact), others or {})
        self.model = artefact.name

    @property
    def info(self) -> EncoderInfo:
        """The encoder: what own themes must have been learned with."""
        return self._models.first.encoder.info

    @property
    def languages(self) -> frozenset[str]:
        """The languages that are read; comments in others are stored and marked."""
        return self._models.languages

    def finds(self, theme: CustomTheme) -> bool:
        """Whether one of the encoders is the one that the theme was learned with."""
        return any(theme.matches(one.encoder.info) for one in self._models.every())

    def beside(self, own: Mapping[str, CustomTheme]) -> Reader:
        """This reader, that finds these themes by their keys too; it shares all the rest.

        A theme is found in the comments that its encoder reads.
        """

        def taught(model: Understanding) -> Understanding:
            info = model.encoder.info
            return model.beside({key: one for key, one in own.items() if one.matches(info)})

        return self._with(self.model, self._models.each(taught))

    def with_heads(self, model: str, heads: Mapping[str, Head]) -> Reader:
        """This reader under another name, some heads replaced; it shares all the rest."""
        first = self._models.first.with_heads(heads)
        return self._with(model, replace(self._models, first=first))

    def _with(self, model: str, models: Routed[Understanding]) -> Reader:
        other = copy.copy(self)
        other.model, other._models = model, models
        return other

    def parts(self) -> tuple[Encoder, Mapping[str, Head]]:
        """The encoder and the heads on it: what learning from corrections begins with."""
        return self._models.first.encoder, self._models.first.heads

    def learn(self, theme: OwnTheme, ordinary: Iterable[str]) -> CustomTheme:
        """Learn a theme from its examples; a second or two.

        It is told from the first of these ordinary comments that are in its examples' language.
        """
        language = custom_themes.spoken_in(theme)
        model = self._models.by_code(language)
        if model is None:
            raise CustomThemeError(
                f"they are in a language that is not read ({language})",
                field="examples",
                mend=f"Write them in one of: {', '.join(sorted(self.languages))}.",
            )
        prepared = (prepare(CommentText(text)) for text in ordinary)
        alike = (one.passage for one in prepared if may_be(one.language, language))
        background = model.encoder.encode([*islice(alike, BACKGROUND)])
        return custom_themes.fit(theme, model.encoder, background, language)

    def explainer(self) -> Explainers:
        """What says why this reader found what it found."""
        return Explainers(self._models.each(lambda one: one.explainer(self.model)), self.model)

    def vectors(self, texts: Sequence[str]) -> Matrix:
        """A row a comment, of the whole of it and without a question: what topics are made of.

        Each is encoded alone: in eight bits a batch moves its vectors a little, and the same
        comment is to have the same vector whatever stands beside it.
        """
        encoder = self._models.first.encoder
        passages = [Passage(clean(text).text) for text in texts]
        return np.stack([encoder.encode([passage])[0][0] for passage in passages])

    def meaning(self, words: str) -> Meaning:
        """What somebody searches for, as a vector of the first encoder."""
        encoder = self._models.first.encoder
        return packed(encoder.encode([Passage(clean(words).text)])[0][0], encoder.info.weights)

    @classmethod
    def load(cls, artefact_path: Path | None = None) -> Reader:
        """The reader of a trained model, or of the shipped one; loads the encoders (seconds).

        A folder `many` within the model's holds that of other languages.
        """
        folder = artefact_path or SHIPPED
        encoder, artefact = _loaded(folder)
        if not (folder / MANY).is_dir():
            return cls(encoder, artefact)
        many = _loaded(folder / MANY)
        return cls(encoder, artefact, dict.fromkeys(many[1].languages, Understanding(*many)))

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
        chosen = [self._models.of(one.language) for one in prepared]
        found: dict[int, Iterator[Reading]] = {}
        for model in {id(model): model for model in chosen if model}.values():
            mine = [one for one, which in zip(prepared, chosen, strict=True) if which is model]
            found[id(model)] = model.readings(mine, self.model)
        for text, one, by in zip(batch, prepared, chosen, strict=True):
            reading = next(found[id(by)]) if by else Reading(one.language.code, self.model)
            yield replace(reading, redactions=redactions(text.text))


def _loaded(folder: Path) -> tuple[Encoder, Artefact]:
    artefact = read_artefact(folder)
    info = EncoderInfo(artefact.weights, artefact.width)
    return onnx_encoder(folder, encoder_model(folder, artefact), info), artefact
