from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from fake_reader import INFO, WORDS, WordCounts, fake_artefact, fake_reader

from nlp.custom_themes import OwnTheme
from nlp.encoder import EncoderInfo
from nlp.errors import ArtefactError, CustomThemeError
from nlp.reader import Reader
from nlp.reading import CommentText
from nlp.training.background import background_texts
from nlp.understanding import Understanding
from nlp.why import Why


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


class Spanish(WordCounts):
    """Another encoder, which is told what it was given apart from the English one."""

    info = EncoderInfo("fake-es", len(WORDS))


def bilingual() -> tuple[Reader, WordCounts, WordCounts]:
    english, spanish = WordCounts(), Spanish()
    model = Understanding(spanish, replace(fake_artefact(), weights="fake-es"))
    return Reader(english, fake_artefact(), {"es": model, "pt": model}), english, spanish


def test_each_comment_is_read_by_the_model_of_its_language_and_order_is_kept() -> None:
    reader, english, spanish = bilingual()
    given = [
        CommentText("El pedido llegó tarde y nadie me avisó, bad"),
        CommentText("The delivery was late"),
        CommentText("Die Lieferung kam leider viel zu spät an"),
        CommentText("O pedido chegou muito atrasado, que bad"),
        CommentText("good app", language="es-MX"),
    ]
    readings = reader.read(given)
    told = [(one.language, one.read, one.sentiment) for one in readings]
    assert told == [
        ("es", True, "negative"),
        ("en", True, "negative"),
        ("de", False, None),
        ("pt", True, "negative"),
        ("es", True, "positive"),
    ]
    assert [passage.text for passage in english.passages] == [given[1].text]
    assert len(spanish.passages) == 3
    assert {one.model for one in readings} == {reader.model}
    assert reader.languages == {"en", "es", "pt"}


def test_a_word_of_any_language_goes_to_the_model_of_the_expected_one() -> None:
    reader, english, spanish = bilingual()
    reader.read([CommentText("xqz", expected="es"), CommentText("xqz", expected="en")])
    assert (len(spanish.passages), len(english.passages)) == (1, 1)


def test_own_themes_and_promoted_heads_leave_the_other_languages_as_they_are() -> None:
    reader, _, _ = bilingual()
    other = replace(fake_artefact().heads["sentiment"], bias=np.array([9, 0, 0], np.float32))
    taught = reader.with_heads("ours", {"sentiment": other})
    spanish, english = taught.read([CommentText("good", "", "es"), CommentText("good", "", "en")])
    assert (spanish.sentiment, english.sentiment) == ("positive", "negative")
    assert spanish.model == english.model == "ours"


def test_an_own_theme_is_learned_with_the_model_of_its_examples_language() -> None:
    reader, _, _ = bilingual()
    money = ("El refund no llegó nunca", "Quiero mi refund ya, por favor", "Y el refund, ¿dónde?")
    spoken = background_texts(60, "es")
    theme = reader.learn(OwnTheme("Devolución", "del refund", money), [*spoken, "It was late"] * 2)
    assert theme.weights == Spanish.info.weights and reader.finds(theme)
    taught = reader.beside({"own_refund": theme})
    spanish, english = taught.read(
        [CommentText("Mi refund no llegó", "", "es"), CommentText("My refund", "", "en")]
    )
    assert "own_refund" in spanish.themes and "own_refund" not in english.themes
    assert not Reader(WordCounts(), fake_artefact()).finds(theme)


def test_examples_in_two_languages_or_in_one_that_is_not_read_are_refused() -> None:
    reader, _, _ = bilingual()
    mixed = ("El refund no llegó", "Quiero mi refund ya, por favor", "The refund never came")
    ordinary = background_texts(60, "es")
    with pytest.raises(CustomThemeError, match=r"number 3 .* language of the others"):
        reader.learn(OwnTheme("Devolución", "", mixed), ordinary)
    german = ("wo bleibt mein Geld", "das Geld kam nicht zurück", "ich warte auf mein Geld")
    with pytest.raises(CustomThemeError, match=r"not read .*Write them in one of: en, es, pt"):
        reader.learn(OwnTheme("Geld", "", german), ordinary)


def test_why_is_said_by_the_model_that_read_it() -> None:
    reader, english, spanish = bilingual()
    text = CommentText("The app is late", language="es")
    (reading,) = reader.read([text])
    english.passages.clear()
    why = reader.explainer().mentions(text, reading.mentions)
    words = [text.text[p.start : p.end] for p in why[0].theme]
    assert words and english.passages == [] and len(spanish.passages) > 1
    assert reader.explainer().mentions(CommentText("laat", language="nl"), reading.mentions) == [
        Why() for _ in reading.mentions
    ]


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
