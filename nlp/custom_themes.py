"""A workspace's own theme, from its name, a sentence and five examples; no training of the encoder.

What all comments of the workspace have in common is damped first, so that the theme's centre points
at what sets its examples apart. Measured against other ways in docs/decisions.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from nlp.damping import Damping, damping, unit
from nlp.encoder import Encoder, EncoderInfo
from nlp.errors import CustomThemeError
from nlp.heads import sigmoid
from nlp.packing import packed, unpacked
from nlp.prepare import prepare
from nlp.reading import FIRST, UNDETERMINED, CommentText
from nlp.routing import may_be
from nlp.text import clean
from nlp.theme_centre import centre_of, cut_of, score
from nlp.windows import Passage

MIN_EXAMPLES = 3
MIN_BACKGROUND = 50
"""Comments; 150 do nearly as well as 2,000, and a new workspace takes the written ones."""
THRESHOLD = 0.5
"""A comment has the theme from this probability on: a strength, not a frequency."""
STEEP = 2.0

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class OwnTheme:
    """What somebody says of a theme of theirs: a name, a sentence, comments that have it or not."""

    name: str
    sentence: str
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class CustomTheme:
    """A fitted theme; holds for vectors of the encoder it was fitted with."""

    weights: str
    damping: Damping
    centre: Matrix
    cut: float
    spread: float

    def probabilities(self, vectors: Matrix) -> Matrix:
        """One probability a row; a comment counts as the likeliest of its whole and clauses."""
        scores = unit(self.damping.applied(vectors)) @ self.centre
        return sigmoid(STEEP * (scores - np.float32(self.cut)) / np.float32(self.spread))

    def matches(self, info: EncoderInfo) -> bool:
        """Whether it was fitted with this encoder; if not, fit it anew from its examples."""
        return (self.weights, len(self.centre)) == (info.weights, info.width)

    def to_json(self) -> dict[str, Any]:
        """About 70 KB of JSON; numbers are little-endian float32 in base64."""
        arrays = {"centre": self.centre, **self.damping.arrays()}
        return {
            "weights": self.weights,
            "cut": self.cut,
            "spread": self.spread,
            **{name: packed(array) for name, array in arrays.items()},
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> CustomTheme:
        """What `to_json` gave; anything missing, damaged or of the wrong shape is refused."""
        try:
            centre = unpacked(stored["centre"], None)
            damped = Damping.of({name: stored[name] for name in Damping.NAMES}, len(centre))
            cut, spread = float(stored["cut"]), float(stored["spread"])
            if not (np.isfinite(cut) and np.isfinite(spread) and spread > 0):
                raise ValueError("cut or spread")
            return cls(str(stored["weights"]), damped, centre, cut, spread)
        except (KeyError, TypeError, ValueError) as error:
            raise CustomThemeError(
                f"the stored theme lacks or misstates {error}",
                field="theme",
                mend="Fit it anew from its examples.",
            ) from error


def fit(
    theme: OwnTheme, encoder: Encoder, background: Sequence[Matrix], language: str = FIRST
) -> CustomTheme:
    """Fit a theme in about a second; same input, same theme.

    `background` holds what the encoder gave for ordinary comments of the workspace, a matrix a
    comment, in the language of the examples; that some of them have the theme does no harm.
    """
    examples, counters, own = _encoded(theme, encoder, language)
    if len(background) < MIN_BACKGROUND:
        raise CustomThemeError(
            f"{len(background)} comments are too few to tell a theme from",
            field="background",
            mend=f"Give {MIN_BACKGROUND} or more; Waymark's own written comments will do.",
        )
    # on busy cores, threads that wait for each other take a minute for these small matrices
    with threadpool_limits(1, "blas"):
        fitted = _fitted(examples, counters, own, background)
    return CustomTheme(encoder.info.weights, *fitted)


def _fitted(
    examples: Sequence[Matrix],
    counters: Sequence[Matrix],
    own: Matrix,
    background: Sequence[Matrix],
) -> tuple[Damping, Matrix, float, float]:
    """What is common and damped, the theme's centre, its cut, and the spread of scores."""
    damped = damping(np.concatenate([*background]))
    had, lacking = ([unit(damped.applied(rows)) for rows in each] for each in (examples, counters))
    said = unit(damped.applied(own))[0]
    centre = centre_of(had, lacking, said)
    usual = np.array([score(unit(damped.applied(rows)), centre) for rows in background])
    left_out = [
        score(rows, centre_of([*had[:i], *had[i + 1 :]], lacking, said))
        for i, rows in enumerate(had)
    ]
    cut = cut_of(np.array(left_out), usual, [score(rows, centre) for rows in lacking])
    return damped, centre, cut, max(float(usual.std()), 1e-3)


def _encoded(
    theme: OwnTheme, encoder: Encoder, language: str
) -> tuple[list[Matrix], list[Matrix], Matrix]:
    """Vectors of the examples, of the counter-examples, and of the name with the sentence."""
    had = _passages(theme.examples, "examples", language)
    lacking = _passages(theme.counter_examples, "counter-examples", language)
    if len(had) < MIN_EXAMPLES:
        raise CustomThemeError(
            f"{len(had)} different ones are too few",
            field="examples",
            mend=f"Give {MIN_EXAMPLES} or more comments that speak of it.",
        )
    said = Passage(clean(f"{theme.name}: {theme.sentence}").text)
    vectors = encoder.encode([*had, *lacking, said])
    return vectors[: len(had)], vectors[len(had) : -1], vectors[-1][:1]


def spoken_in(theme: OwnTheme) -> str:
    """The language that most of its examples are in, as far as it can be told."""
    told = [prepare(CommentText(text)).language for text in theme.examples]
    named = Counter(language.code for language in told if language.code != UNDETERMINED)
    return named.most_common(1)[0][0] if named else FIRST


def _passages(texts: Sequence[str], field: str, language: str) -> list[Passage]:
    """Different texts made ready; one that can't be read is refused, by its number."""
    found: dict[Passage, None] = {}
    for number, text in enumerate(texts, start=1):
        prepared = prepare(CommentText(text))
        if not may_be(prepared.language, language):
            raise CustomThemeError(
                f"number {number} has no words, or is not in the language of the others",
                field=field,
                mend="Write it in words of their language, or leave it out.",
            )
        found[prepared.passage] = None
    return list(found)
