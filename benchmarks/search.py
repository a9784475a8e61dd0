"""Search over many comments, as the comments page asks it: p50 and p95 of each kind of question.

    python -m benchmarks.search [--comments 100000,1000000] [--postgres URL]

Comments are written straight into the tables: our own sentences, and names with the frequencies
of natural language (Zipf), so that there are words of every rarity. Vectors are the encoder's of
our sentences, one to three of them a comment, with noise that makes each its own. A question is
a page of 20 and the count of all, as `feedback.search.alike` gives them; by meaning, once the
worker has encoded what was typed (a later line says what that takes by itself).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from benchmarks.serving import Place, database
from feedback import workspaces
from feedback.configuration.map import apply_journey
from feedback.search.alike import look_for
from feedback.search.asked import answer_next, meaning_of
from feedback.search.blocks import pack_next
from feedback.search.meanings import SIZE
from feedback.search.query import parse
from feedback.search.wanted import Wanted
from feedback.synth.model import world
from feedback.synth.words import sentences, speak
from feedback.themes.catalogue import Catalogue
from models import migrate
from models.engine import make_engine
from models.journey import Touchpoint
from models.meaning import CommentMeaning, MeaningMark
from models.reading import Comment, Mention
from nlp.meaning import Meaning, packed, unpacked
from nlp.reader import Reader

CHUNK = 5_000
NAMES = 20_000
TURNS = 25
PAGE = 20
PHRASES = ('"on hold"', '"too late"', '"the refund"')
NOW = datetime(2026, 11, 1, tzinfo=UTC)
YEAR = timedelta(days=365)


def name(rank: int) -> str:
    """A made-up word, the `rank`-th most frequent."""
    digest = hashlib.blake2b(str(rank).encode(), digest_size=5).digest()
    return "".join(chr(ord("a") + byte % 20) + "aeiou"[byte % 5] for byte in digest)


def rows(n: int, workspace_id: int, places: list[int]) -> Iterator[tuple[list[Any], list[Any]]]:
    """The comments and mentions, a chunk at a time; ids count from 1."""
    dice = random.Random(1)
    abouts = sorted(sentences())
    weights = [1.0 / rank for rank in range(1, NAMES + 1)]
    names = [name(rank) for rank in range(1, NAMES + 1)]
    for start in range(0, n, CHUNK):
        comments, mentions = [], []
        for number in range(start + 1, min(start + CHUNK, n) + 1):
            spoken = speak(dice.sample(abouts, dice.choice((1, 1, 2, 3))), dice)
            said = " ".join(dice.choices(names, weights, k=4))
            worst = min(spoken.mentions, key=lambda one: one[3])
            base = {"workspace_id": workspace_id, "sentiment": worst[3]}
            score = {"negative": -0.8, "positive": 0.8}.get(worst[3], 0.0) + dice.uniform(-0.1, 0.1)
            comments.append(
                base
                | {
                    "id": number,
                    "touchpoint_id": dice.choice(places),
                    "attached_by": "import",
                    "source": "bench",
                    "external_id": str(number),
                    "text": f"{spoken.text} {said}",
                    "text_hash": str(number),
                    "occurred_at": NOW - YEAR * (1 - number / n),
                    "created_at": NOW,
                    "read_state": "read",
                    "read_at": NOW,
                    "model": "bench",
                    "language": "en",
                    "sentiment_score": score,
                    "urgent": False,
                    "emotions": {},
                }
            )
            for begin, end, theme, feeling in spoken.mentions:
                mentions.append(
                    {"workspace_id": workspace_id, "comment_id": number, "start": begin}
                    | {"end": end, "theme": theme, "sentiment": feeling, "source": "model"}
                    | {"sentiment_score": -0.8 if feeling == "negative" else 0.8}
                )
        yield comments, mentions


def fill(url: str, n: int) -> int:
    """A migrated database with a workspace of `n` comments; the workspace's id."""
    engine = make_engine(url)
    migrate.upgrade(engine)
    with Session(engine) as session:
        workspace = workspaces.create(session, "bench", NOW)
        for _ in apply_journey(session, workspace.id, world().journey(), NOW):
            pass
        session.commit()
        places = list(session.scalars(select(Touchpoint.id)))
        workspace_id = workspace.id
    with engine.connect() as connection:
        for comments, mentions in rows(n, workspace_id, places):
            connection.execute(insert(Comment.__table__), comments)  # type: ignore[arg-type]
            connection.execute(insert(Mention.__table__), mentions)  # type: ignore[arg-type]
            connection.commit()
        connection.execute(text("ANALYZE"))
        connection.commit()
    engine.dispose()
    mean(url, n, workspace_id)
    return workspace_id


