from __future__ import annotations

import csv
from pathlib import Path

import pytest
from fake_reader import WordCounts

from nlp.artefact import METADATA, TENSORS, read_artefact
from nlp.errors import TrainingDataError
from nlp.evaluation import consumer_examples
from nlp.evaluation import test_examples as examples_to_check
from nlp.labels import EMOTIONS
from nlp.reader import Reader
from nlp.reading import CommentText
from nlp.training.train import train, training_examples

SHARED = "The very same long sentence stands in two of the files, spaced differently"
PATIENT = ["respondent", "question", "sentiment_1_very_positive_5_very_negative", "themes", "text"]
LABELS = {"frustration": "annoyance", "worry": "fear"}


def write(path: Path, header: list[str], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    signs = {"negative": "late and bad", "neutral": "fine", "positive": "good thanks"}
    each = [(sign, f"{text} {i}") for i in range(12) for sign, text in signs.items()]
    sentences = [("dynasent_r1", "dev", *pair) for pair in each]
    sentences.append(("sst3", "test", "positive", SHARED.upper().replace(" ", " - ")))
    write(data / "sentiment_sentences.csv", ["dataset", "split", "sentiment", "text"], sentences)
    graded = [("movie_reviews", "3", SHARED), ("amazon_reviews", "-3", "bad and late, rude")]
    write(data / "sentiment_graded.csv", ["dataset", "mean_rating", "text"], graded)
    tweets = [("english", "train", "positive", "thanks"), ("german", "train", "positive", "gut")]
    write(data / "sentiment_languages.csv", ["language", "split", "sentiment", "text"], tweets)
    write(data / "clothing_reviews.csv", ["rating_1_to_5", "text"], [("5", "good fit")])
    patients = [(f"r{i}", "Why?", "4", "Timeliness", f"late {i}") for i in range(20)]
    patients += [("r3", "Why?", "", "Labelling not possible", "Did not answer")]
    write(data / "patient_survey.csv", PATIENT, patients)
    write(
        data / "theme_map.csv",
        ["dataset", "label", "theme"],
        [
            ("patient_survey", "Timeliness", "waiting_time"),
            ("consumer_aspects", "app", "website_app"),
        ],
    )
    aspects = [("train", "staff:positive|food:negative", "good and bad")]
    write(data / "restaurant_aspects.csv", ["split", "aspect_polarity", "text"], aspects)
    write(
        data / "bank_requests.csv", ["split", "intent", "text"], [("train", "card_arrival", "late")]
    )
    feelings = [
        ("train", LABELS.get(emotion, emotion), f"{emotion} {i}")
        for emotion in EMOTIONS
        for i in range(12)
    ]
    write(data / "emotions.csv", ["split", "emotions", "text"], feelings)
    return data


def test_training_is_repeatable_and_its_model_reads(folder: Path, tmp_path: Path) -> None:
    encoder, said = WordCounts(), list[str]()
    first, second, cache = tmp_path / "1", tmp_path / "2", tmp_path / "cache"
    train(folder, first, cache, encoder, said.append)
    encoded = len(encoder.passages)
    train(folder, second, cache, encoder, said.append)
    assert len(encoder.passages) == encoded
    for name in (METADATA, TENSORS):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    reader = Reader(encoder, read_artefact(first))
    bad, good = reader.read([CommentText("late, bad and rude"), CommentText("good, thanks")])
    assert (bad.sentiment, good.sentiment) == ("negative", "positive")
    assert any("fitted themes" in line for line in said)


def test_nothing_that_is_checked_with_is_learnt_from(folder: Path) -> None:
    learnt = {example.text for example in training_examples(folder)}
    assert SHARED not in learnt
    assert "bad and late, rude" in learnt | {e.text for e in examples_to_check(folder)}
    respondents = {e.text for e in examples_to_check(folder) if e.source == "patient_survey"}
    assert respondents and not respondents & learnt


def test_the_check_reviews_are_optional_and_never_learnt_from(folder: Path) -> None:
    assert consumer_examples(folder) == []
    rows = [("app:negative|other:negative", "The app is bad")]
    write(folder / "consumer_aspects_check.csv", ["aspect_polarity", "text"], rows)
    (example,) = consumer_examples(folder)
    assert example.themes == (frozenset({"website_app"}),)
    assert example.text not in {e.text for e in training_examples(folder)}


def test_an_emotion_without_examples_stops_the_training(folder: Path, tmp_path: Path) -> None:
    write(folder / "emotions.csv", ["split", "emotions", "text"], [("train", "joy", "yes")] * 12)
    with pytest.raises(TrainingDataError, match="'gratitude' has 0 examples"):
        train(folder, tmp_path / "out", tmp_path / "cache", WordCounts(), print)
    assert not (tmp_path / "out").exists()
