"""Segments equal those of Twilio's own calculator, the npm package `sms-segments-calculator`.

Runs where Node is and the package is found: in the folder that `WAYMARK_TEST_NPM` names (where
it is installed if it isn't there yet), in one that `NODE_PATH` names, or in `node_modules` here.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest

from surveys.channels.segments import GSM_BASIC, GSM_EXTENSION, count

ROOT = Path(__file__).parents[2]
PACKAGE = "sms-segments-calculator"
SCRIPT = Path(__file__).parent / "data" / "sms_segments.cjs"
TEXTS, SEED = 20_000, 20261129
BITS = {"GSM-7": 7, "UCS-2": 16}
FACES = ["\U0001f642", "\U0001f44d", "\U0001f525", "\u2764\ufe0f", "\u2605", "5\ufe0f\u20e3"]
JOINED = [
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "\U0001f469\u200d\u2764\ufe0f\u200d\U0001f48b\u200d\U0001f468",
    "\U0001f44d\U0001f3fd",
    "\U0001f1eb\U0001f1f7",
    "e\u0301",
    "\u0928\u0940",
]
# What no phone shows as one character, and emoji newer than the calculator's rules.
ODD = [*"\u200d\ufe0f\u0301\u1100\u11a8\u0600\ud83d", "\U0001f3fd"]
EMOJI = [chr(code) for code in (*range(0x1F300, 0x1F650), *range(0x1F900, 0x1FB00))]
OTHERS = [*"çêëžőłабвω日本語한국어", "\u2019", "\u201c", "\u2013", "\u2026", "\u00a0", "\t"]
BASIC, EXTENSION = sorted(GSM_BASIC), sorted(GSM_EXTENSION)
WORDS = ["How", "satisfied", "are", "you", "with", "your", "order", "Reply", "STOP", "to", "end"]


@cache
def _folder() -> Path | None:
    """Where the package lies, or nothing."""
    named = os.environ.get("WAYMARK_TEST_NPM")
    if named and not (Path(named) / "node_modules" / PACKAGE).is_dir():
        Path(named).mkdir(parents=True, exist_ok=True)
        quiet = ["--silent", "--no-audit", "--no-fund", "--prefix", named]
        subprocess.run(["npm", "install", *quiet, PACKAGE], check=True, timeout=120)
    paths = [Path(path) for path in os.environ.get("NODE_PATH", "").split(os.pathsep) if path]
    homes = [*([Path(named) / "node_modules"] if named else []), *paths, ROOT / "node_modules"]
    return next((home.parent for home in homes if (home / PACKAGE).is_dir()), None)


@pytest.fixture(scope="module")
def counted() -> Callable[[Sequence[str]], list[tuple[str, int, int]]]:
    """What Twilio's calculator says of texts: encoding, units and segments."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is NOT HERE, so Twilio's own calculator is not asked")
    folder = _folder()
    if folder is None:
        pytest.skip(f"{PACKAGE} is NOT HERE: set WAYMARK_TEST_NPM to a folder to install it in")

    def ask(texts: Sequence[str]) -> list[tuple[str, int, int]]:
        done = subprocess.run(
            [node, str(SCRIPT), str(folder)],
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        rows = json.loads(done.stdout)
        return [(name, bits // BITS[name], segments) for name, bits, segments in rows]

    return ask


def _text(chance: random.Random) -> str:
    """One text, often as long as a segment or two, of one kind of pieces or of several."""
    kinds: list[Sequence[str]] = [BASIC, EXTENSION, FACES, JOINED, OTHERS, WORDS, ODD, EMOJI]
    weights = chance.choice(
        [
            *([(1, 0, 0, 0, 0, 0, 0, 0)] * 2),
            *([(9, 1, 0, 0, 0, 1, 0, 0)] * 2),
            (0, 1, 0, 0, 0, 0, 0, 0),
            (0, 0, 1, 0, 0, 0, 0, 0),
            (0, 0, 0, 1, 0, 0, 0, 0),
            (5, 0, 1, 1, 1, 0, 0, 1),
            (90, 3, 1, 1, 1, 10, 0, 1),
            (0, 0, 1, 1, 8, 0, 0, 0),
            (3, 0, 0, 2, 0, 0, 3, 3),
        ]
    )
    length = chance.choice([0, chance.randint(1, 12), chance.randint(20, 90)])
    length = chance.choice([length, chance.randint(60, 75), chance.randint(130, 330)])
    pieces = chance.choices(kinds, weights, k=length)
    return "".join(chance.choice(kind) for kind in pieces)


def test_twenty_thousand_random_texts_take_what_twilios_calculator_says(
    counted: Callable[[Sequence[str]], list[tuple[str, int, int]]],
) -> None:
    chance = random.Random(SEED)
    texts = [_text(chance) for _ in range(TEXTS)]
    theirs = counted(texts)
    seen = Counter(encoding for encoding, _, _ in theirs)
    assert min(seen.values()) > TEXTS // 5
    assert "" in texts
    assert max(segments for _, _, segments in theirs) >= 10
    mine = [(one.encoding, one.units, one.segments) for one in map(count, texts)]
    apart = [pair for pair in zip(texts, mine, theirs, strict=True) if pair[1] != pair[2]]
    assert not apart, f"seed {SEED}: {len(apart)} apart, such as {apart[:3]}"
