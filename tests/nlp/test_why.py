"""Why a mention was found: the words of its stretch, at their places, for theme and sentiment."""

from __future__ import annotations

import json

import pytest
from fake_reader import fake_artefact, fake_reader

from feedback.commands.understand import CommentLine, understand
from nlp.explain import Piece
from nlp.reading import CommentText, Mention
from nlp.why import AROUND, Explainer, Why
from tests.nlp.fake_reader import WordCounts

TEXT = "The app is good, but the parcel was late and the driver was rude to me."


def _explained(text: str) -> tuple[tuple[Mention, ...], list[Why], WordCounts]:
    reader, encoder = fake_reader()
    comment = CommentText(text, language="en")
    (reading,) = reader.read([comment])
    encoder.passages.clear()
    return reading.mentions, reader.explainer().mentions(comment, reading.mentions), encoder


def _words(text: str, pieces: tuple[Piece, ...]) -> list[str]:
    return [text[piece.start : piece.end] for piece in pieces]


def test_each_mention_is_carried_by_words_of_its_own_stretch() -> None:
    mentions, found, _ = _explained(TEXT)
    said = {
        mention.theme: (_words(TEXT, why.theme), _words(TEXT, why.sentiment))
        for mention, why in zip(mentions, found, strict=True)
    }
    assert said["website_app"] == (["app"], ["good"])
    assert said["delivery_speed"][0] == ["late"]
    assert "late" in said["delivery_speed"][1]
    assert said["staff_attitude"][0] == ["rude"]


def test_places_are_those_of_the_comment_as_written() -> None:
    text = "  <b>Good</b> app.\u200b\n\nDelivery&nbsp;late!  "
    mentions, found, _ = _explained(text)
    late = next(i for i, one in enumerate(mentions) if one.theme == "delivery_speed")
    assert _words(text, found[late].theme) == ["late"]


def test_mentions_of_one_stretch_are_weighed_together() -> None:
    text = "The parcel was late and rude"
    mentions, found, encoder = _explained(text)
    assert {one.theme for one in mentions} == {"delivery_speed", "staff_attitude"}
    assert len(set(encoder.passages)) == len(encoder.passages) == 1 + 2 * 6
    assert [_words(text, why.theme) for why in found] == [["late"], ["rude"]]


def test_a_stretch_is_read_within_what_stands_around_it_and_no_more() -> None:
    text = "words and more words " * 100 + "but the parcel was late, " + "and so on " * 100
    start = text.index("but the parcel")
    reader, encoder = fake_reader()
    mention = Mention(start, start + 24, "delivery_speed", "negative", -0.9)
    (why,) = reader.explainer().mentions(CommentText(text, language="en"), [mention])
    assert _words(text, why.theme) == ["late"]
    longest = max(len(passage.text) for passage in encoder.passages)
    assert 24 < longest <= 24 + 2 * AROUND
    assert not encoder.passages[0].text.startswith("ords"), "cut between words"


def test_a_very_long_stretch_is_weighed_in_phrases_and_not_forever() -> None:
    text = "nothing at all to say here " * 20 + "late " + "nothing at all to say here " * 400
    reader, encoder = fake_reader()
    mention = Mention(0, len(text), "delivery_speed", "negative", -0.9)
    (why,) = reader.explainer().mentions(CommentText(text, language="en"), [mention])
    assert any("late" in words for words in _words(text, why.theme))
    assert sum(len(passage.text) for passage in encoder.passages) < 40_000


@pytest.mark.parametrize("place", [(0, 0), (3, 3), (0, 3)])
def test_a_stretch_without_words_has_no_reasons(place: tuple[int, int]) -> None:
    reader, _ = fake_reader()
    mention = Mention(*place, "delivery_speed", "negative", -0.9)
    text = CommentText("... the parcel was late", language="en")
    assert reader.explainer().mentions(text, [mention]) == [Why()]


def test_what_cannot_be_read_has_no_reasons() -> None:
    reader, encoder = fake_reader()
    german = CommentText("Die Lieferung kam leider viel zu spät an")
    mention = Mention(0, 13, "delivery_speed", "negative", -0.9)
    assert reader.explainer().mentions(german, [mention]) == [Why()]
    assert encoder.passages == []


def test_a_theme_the_model_does_not_know_still_has_a_sentiment() -> None:
    heads = fake_artefact().heads
    explainer = Explainer(WordCounts(), heads, (heads["themes"],), "fake-1")
    mention = Mention(0, 19, "own_theme", "negative", -0.9)
    (why,) = explainer.mentions(CommentText("The parcel was late", language="en"), [mention])
    assert why.theme == () and len(why.sentiment) == 1


def test_urgency_is_explained_too() -> None:
    reader, _ = fake_reader()
    text = "There is danger in this plug."
    assert _words(text, reader.explainer().urgency(CommentText(text))) == ["danger"]


def test_the_command_adds_reasons_to_mentions_and_nothing_else() -> None:
    reader, _ = fake_reader()
    lines = [CommentLine(id=1, text=TEXT), CommentLine(id=2, text="...")]
    plain = [json.loads(line) for line in understand(reader, lines)]
    with_why = [json.loads(line) for line in understand(reader, lines, why=True)]
    app = with_why[0]["mentions"][0]
    assert app["why"] == [[4, 7, 1.0]]
    for one in with_why[0]["mentions"]:
        del one["why"]
    assert with_why == plain
