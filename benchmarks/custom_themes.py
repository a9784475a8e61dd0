"""How well a workspace's own theme is found from a few examples, and how soon it is seen.

Each label that people gave to real comments plays a new theme in turn: a few random comments of it
are its examples, its words its name, 600 other comments the background, and the rest is searched.
With WAYMARK_DATA=FOLDER (the labelled data) these are the test parts of a bank's requests (every
fourth intent) and of a patient survey; without it, Waymark's own written comments, on which the
encoder was trained with these very themes. Then a worker of its own learns a theme and reads
history for it.

    WAYMARK_DATA=FOLDER python -m benchmarks custom_themes
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from feedback import logs
from feedback.app import make_services
from feedback.jobs.bench import Bench
from feedback.jobs.clock import Clock, start_inside
from feedback.jobs.worker import Worker
from feedback.listening import text_hash
from feedback.settings import load
from feedback.themes import own
from models import migrate
from models.engine import make_engine
from models.reading import Comment, Mention
from models.theme import OwnTheme as OwnThemeRow
from models.workspace import Workspace
from nlp.artefact import SHIPPED, encoder_model, read_artefact
from nlp.custom_themes import THRESHOLD, OwnTheme, fit
from nlp.damping import unit
from nlp.encoder import EncoderInfo, onnx_encoder
from nlp.prepare import prepare
from nlp.reading import CommentText
from nlp.theme_centre import cut_of
from nlp.themes import built_in_themes
from nlp.training.example import Example
from nlp.training.theme_files import bank, patients
from nlp.training.written_files import FOLDER, SENTENCES, parse
from nlp.windows import Passage

BACKGROUND = 600
EVERY = 4
"""Of the many intents, one in so many."""
FEWEST = 25
"""Comments a label needs to be searched for."""
SIZES = (3, 5, 10)
HISTORY = 3000
RECENT = 512
Scores = Callable[[Any], Any]
Method = Callable[[Any, Any], Scores]
Figures = tuple[float, float, float]


@dataclass(frozen=True)
class Labelled:
    """Comments with people's labels, and the labels that play a theme: name and sentence."""

    title: str
    texts: Sequence[CommentText]
    labels: Sequence[frozenset[str]]
    themes: dict[str, tuple[str, str]]


class Known:
    """The shipped encoder, each passage encoded once."""

    def __init__(self) -> None:
        artefact = read_artefact(SHIPPED)
        self.info = EncoderInfo(artefact.weights, artefact.width)
        self._encoder = onnx_encoder(SHIPPED, encoder_model(SHIPPED, artefact), self.info)
        self._known: dict[Passage, Any] = {}

    def encode(self, passages: Sequence[Passage]) -> list[Any]:
        new = [passage for passage in passages if passage not in self._known]
        self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return [self._known[passage] for passage in passages]


def nearest_centroid(examples: Any, _: Any) -> Scores:
    centre = unit(unit(examples).mean(axis=0))
    return lambda rows: unit(rows) @ centre


def logistic(examples: Any, background: Any) -> Scores:
    rows = np.concatenate([examples, background])
    mean, scale = rows.mean(axis=0), rows.std()
    wanted = np.arange(len(rows)) < len(examples)
    model = LogisticRegression(C=0.01, class_weight="balanced", max_iter=500)
    model.fit((rows - mean) / scale, wanted)
    return lambda given: model.decision_function((given - mean) / scale)


def found_plainly(method: Method, examples: Any, said: Any, background: Any, rest: Any) -> Any:
    """Which of the rest a plain way finds on whole comments, with our rule for the cut."""
    score = method(np.concatenate([examples, said]), background)
    left = []
    for i in range(len(examples)):
        others = np.concatenate([np.delete(examples, i, axis=0), said])
        left.append(method(others, background)(examples[i : i + 1])[0])
    return score(rest) >= cut_of(np.array(left), score(background), ())


