from __future__ import annotations

import json
from dataclasses import replace

import pytest
from fake_reader import INFO, fake_artefact, fake_reader

from nlp.errors import ArtefactError
from nlp.reader import Reader
from nlp.reading import CommentText


def test_mentions_carry_their_own_sentiment_and_place() -> None:
    reader, _ = fake_reader()
    text = "The app is good, but the delivery was late and rude."
    (reading,) = reader.read([CommentText(text)])
    assert [(m.theme, m.sentiment, text[m.start : m.end]) for m in reading.mentions] == [
        ("website_app", "positive", "The app is good,"),
        ("delivery_speed", "negative", "but the delivery was late and rude."),
        ("staff_attitude", "negative", "but the delivery was late and rude."),
    ]
    assert set(reading.themes) == {m.theme for m in reading.mentions}
    assert reading.sentiment == "negative"


def test_mentions_point_into_the_text_as_it_was_written() -> None:
    reader, _ = fake_reader()
    text = "  <b>Good</b> app.\u200b\n\nDelivery&nbsp;late!  "
    (reading,) = reader.read([CommentText(text)])
    assert [text[m.start : m.end] for m in reading.mentions] == [
        "Good</b> app.",
        "Delivery&nbsp;late!",
    ]


def test_neighbouring_clauses_of_one_theme_and_sentiment_are_one_mention() -> None:
    reader, _ = fake_reader()
    text = "Late again. Bad and late. The app is good. Late."
    (reading,) = reader.read([CommentText(text)])
    found = [(m.theme, text[m.start : m.end]) for m in reading.mentions]
    assert found == [
        ("delivery_speed", "Late again. Bad and late."),
        ("website_app", "The app is good."),
        ("delivery_speed", "Late."),
    ]


def test_score_is_positive_minus_negative_and_probabilities_sum_to_one() -> None:
    reader, _ = fake_reader()
    (reading,) = reader.read([CommentText("good and thanks")])
    p = reading.probabilities
    assert sum(p.values()) == pytest.approx(1.0, abs=1e-3)
    assert reading.sentiment_score == pytest.approx(p["positive"] - p["negative"], abs=1e-3)
    assert reading.emotions == {"gratitude": pytest.approx(0.982, abs=1e-3)}


@pytest.mark.parametrize("text", ["", "   ", "9", "...", "\u200b", "<br>"])
def test_without_words_nothing_is_invented(text: str) -> None:
    reader, encoder = fake_reader()
    (reading,) = reader.read([CommentText(text)])
    assert not reading.read
    assert (reading.language, reading.sentiment, reading.urgency) == ("und", None, None)
    assert (reading.themes, reading.mentions, reading.emotions) == ({}, (), {})
    assert encoder.passages == []


def test_other_languages_are_named_and_left_unread() -> None:
    reader, _ = fake_reader()
    texts = [CommentText("Die Lieferung kam leider viel zu spät an"), CommentText("late")]
    german, english = reader.read(texts)
    assert (german.language, german.read, german.themes) == ("de", False, {})
    assert english.read


def test_strange_comments_do_not_stop_a_batch() -> None:
    reader, _ = fake_reader()
    strange = ["\U0001f600", "\ud800", "x" * 60_000, "\x00", "a. " * 16_000, "late"]
    readings = reader.read([CommentText(text) for text in strange])
    assert len(readings) == len(strange)
    assert "delivery_speed" in readings[-1].themes


def test_equal_comments_are_encoded_once_and_order_is_kept() -> None:
    reader, encoder = fake_reader()
    texts = [CommentText(t) for t in ("late", "good", "late", "late")]
    readings = reader.read(texts)
    assert [r.sentiment for r in readings] == ["negative", "positive", "negative", "negative"]
    assert len(encoder.passages) == 2


def test_a_comment_is_read_beside_the_question_it_answers() -> None:
    reader, encoder = fake_reader()
    reader.read([CommentText("it came late", "<b>Why?</b>"), CommentText("it came late")])
    assert [passage.question for passage in encoder.passages] == ["Why?", ""]


def test_a_reading_prints_the_agreed_keys_as_json() -> None:
    reader, _ = fake_reader()
    (reading,) = reader.read([CommentText("late, danger")])
    content = json.loads(json.dumps(reading.to_json()))
    assert list(content) == [
        "language",
        "sentiment",
        "sentiment_score",
        "probabilities",
        "emotions",
        "themes",
        "mentions",
        "urgency",
        "urgent",
        "risks",
        "redactions",
        "model",
        "read",
    ]
    assert set(content["mentions"][0]) == {"start", "end", "theme", "sentiment", "sentiment_score"}
    assert content["urgency"] > 0.9 and content["urgent"]
    assert content["model"] == "fake-1"


def test_no_comments_no_readings() -> None:
    reader, _ = fake_reader()
    assert reader.read([]) == []


@pytest.mark.parametrize("change", [{"weights": "other"}, {"width": INFO.width + 1}])
def test_heads_of_another_encoder_are_refused(change: dict[str, object]) -> None:
    _, encoder = fake_reader()
    with pytest.raises(ArtefactError, match="waymark train"):
        Reader(encoder, replace(fake_artefact(), **change))
