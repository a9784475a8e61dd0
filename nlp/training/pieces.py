"""Leave out the word pieces that feedback never uses: a third of an English encoder is its words.

A word that is left out falls into the pieces that stay; the letters of western languages stay
whatever their rank, so that none becomes unknown.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from nlp.artefact import TOKENIZER

LEAST = 3
"""A piece stays if the texts use it so often."""
WEIGHTS, CONFIG = "model.safetensors", "config.json"
EMBEDDINGS = "embeddings.word_embeddings.weight"
CONTINUES = "##"
WESTERN = frozenset(map(chr, range(0x21, 0x180)))
"""The letters and signs of western languages."""


def kept_pieces(tokenizer: Tokenizer, texts: Iterable[str], least: int = LEAST) -> list[int]:
    """The ids to keep, in their old order: what the texts use, special pieces, single letters."""
    counts: Counter[int] = Counter()
    for encoding in tokenizer.encode_batch(list(texts)):
        for part in (encoding, *encoding.overflowing):
            counts.update(part.ids)
    described = json.loads(tokenizer.to_str())
    special = {one["id"] for one in described["added_tokens"]}
    return sorted(
        id_
        for piece, id_ in described["model"]["vocab"].items()
        if id_ in special or counts[id_] >= least or piece.removeprefix(CONTINUES) in WESTERN
    )


def smaller_tokenizer(tokenizer: Tokenizer, kept: Sequence[int]) -> Tokenizer:
    """The same tokenizer with these pieces alone, numbered by their places in `kept`."""
    described = json.loads(tokenizer.to_str())
    place = {old: new for new, old in enumerate(kept)}
    words = described["model"]["vocab"].items()
    described["model"]["vocab"] = {piece: place[old] for piece, old in words if old in place}
    for one in described["added_tokens"]:
        one["id"] = place[one["id"]]
    for one in _special_tokens(described).values():
        one["ids"] = [place[old] for old in one["ids"]]
    return Tokenizer.from_str(json.dumps(described))


def _special_tokens(described: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (described.get("post_processor") or {}).get("special_tokens", {})
    return found


def smaller_base(base: Path, texts: Iterable[str], out: Path) -> Path:
    """A pretrained encoder's folder again in `out`, with the pieces that the texts use."""
    tokenizer = Tokenizer.from_file(str(base / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    kept = kept_pieces(tokenizer, texts)
    out.mkdir(parents=True, exist_ok=True)
    weights = load_file(base / WEIGHTS)
    save_file({**weights, EMBEDDINGS: weights[EMBEDDINGS][kept]}, out / WEIGHTS, {"format": "pt"})
    described = json.loads((base / CONFIG).read_text("utf-8"))
    pad = kept.index(int(described.get("pad_token_id") or 0))
    described |= {"vocab_size": len(kept), "pad_token_id": pad}
    (out / CONFIG).write_text(json.dumps(described, indent=1) + "\n", "utf-8")
    smaller_tokenizer(tokenizer, kept).save(str(out / TOKENIZER), pretty=False)
    return out