class Search:
    """One set of comments, made ready in every way that is compared."""

    def __init__(self, data: Labelled, known: Known) -> None:
        self.data, self.known = data, known
        self.vectors = known.encode([prepare(text).passage for text in data.texts])
        self.whole = np.stack([rows[0] for rows in self.vectors])
        bare = [prepare(CommentText(text.text)).passage for text in data.texts]
        self.ordinary = known.encode(bare)  # as Reader.learn has them: without their question
        words = TfidfVectorizer(sublinear_tf=True, stop_words="english", dtype=np.float32)
        self.words = words.fit_transform([text.text for text in data.texts]).toarray()
        self.spoken = words

    def ways(
        self, theme: OwnTheme, examples: Any, background: Any, rest: Any
    ) -> Iterator[tuple[str, Any]]:
        """What each way finds among the rest."""
        name = f"{theme.name}: {theme.sentence}"
        said = self.spoken.transform([name]).toarray()
        parts = (self.words[examples], said, self.words[background], self.words[rest])
        yield (
            "the words of the examples (TF-IDF, cosine): the floor",
            found_plainly(nearest_centroid, *parts),
        )
        said = self.known.encode([Passage(name)])[0][:1]
        parts = (self.whole[examples], said, self.whole[background], self.whole[rest])
        yield "nearest centroid of the encoder's vectors", found_plainly(nearest_centroid, *parts)
        yield "logistic regression on them, balanced", found_plainly(logistic, *parts)
        yield "Waymark", self.ours(theme, background, rest)

    def ours(self, theme: OwnTheme, background: Any, rest: Any) -> Any:
        """What Waymark finds among the rest."""
        fitted = fit(theme, self.known, [self.ordinary[i] for i in background])
        return np.array([fitted.probabilities(self.vectors[i]).max() >= THRESHOLD for i in rest])

    def measured(self, size: int, alone: bool) -> dict[str, Figures]:
        """Precision, recall and F1 of each way, or of ours alone; means over the themes."""
        found: dict[str, list[Figures]] = {}
        for number, (key, (name, sentence)) in enumerate(self.data.themes.items()):
            draw = np.random.default_rng(number)
            wanted = np.array([key in labels for labels in self.data.labels])
            examples = draw.permutation(np.flatnonzero(wanted))[:size]
            others = draw.permutation(np.setdiff1d(np.arange(len(wanted)), examples))
            background, rest = others[:BACKGROUND], others[BACKGROUND:]
            said = tuple(self.data.texts[i].text for i in examples)
            theme = OwnTheme(name, sentence, said)
            given = (theme, examples, background, rest)
            ours = [("Waymark", self.ours(theme, background, rest))] if alone else self.ways(*given)
            for way, hits in ours:
                found.setdefault(way, []).append(figures(hits, wanted[rest]))
        return {way: tuple(np.mean(rows, axis=0)) for way, rows in found.items()}


def figures(found: Any, wanted: Any) -> Figures:
    right = float((found & wanted).sum())
    precision, recall = right / max(1, found.sum()), right / max(1, wanted.sum())
    return precision, recall, 2 * right / max(1, found.sum() + wanted.sum())


def tested(
    title: str, examples: Iterable[Example], every: int, named: Callable[[str], str]
) -> Labelled:
    """The test part of a file, and the labels in it that are frequent enough."""
    once: dict[str, Example] = {}
    for one in examples:
        text = CommentText(one.text, one.question or None)
        if one.part == "test" and one.labels and prepare(text).language.read:
            once.setdefault(one.text, one)
    rows = list(once.values())
    labels = [row.labels or frozenset() for row in rows]
    frequent = [
        label
        for label in sorted(set().union(*labels))
        if sum(label in one for one in labels) >= FEWEST
    ]
    texts = [CommentText(row.text, row.question or None) for row in rows]
    return Labelled(title, texts, labels, {key: (named(key), "") for key in frequent[::every]})


