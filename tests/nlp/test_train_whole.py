from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import BertWordPieceTokenizer
from transformers import BertConfig, BertModel

from nlp.artefact import ENCODER, METADATA, TENSORS, TOKENIZER
from nlp.encoder import EncoderInfo, OnnxStates, PooledEncoder
from nlp.errors import TrainingDataError
from nlp.evaluation import consumer_examples
from nlp.evaluation import test_examples as examples_to_check
from nlp.labels import EMOTIONS
from nlp.reader import Reader
from nlp.reading import CommentText
from nlp.training.export import quantised
from nlp.training.finetune import Trainer
from nlp.training.gather import training_examples
from nlp.training.letters import letters_key
from nlp.training.network import Network
from nlp.training.passages import lesson
from nlp.training.plans import FOR_SENTIMENT, Plan
from nlp.training.reference import TorchStates
from nlp.training.refit_model import refit
from nlp.training.train import train
from nlp.training.written_files import written_examples
from nlp.windows import Passage, Tokens, load_tokenizer

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


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pretrained encoder so small that it trains in seconds."""
    path = tmp_path_factory.mktemp("base")
    tokenizer = BertWordPieceTokenizer(lowercase=True)
    texts = [example.text for example in written_examples()]
    tokenizer.train_from_iterator(texts, vocab_size=2000, show_progress=False)
    tokenizer.save(str(path / TOKENIZER))
    torch.manual_seed(1)
    size = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = BertConfig(vocab_size=2000, intermediate_size=32, **size)
    BertModel(config, add_pooling_layer=False).save_pretrained(path)
    return path


PLAN = Plan(epochs=1, steps=40, rate=1e-3, tokens=4000, save_every=20)
LAST = Plan(epochs=1, steps=5, rate=1e-3, tokens=4000, weights=FOR_SENTIMENT, ours=0.5)


class Stopped(Exception):
    """The machine went down."""


@pytest.mark.timeout(300)
def test_an_interrupted_training_ends_with_the_same_model(
    folder: Path, tmp_path: Path, base: Path
) -> None:
    whole, resumed, cache = tmp_path / "1", tmp_path / "2", tmp_path / "cache"
    train(folder, whole, tmp_path / "other", PLAN, lambda _: None, base, then=[LAST])

    def stop(batch: object) -> None:
        if trainer.step >= 25:
            raise Stopped

    examples = [e for e in training_examples(folder) if e.part == "train"]
    small = tmp_path / "other" / "base"
    trainer = Trainer(small, load_tokenizer(small / TOKENIZER), lesson(examples), PLAN, cache)
    with pytest.raises(Stopped):
        trainer.run(lambda _: None, before=stop)
    said: list[str] = []
    train(folder, resumed, cache, PLAN, said.append, base, then=[LAST])
    for name in (METADATA, TENSORS, ENCODER):
        assert (whole / name).read_bytes() == (resumed / name).read_bytes()
    assert any("from step 20" in line for line in said)
    reading = Reader.load(whole).read([CommentText("late, bad and rude", "Why?")])[0]
    assert reading.read and sum(reading.probabilities.values()) == pytest.approx(1, abs=1e-3)


@pytest.mark.timeout(300)
def test_heads_are_fitted_again_and_the_encoder_stays(
    folder: Path, tmp_path: Path, base: Path
) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    before = train(folder, first, tmp_path / "cache", PLAN, lambda _: None, base)
    after = refit(folder, first, again, lambda _: None)
    for name in (ENCODER, TOKENIZER):
        assert (again / name).read_bytes() == (first / name).read_bytes()
    for name in ("sentiment", "urgency"):
        np.testing.assert_array_equal(after.heads[name].weights, before.heads[name].weights)
    assert np.abs(after.heads["themes"].weights - before.heads["themes"].weights).max() > 1e-4
    assert after.training["refit"]["of"] == before.name
    refit(folder, again, again, lambda _: None)
    reading = Reader.load(again).read([CommentText("late, bad and rude", "Why?")])[0]
    assert reading.read


def test_eight_bits_keep_the_directions(base: Path, tmp_path: Path) -> None:
    network = Network(base).eval()
    quantised(network.encoder, tmp_path / "small.onnx")
    tokens = Tokens(base / TOKENIZER)
    passages = [
        Passage("The driver was lovely but late", "How was it?", ((0, 21), (22, 30))),
        Passage("Two days late. " * 80),
    ]
    info = EncoderInfo("small", 32)
    small = PooledEncoder(OnnxStates((tmp_path / "small.onnx").read_bytes()), tokens, info)
    torch_encoder = PooledEncoder(TorchStates(network.encoder), tokens, info)
    pairs = zip(small.encode(passages), torch_encoder.encode(passages), strict=True)
    for found, wanted in pairs:
        lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(wanted, axis=1)
        assert ((found * wanted).sum(axis=1) / lengths).min() > 0.99


def test_nothing_that_is_checked_with_is_learnt_from(folder: Path) -> None:
    learnt = {example.text for example in training_examples(folder)}
    assert SHARED not in learnt
    assert "bad and late, rude" in learnt | {e.text for e in examples_to_check(folder)}
    respondents = {e.text for e in examples_to_check(folder) if e.source == "patient_survey"}
    assert respondents and not respondents & learnt


def test_themes_of_our_own_labels_join_what_people_said(folder: Path) -> None:
    fit = (frozenset({"product_match"}),)
    known = training_examples(folder, {letters_key("Good fit!"): fit})
    (clothes,) = (e for e in known if e.source == "clothing")
    assert (clothes.text, clothes.themes) == ("good fit", fit)
    assert clothes.sentiment == (0.0, 0.0, 1.0)


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
        train(folder, tmp_path / "out", tmp_path / "cache", PLAN, print)
    assert not (tmp_path / "out").exists()
