from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import BertWordPieceTokenizer, Tokenizer
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertModel

from nlp.training.pieces import EMBEDDINGS, kept_pieces, smaller_base, smaller_tokenizer

WORDS = ["[PAD]", "[unused1]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##a", "b", "##b", "c"]
WORDS += ["##c", "driver", "ab", "##ab", "zebra", "я"]
TEXTS = ["driver ab", "driver cab cab", "driver cab zebra zebra"]


@pytest.fixture
def tokenizer() -> Tokenizer:
    made = BertWordPieceTokenizer({word: i for i, word in enumerate(WORDS)})
    ends = [("[CLS]", 3), ("[SEP]", 4)]
    made.post_processor = TemplateProcessing("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", ends)
    made.add_special_tokens(WORDS[:1] + WORDS[2:6])
    return Tokenizer.from_str(made.to_str())


def kept_words(tokenizer: Tokenizer) -> set[str]:
    return {WORDS[i] for i in kept_pieces(tokenizer, TEXTS)}


def test_what_the_texts_use_stays_and_what_they_hardly_use_goes(tokenizer: Tokenizer) -> None:
    kept = kept_words(tokenizer)
    assert {"driver", "##ab"} <= kept
    assert not {"zebra", "[unused1]", "ab"} & kept


def test_special_pieces_and_western_letters_stay_though_nobody_uses_them(
    tokenizer: Tokenizer,
) -> None:
    kept = kept_words(tokenizer)
    assert {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##a", "b", "##b"} <= kept
    assert "я" not in kept


def test_kept_words_are_cut_as_before_and_others_into_letters(tokenizer: Tokenizer) -> None:
    small = smaller_tokenizer(tokenizer, kept_pieces(tokenizer, TEXTS))
    for pair in (("driver cab",), ("driver", "cab")):
        assert small.encode(*pair).tokens == tokenizer.encode(*pair).tokens
        assert small.encode(*pair).type_ids == tokenizer.encode(*pair).type_ids
    assert tokenizer.encode("ab").tokens == ["[CLS]", "ab", "[SEP]"]
    assert small.encode("ab").tokens == ["[CLS]", "a", "##b", "[SEP]"]


def test_a_smaller_base_gives_kept_words_the_vectors_they_had(
    tokenizer: Tokenizer, tmp_path: Path
) -> None:
    base = tmp_path / "base"
    shape = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = BertConfig(vocab_size=len(WORDS), intermediate_size=16, **shape)
    BertModel(config).save_pretrained(base)
    tokenizer.save(str(base / "tokenizer.json"))
    small = smaller_base(base, TEXTS, tmp_path / "small")
    words = Tokenizer.from_file(str(small / "tokenizer.json"))
    before = load_file(base / "model.safetensors")[EMBEDDINGS]
    after = load_file(small / "model.safetensors")[EMBEDDINGS]
    assert json.loads((small / "config.json").read_text())["vocab_size"] == len(after)
    old, new = tokenizer.encode("driver").ids, words.encode("driver").ids
    np.testing.assert_array_equal(before[old], after[new])
    with_new = BertModel.from_pretrained(small)
    assert with_new.config.pad_token_id == words.token_to_id("[PAD]")
