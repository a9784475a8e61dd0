"""Why: the words that carry a decision stand out, at their places in the comment as written."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from nlp.artefact import SHIPPED, encoder_model, read_artefact
from nlp.encoder import EncoderInfo, onnx_encoder
from nlp.explain import LONGEST, Piece, explain
from nlp.heads import Head
from nlp.occlusion import MOST, Decision, Span
from nlp.reading import CommentText
from nlp.windows import Passage
from tests.nlp.fake_reader import WordCounts, fake_artefact

HEADS = fake_artefact().heads


class OneWord:
    """An encoder of one column, which counts one word."""

    info = EncoderInfo("one", 1)

    def __init__(self, word: str) -> None:
        self.word = word

    def encode(self, passages: Sequence[Passage]) -> list[NDArray[np.float32]]:
        return [np.array([[passage.text.count(self.word)]], np.float32) for passage in passages]


def why(
    text: str, head: str, label: str, span: Span | None = None, by_clause: bool = False
) -> tuple[Piece, ...]:
    decision = Decision(HEADS[head], label, span, by_clause)
    return explain(CommentText(text, language="en"), decision, WordCounts())


def strongest(text: str, pieces: tuple[Piece, ...]) -> str:
    best = max(pieces, key=lambda piece: piece.share)
    return text[best.start : best.end]


def test_the_word_that_carries_it_has_the_greatest_share() -> None:
    text = "The driver was rude to me, and late"
    pieces = why(text, "sentiment", "negative")
    assert [text[p.start : p.end] for p in pieces] == ["rude", "late"]
    assert sum(abs(piece.share) for piece in pieces) == pytest.approx(1, abs=0.01)


def test_a_word_against_it_has_a_share_below_zero() -> None:
    text = "bad, bad, yet good"
    shares = {text[p.start : p.end]: p.share for p in why(text, "sentiment", "negative")}
    assert shares["good"] < 0 < shares["bad"]


def test_a_theme_is_explained_by_its_likeliest_clause() -> None:
    text = "The parcel was late again today, but I like the app a lot."
    pieces = why(text, "themes", "delivery_speed", by_clause=True)
    assert strongest(text, pieces) == "late"
    assert strongest(text, why(text, "themes", "website_app", by_clause=True)) == "app"


def test_of_a_span_only_what_bears_on_it_counts() -> None:
    text = "The staff was rude and bad, but the app is good."
    start = text.index("the app")
    pieces = why(text, "sentiment", "positive", (start, len(text)))
    assert strongest(text, pieces) == "good"
    assert all(p.start >= start for p in pieces)


def test_places_are_those_of_the_comment_as_written() -> None:
    text = "<b>So</b>&nbsp;&nbsp;  RUDE\u2026   really"
    (piece,) = why(text, "themes", "staff_attitude", (0, len(text)))
    assert text[piece.start : piece.end] == "RUDE"


def test_an_emoji_is_one_piece_though_the_encoder_reads_words() -> None:
    text = "I am \U0001f44d with it"  # read as "thumbs up", of which the head knows "thumbs"
    head = Head(("negative",), "sigmoid", np.array([[4.0]], np.float32), *np.zeros((2, 1), "f4"))
    (piece,) = explain(CommentText(text), Decision(head, "negative"), OneWord("thumbs"))
    assert text[piece.start : piece.end] == "\U0001f44d"


def test_the_question_goes_along() -> None:
    encoder = WordCounts()
    decision = Decision(HEADS["sentiment"], "negative")
    explain(CommentText("it was late", "What was bad?"), decision, encoder)
    assert {passage.question for passage in encoder.passages} == {"What was bad?"}


def test_a_long_comment_is_cut_up_where_it_matters_and_costs_no_more() -> None:
    text = "We stood in the hall and looked at the wall. " * 12 + "The man was rude to us. "
    text += "We stood in the hall and looked at the wall. " * 12
    encoder = WordCounts()
    decision = Decision(HEADS["sentiment"], "negative")
    pieces = explain(CommentText(text), decision, encoder)
    assert "rude" in strongest(text, pieces)
    assert len(strongest(text, pieces).split()) <= 6
    assert len(encoder.passages) <= MOST
    assert [p.start for p in pieces] == sorted(p.start for p in pieces)
    assert all(a.end <= b.start for a, b in pairwise(pieces))


def test_of_a_huge_comment_what_stands_around_the_span_is_weighed() -> None:
    text = "nothing to see here. " * 2_000
    place = len(text)
    text += "The man was rude. " + "nothing to see here. " * 400
    pieces = why(text, "sentiment", "negative", (place, place + 17))
    assert "rude" in strongest(text, pieces)
    assert max(p.end for p in pieces) - min(p.start for p in pieces) <= LONGEST


def test_one_word_carries_all() -> None:
    assert why("late", "themes", "delivery_speed") == (Piece(0, 4, 1.0),)


@pytest.mark.parametrize("text", ["", " ", "!!!", "12", "\u200b\ud800", "what a quiet day"])
def test_what_has_no_words_or_no_word_that_matters_has_no_pieces(text: str) -> None:
    assert why(text, "themes", "staff_attitude") == ()


def test_equal_words_have_equal_shares() -> None:
    shares = {piece.share for piece in why("rude rude rude rude", "sentiment", "negative")}
    assert shares == {0.25}


@pytest.mark.parametrize(
    "text", ["rude " * 9_000, "a" * 50_000 + " rude", "<p>" * 500 + "rude", "rude\x00\u202e" * 99]
)
@pytest.mark.parametrize("span", [None, (0, 0), (3, 2), (5, 10**9), (10**9, 10**9 + 1)])
def test_hostile_text_and_spans_stop_nothing(text: str, span: Span | None) -> None:
    for piece in why(text, "themes", "staff_attitude", span, by_clause=True):
        assert 0 <= piece.start < piece.end <= len(text)
        assert np.isfinite(piece.share)


@pytest.mark.model
def test_the_real_encoder_says_why() -> None:
    artefact = read_artefact(SHIPPED)
    info = EncoderInfo(artefact.weights, artefact.width)
    encoder = onnx_encoder(SHIPPED, encoder_model(SHIPPED, artefact), info)
    text = "The parcel was late, but the driver was charming."
    decision = Decision(artefact.heads["themes"], "delivery_speed", None, by_clause=True)
    assert strongest(text, explain(CommentText(text), decision, encoder)) in {"late", "parcel"}
    for text, label in (("The driver was rude", "negative"), ("Charming driver", "positive")):
        decision = Decision(artefact.heads["sentiment"], label)
        best = strongest(text, explain(CommentText(text), decision, encoder))
        assert best in {"rude", "Charming"}