def written() -> Labelled:
    """Our own English comments and their themes."""
    found: dict[str, set[str]] = {}
    for path in sorted(FOLDER.glob("en*.txt")):
        lines = [] if SENTENCES in path.stem else path.read_text("utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            if line.strip():
                one = parse(line, path, number)
                if prepare(CommentText(one.text)).language.read:
                    found.setdefault(one.text, set()).update(mark.theme for mark in one.marks)
    labels = [frozenset(themes) for themes in found.values()]
    themes = {
        theme.key: (theme.name, theme.definition)
        for theme in built_in_themes()
        if sum(theme.key in one for one in labels) >= FEWEST
    }
    title = "Waymark's written comments (its encoder knows these themes)"
    return Labelled(title, [CommentText(text) for text in found], labels, themes)


def quality(sets: Iterable[Labelled]) -> Iterator[str]:
    """A table of every way at five examples, and of ours at three and ten."""
    known = Known()
    yield "| comments | themes | examples each | way | precision | recall | F1 |"
    yield "|---|---|---|---|---|---|---|"
    for data in sets:
        search = Search(data, known)
        for size in SIZES:
            for way, means in search.measured(size, alone=size != 5).items():
                told = " | ".join(f"{figure:.2f}" for figure in means)
                yield f"| {data.title} | {len(data.themes)} | {size} | {way} | {told} |"


def soon(texts: Sequence[str]) -> Iterator[str]:
    """Seconds from saving a theme until a worker learned it and history shows it."""
    with tempfile.TemporaryDirectory() as home:
        url = f"sqlite:///{Path(home) / 'themes.db'}"
        given = {"DATABASE_URL": url, "SECRET_KEY": "b" * 40, "WAYMARK_HOME": home}
        engine = make_engine(url)
        migrate.upgrade(engine)
        bench = Bench(engine, make_services(load(given)))
        assert bench.reader.model  # a worker that is up has read comments before
        worker = Worker(bench)
        stop = start_inside(Clock(engine, bench.services.now))
        thread = threading.Thread(target=worker.run)
        thread.start()
        try:
            with Session(engine) as session:
                size = _fill(session, texts)
                began = _save(session)
                yield "| from saving a theme until | seconds |"
                yield "|---|---|"
                yield f"| it is learned | {_until(session, began, _learned):.1f} |"
                yield f"| its first mentions count | {_until(session, began, _mentioned):.1f} |"
                yield f"| the newest {RECENT} comments are read for it | {_until(session, began, _recent):.1f} |"  # noqa: E501
                yield f"| all {size:,} comments of its history are | {_until(session, began, _all):.1f} |"  # noqa: E501
        finally:
            worker.stop()
            thread.join()
            stop()
            engine.dispose()


def _fill(session: Session, texts: Sequence[str]) -> int:
    now = datetime.now(UTC)
    session.add(Workspace(id=1, name="shop", company="Shop", created_at=now))
    session.flush()
    rows = [
        {
            "workspace_id": 1,
            "attached_by": "import",
            "source": "import",
            "external_id": str(number),
            "text": text,
            "text_hash": text_hash(text),
            "occurred_at": now,
            "created_at": now,
            "read_state": "read",
            "read_at": now,
            "model": "before",
            "sentiment": "neutral",
            "sentiment_score": 0.0,
        }
        for number, text in enumerate(texts[:HISTORY])
    ]
    session.execute(insert(Comment), rows)
    session.commit()
    return len(rows)


def _save(session: Session) -> float:
    examples = (
        "We drove around for half an hour to find a parking space",
        "Parking costs more than the visit",
        "Plenty of room in the car park, lovely",
        "the ticket machine in the car park was broken",
        "nowhere to leave the car near the entrance",
    )
    began = time.monotonic()
    own.create(session, 1, "Parking", "finding and paying a parking space", examples,
               datetime.now(UTC))  # fmt: skip
    session.commit()
    return began


def _until(session: Session, began: float, done: Callable[[Session], bool]) -> float:
    while not done(session):
        session.rollback()
        time.sleep(0.1)
    session.rollback()
    return time.monotonic() - began


def _learned(session: Session) -> bool:
    return session.scalar(select(OwnThemeRow.state)) == "ready"


def _mentioned(session: Session) -> bool:
    return session.scalar(select(Mention.id).where(Mention.theme == "own_parking")) is not None


def _read(session: Session) -> int:
    return session.scalar(select(func.count()).where(Comment.model != "before")) or 0


def _recent(session: Session) -> bool:
    return _read(session) >= RECENT


def _all(session: Session) -> bool:
    return not session.scalar(select(func.count()).where(Comment.model == "before"))


def main() -> None:
    logs.configure()  # to standard error; the tables go to standard output
    folder = os.environ.get("WAYMARK_DATA")
    sets = [written()]
    if folder:
        sets = [
            tested("a bank's requests", bank(Path(folder)), EVERY, lambda k: k.replace("_", " ")),
            tested("a patient survey", patients(Path(folder)), 1, lambda label: label),
        ]
    print("\n".join(quality(sets)), flush=True)
    print()
    print("\n".join(soon([text.text for text in written().texts])))


if __name__ == "__main__":
    main()
