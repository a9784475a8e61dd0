"""A reader without torch: vectors count words, heads know a handful of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.artefact import Artefact
from nlp.encoder import EncoderInfo
from nlp.heads import Head
from nlp.labels import EMOTIONS, RISKS, SENTIMENTS, URGENT
from nlp.reader import Reader
from nlp.themes import theme_keys
from nlp.windows import Passage

WORDS = ("good", "bad", "late", "rude", "refund", "app", "thanks", "danger", "fine")
INFO = EncoderInfo("fake", len(WORDS))
Matrix = NDArray[np.float32]


class WordCounts:
    """An encoder whose columns are words; remembers how many passages it was given."""

    info = INFO

    def __init__(self) -> None:
        self.passages: list[Passage] = []

    def encode(self, passages: Sequence[Passage]) -> list[Matrix]:
        self.passages.extend(passages)
        return [self._rows(passage) for passage in passages]

    def _rows(self, passage: Passage) -> Matrix:
        pieces = [passage.text, *(passage.text[start:end] for start, end in passage.spans)]
        return np.array([[p.lower().count(word) for word in WORDS] for p in pieces], np.float32)


def head(labels: tuple[str, ...], link: str, weights: Mapping[tuple[str, str], float]) -> Head:
    matrix = np.zeros((len(WORDS), len(labels)), np.float32)
    for (word, label), weight in weights.items():
        matrix[WORDS.index(word), labels.index(label)] = weight
    bias = np.full(len(labels), -4.0 if link == "sigmoid" else 0.0, np.float32)
    half = np.full(len(labels), 0.5, np.float32)
    return Head(labels, "sigmoid" if link == "sigmoid" else "softmax", matrix, bias, half)


def fake_artefact() -> Artefact:
    sentiment = {
        ("good", "positive"): 4.0,
        ("thanks", "positive"): 4.0,
        ("bad", "negative"): 4.0,
        ("late", "negative"): 4.0,
        ("rude", "negative"): 4.0,
        ("fine", "neutral"): 4.0,
    }
    themes = {
        ("late", "delivery_speed"): 8.0,
        ("rude", "staff_attitude"): 8.0,
        ("refund", "returns_refunds"): 8.0,
        ("app", "website_app"): 8.0,
    }
    urgency = {("danger", URGENT): 8.0, ("danger", "danger"): 8.0}
    heads = {
        "sentiment": head(SENTIMENTS, "softmax", sentiment),
        "themes": head(theme_keys(), "sigmoid", themes),
        "emotions": head(EMOTIONS, "sigmoid", {("thanks", "gratitude"): 8.0}),
        "urgency": head((URGENT, *RISKS), "sigmoid", urgency),
    }
    return Artefact("fake-1", INFO.weights, "none", INFO.width, heads, {"comments": {}})


def fake_reader() -> tuple[Reader, WordCounts]:
    encoder = WordCounts()
    return Reader(encoder, fake_artefact()), encoder