def mean(url: str, n: int, workspace_id: int) -> None:
    """Give every comment a vector, and pack them, as the worker does."""
    known = unpacked([one.vector for one in _encoded(s for _, s in sorted(_lines()))])
    dice, engine = np.random.default_rng(2), make_engine(url)
    for start in range(0, n, CHUNK):
        many = min(CHUNK, n - start)
        rows = sum(known[dice.integers(len(known), size=many)] for _ in range(2))
        rows = np.asarray(rows) + dice.normal(
            0, 0.6 / known.shape[1] ** 0.5, (many, known.shape[1])
        )
        kept = [packed(row, reader().info.weights) for row in rows.astype(np.float32)]
        with engine.begin() as connection:
            connection.execute(
                insert(CommentMeaning.__table__),  # type: ignore[arg-type]
                [
                    {"comment_id": start + place + 1, "workspace_id": workspace_id}
                    | {"encoder": one.encoder, "vector": one.vector}
                    for place, one in enumerate(kept)
                ],
            )
    with Session(engine) as session:
        numbers = range((n // SIZE) + 1)
        session.add_all(MeaningMark(workspace_id=workspace_id, number=one) for one in numbers)
        session.commit()
        while pack_next(session, reader):
            pass
        session.execute(text("ANALYZE"))
        session.commit()
    engine.dispose()


@cache
def reader() -> Reader:
    """The shipped model."""
    return Reader.load()


def _lines() -> list[tuple[str, str]]:
    """Our sentences by their theme."""
    dice = random.Random(3)
    return [
        (about[0], speak([about], dice).text) for about in sorted(sentences()) for _ in range(4)
    ]


def _encoded(lines: Iterable[str]) -> list[Meaning]:
    return [reader().meaning(line) for line in lines]


Ask = Callable[[random.Random], Wanted]


def _words(low: int, high: int, k: int = 1) -> Ask:
    return lambda dice: Wanted(parse(" ".join(name(dice.randint(low, high)) for _ in range(k))))


def _narrowed(dice: random.Random) -> Wanted:
    place = dice.choice([one.key for one in world().places])
    return Wanted(parse("days"), touchpoint=place, sentiment="negative", start=NOW - YEAR / 2)


def _of_theme(dice: random.Random) -> Wanted:
    theme = dice.choice(sorted({theme for theme, _ in sentences()}))
    return Wanted(parse(name(dice.randint(20, 200))), theme=theme, sentiment="negative")


def _typed(dice: random.Random) -> str:
    return dice.choice(_lines())[1]


QUESTIONS: dict[str, Ask] = {
    "a word in every third comment": lambda dice: Wanted(parse(dice.choice(["was", "is", "i"]))),
    "a word in one of 5 to 50": _words(2, 10),
    "a word in one of 100 to 1,000": _words(20, 200),
    "a rare word": _words(2_000, 20_000),
    "two words": _words(3, 60, 2),
    "a phrase": lambda dice: Wanted(
        parse(dice.choice(['"on hold"', '"too late"', '"the refund"']))
    ),
    "a common word, touchpoint, feeling and period": _narrowed,
    "a word and what is said of a theme": _of_theme,
    "no word, unhappiest of a touchpoint": lambda dice: Wanted(
        touchpoint=dice.choice([one.key for one in world().places]), sort="unhappiest"
    ),
    "no word, newest": lambda dice: Wanted(),
    "by meaning": lambda dice: Wanted(meaning=_typed(dice)),
    "by meaning, touchpoint and feeling": lambda dice: Wanted(
        meaning=_typed(dice),
        touchpoint=dice.choice([one.key for one in world().places]),
        sentiment="negative",
    ),
    "by meaning, half a year": lambda dice: Wanted(meaning=_typed(dice), start=NOW - YEAR / 2),
}


def measured(url: str, workspace_id: int) -> dict[str, list[float]]:
    """Milliseconds of every question, asked in turns; the first round warms."""
    found: dict[str, list[float]] = {kind: [] for kind in QUESTIONS}
    dice, engine, themes = random.Random(5), make_engine(url), Catalogue()
    for turn in range(TURNS + 1):
        for kind, ask in QUESTIONS.items():
            wanted = ask(dice)
            with Session(engine) as session:
                if wanted.meaning:
                    meaning_of(session, workspace_id, wanted.meaning, lambda: NOW, 0.0)
                    answer_next(session, lambda: reader().meaning, lambda: NOW)
                began = time.perf_counter()
                look_for(session, workspace_id, wanted, themes, PAGE, lambda: NOW)
                if turn:
                    found[kind].append(1000 * (time.perf_counter() - began))
    engine.dispose()
    return found


def main() -> None:
    """Print a table a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", default="100000,1000000")
    parser.add_argument("--postgres", default=os.environ.get("WAYMARK_TEST_POSTGRES"))
    given = parser.parse_args()
    places = [Place("SQLite", ""), *([Place("PostgreSQL", given.postgres)] * bool(given.postgres))]
    for n in map(int, given.comments.split(",")):
        found = {}
        for place in places:
            with database(place) as url:
                found[place.kind] = measured(url, fill(url, n))
        print(f"\n{n:,} comments, milliseconds:\n")
        heads = [f"{kind} {part}" for kind in found for part in ("p50", "p95")]
        print(f"| question | {' | '.join(heads)} |\n|---|{'---|' * len(heads)}")
        for kind in (*QUESTIONS, "all of them"):
            print(f"| {kind} | {' | '.join(_figures(found, kind))} |")
    times = []
    for _, line in _lines()[:100]:
        began = time.perf_counter()
        reader().meaning(line)
        times.append(1000 * (time.perf_counter() - began))
    print(f"\nEncoding what was typed: p50 {statistics.median(times):.1f} ms.")


def _figures(found: dict[str, dict[str, list[float]]], kind: str) -> Iterator[str]:
    for times in found.values():
        mine = times.get(kind) or [one for listed in times.values() for one in listed]
        yield f"{statistics.median(mine):.0f}"
        yield f"{statistics.quantiles(mine, n=20)[-1]:.0f}"


if __name__ == "__main__":
    main()
