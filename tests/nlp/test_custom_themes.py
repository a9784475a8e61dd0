"""A workspace's own theme: fitted from examples, stored as JSON, refused where it can't be."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nlp.artefact import SHIPPED, encoder_model, read_artefact
from nlp.custom_themes import THRESHOLD, CustomTheme, OwnTheme, fit
from nlp.encoder import Encoder, EncoderInfo, onnx_encoder
from nlp.errors import CustomThemeError
from nlp.prepare import prepare
from nlp.reading import CommentText
from nlp.training.background import background_texts
from tests.nlp.fake_reader import WordCounts

USUAL = ("good", "bad", "late", "rude", "app", "thanks", "fine", "good late", "bad app")
REFUND = OwnTheme(
    "Refund",
    "money back",
    (
        "the refund was late, I had to ask",
        "my refund is not there yet",
        "good refund in a day",
        "where is the refund of mine",
        "bad refund page, I gave up on it",
    ),
)


def encoded(encoder: Encoder, *texts: str) -> list[NDArray[np.float32]]:
    return encoder.encode([prepare(CommentText(text)).passage for text in texts])


def usual(encoder: Encoder, number: int = 60) -> list[NDArray[np.float32]]:
    texts = [f"this was {USUAL[i % len(USUAL)]} for me" for i in range(number)]
    return encoded(encoder, *texts)


def likeliest(theme: CustomTheme, encoder: Encoder, text: str) -> float:
    return float(theme.probabilities(encoded(encoder, text)[0]).max())


@pytest.fixture
def encoder() -> WordCounts:
    return WordCounts()


def test_comments_of_the_theme_are_found_and_others_are_not(encoder: WordCounts) -> None:
    theme = fit(REFUND, encoder, usual(encoder))
    assert likeliest(theme, encoder, "they owe me a refund") > THRESHOLD
    for text in ("it was late and bad", "good app, thanks", "nothing to say here"):
        assert likeliest(theme, encoder, text) < THRESHOLD


def test_the_clause_that_speaks_of_it_carries_it(encoder: WordCounts) -> None:
    theme = fit(REFUND, encoder, usual(encoder))
    rows = encoded(encoder, "Everything I saw was late, but the refund came in a day.")[0]
    whole, before, after = theme.probabilities(rows)
    assert after > THRESHOLD > before
    assert after > whole


def test_a_background_that_holds_the_theme_does_no_harm(encoder: WordCounts) -> None:
    held = [*usual(encoder), *encoded(encoder, *["my refund is here"] * 6)]
    theme = fit(REFUND, encoder, held)
    assert likeliest(theme, encoder, "they owe me a refund") > THRESHOLD


def test_a_counter_example_goes_away(encoder: WordCounts) -> None:
    near = "refund refund bad bad bad of the app app"
    before = fit(REFUND, encoder, usual(encoder))
    after = fit(replace(REFUND, counter_examples=(near,)), encoder, usual(encoder))
    assert likeliest(after, encoder, near) < THRESHOLD
    assert likeliest(after, encoder, near) < likeliest(before, encoder, near)
    assert likeliest(after, encoder, "they owe me a refund") > THRESHOLD


def test_it_survives_json_and_is_the_same_every_time(encoder: WordCounts) -> None:
    theme = fit(REFUND, encoder, usual(encoder))
    stored = json.loads(json.dumps(theme.to_json()))
    again = CustomTheme.from_json(stored)
    rows = np.concatenate(usual(encoder))
    assert np.array_equal(again.probabilities(rows), theme.probabilities(rows))
    assert json.dumps(fit(REFUND, encoder, usual(encoder)).to_json()) == json.dumps(stored)
    assert again.matches(encoder.info)
    assert not again.matches(EncoderInfo("another", encoder.info.width))


def _without_centre(stored: dict[str, Any]) -> None:
    del stored["centre"]


def _narrow(stored: dict[str, Any]) -> None:
    stored["mean"]["shape"] = [3]


def _garbage(stored: dict[str, Any]) -> None:
    stored["directions"]["data"] = "no base64!"


def _not_finite(stored: dict[str, Any]) -> None:
    stored["cut"] = float("nan")


def _flat(stored: dict[str, Any]) -> None:
    stored["spread"] = 0


@pytest.mark.parametrize("harm", [_without_centre, _narrow, _garbage, _not_finite, _flat])
def test_a_damaged_theme_is_refused(encoder: WordCounts, harm: Any) -> None:
    stored = fit(REFUND, encoder, usual(encoder)).to_json()
    harm(stored)
    with pytest.raises(CustomThemeError, match="Fit it anew"):
        CustomTheme.from_json(stored)


@pytest.mark.parametrize(
    ("examples", "message"),
    [
        ((), "0 different ones are too few"),
        (("only one refund",), "1 different ones are too few"),
        (("my refund is late",) * 8, "1 different ones are too few"),
        ((*REFUND.examples, "\u200b\ud800"), "number 6 has no words"),
        ((*REFUND.examples, "12345 !!!"), "number 6 has no words"),
    ],
)
def test_examples_that_do_not_do_are_refused(
    encoder: WordCounts, examples: tuple[str, ...], message: str
) -> None:
    with pytest.raises(CustomThemeError, match=message):
        fit(replace(REFUND, examples=examples), encoder, usual(encoder))


def test_too_small_a_background_is_refused(encoder: WordCounts) -> None:
    with pytest.raises(CustomThemeError, match="49 comments are too few"):
        fit(REFUND, encoder, usual(encoder, 49))


def test_a_background_of_equal_comments_gives_numbers(encoder: WordCounts) -> None:
    theme = fit(REFUND, encoder, encoded(encoder, *["this was fine"] * 50))
    assert 0 <= likeliest(theme, encoder, "this was fine") < THRESHOLD
    assert np.isfinite(theme.probabilities(np.zeros((2, encoder.info.width), np.float32))).all()


@pytest.mark.parametrize("text", ["<script>x</script>" * 200, "\u202e" * 300 + "a", "x" * 60_000])
def test_hostile_words_are_only_words(encoder: WordCounts, text: str) -> None:
    hostile = replace(
        REFUND, name=text, sentence=text, examples=(*REFUND.examples, f"my refund {text} is late")
    )
    theme = fit(hostile, encoder, usual(encoder))
    assert np.isfinite(theme.probabilities(np.concatenate(usual(encoder)))).all()


def test_a_new_workspace_borrows_written_comments() -> None:
    texts = background_texts()
    assert len(set(texts)) == 300
    assert background_texts(100) == texts[:100]


@pytest.mark.model
def test_the_real_encoder_finds_a_theme_of_its_own() -> None:
    artefact = read_artefact(SHIPPED)
    info = EncoderInfo(artefact.weights, artefact.width)
    encoder = onnx_encoder(SHIPPED, encoder_model(SHIPPED, artefact), info)
    dogs = OwnTheme(
        "Dogs",
        "whether guests may bring their dogs",
        (
            "We could bring our dog, lovely",
            "no dogs in the dining room, what a shame",
            "There was a water bowl for the spaniel",
            "They charged us extra for the dog",
            "Great place for walks with the dogs",
        ),
    )
    theme = fit(dogs, encoder, encoded(encoder, *background_texts()))
    assert likeliest(theme, encoder, "Our labrador was welcome everywhere") > THRESHOLD
    assert likeliest(theme, encoder, "The Wi-Fi dropped every evening") < THRESHOLD
