"""How well a workspace's own theme is found from a few examples, by our way and by plain ones.

Each built-in theme in turn plays a new one: a few random comments of it are the examples, 600 other
comments the background, and the rest is searched. Comments are Waymark's own written ones, on
which the encoder was trained with these very themes; with --requests FILE (columns split, intent,
text) a bank's test requests, every third intent in turn; of these the encoder knows only our much
coarser themes.

    python -m benchmarks.custom_themes [--examples 5] [--requests FILE]
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression

from nlp.artefact import SHIPPED, encoder_model, read_artefact
from nlp.custom_themes import THRESHOLD, OwnTheme, fit
from nlp.damping import unit
from nlp.encoder import EncoderInfo, onnx_encoder
from nlp.prepare import prepare
from nlp.reading import CommentText
from nlp.theme_centre import cut_of
from nlp.themes import built_in_themes
from nlp.training.written_files import FOLDER, SENTENCES, parse
from nlp.windows import Passage

BACKGROUND = 600
EVERY = 3
"""Of the many intents, one in so many."""
Scores = Callable[[Any], Any]
Method = Callable[[Any, Any], Scores]


class Known:
    """The shipped encoder, each passage encoded once."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        artefact = read_artefact(SHIPPED)
        self.info = EncoderInfo(artefact.weights, artefact.width)
        self._encoder = onnx_encoder(SHIPPED, encoder_model(SHIPPED, artefact), self.info)
        self._known = dict(zip(passages, self._encoder.encode(passages), strict=True))

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


def discriminant(examples: Any, background: Any) -> Scores:
    rows = np.concatenate([examples, background])
    wanted = np.arange(len(rows)) < len(examples)
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.6, priors=[0.5, 0.5])
    model.fit(rows, wanted)
    return lambda given: model.decision_function(given)


PLAIN: dict[str, Method] = {
    "nearest centroid, cosine": nearest_centroid,
    "logistic regression, balanced, C 0.01": logistic,
    "shrunk discriminant": discriminant,
}


def found_plainly(method: Method, examples: Any, said: Any, background: Any, rest: Any) -> Any:
    """Which of the rest a plain way finds on whole comments, with our rule for the cut."""
    score = method(np.concatenate([examples, said]), background)
    left = []
    for i in range(len(examples)):
        others = np.concatenate([np.delete(examples, i, axis=0), said])
        left.append(method(others, background)(examples[i : i + 1])[0])
    return score(rest) >= cut_of(np.array(left), score(background), ())


def compared(
    own: OwnTheme, known: Known, texts: Sequence[str], examples: Any, background: Any, rest: Any
) -> dict[str, Any]:
    """Which of the rest each way finds."""
    vectors = known.encode([prepare(CommentText(text)).passage for text in texts])
    whole = np.stack([rows[0] for rows in vectors])
    said = known.encode([Passage(f"{own.name}: {own.sentence}")])[0][:1]
    sets = whole[examples], whole[background], whole[rest]
    found = {}
    for name, method in PLAIN.items():
        found[name] = found_plainly(method, sets[0], said[:0], *sets[1:])
        found[f"{name}, and the name"] = found_plainly(method, sets[0], said, *sets[1:])
    theme = fit(own, known, [vectors[i] for i in background])
    found["ours"] = np.array([theme.probabilities(vectors[i]).max() >= THRESHOLD for i in rest])
    return found


def figures(found: Any, wanted: Any) -> tuple[float, float, float]:
    right = float((found & wanted).sum())
    precision, recall = right / max(1, found.sum()), right / wanted.sum()
    return precision, recall, 2 * right / (found.sum() + wanted.sum())


def measured(
    texts: Sequence[str], labels: Sequence[set[str]], names: dict[str, tuple[str, str]], size: int
) -> str:
    """A Markdown table: means over the themes."""
    known = Known([prepare(CommentText(text)).passage for text in texts])
    results: dict[str, list[tuple[float, float, float]]] = {}
    for number, (key, (name, sentence)) in enumerate(names.items()):
        draw = np.random.default_rng(number)
        wanted = np.array([key in label for label in labels])
        examples = draw.choice(np.flatnonzero(wanted), size, replace=False)
        others = draw.permutation(np.setdiff1d(np.arange(len(texts)), examples))
        background, rest = others[:BACKGROUND], others[BACKGROUND:]
        own = OwnTheme(name, sentence, tuple(texts[i] for i in examples))
        for way, found in compared(own, known, texts, examples, background, rest).items():
            results.setdefault(way, []).append(figures(found, wanted[rest]))
    rows = [f"| {way} | " + " | ".join(f"{x:.2f}" for x in np.mean(all_, axis=0)) + " |"
            for way, all_ in results.items()]  # fmt: skip
    return "\n".join(["| way | precision | recall | F1 |", "|---|---|---|---|", *rows])


def written() -> tuple[list[str], list[set[str]]]:
    """Our own English comments and their themes."""
    found: dict[str, set[str]] = {}
    for path in sorted(FOLDER.glob("en*.txt")):
        lines = [] if SENTENCES in path.stem else path.read_text("utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            if line.strip():
                one = parse(line, path, number)
                if prepare(CommentText(one.text)).language.read:
                    found.setdefault(one.text, set()).update(mark.theme for mark in one.marks)
    return list(found), list(found.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=5)
    parser.add_argument("--requests", type=Path)
    given = parser.parse_args()
    themes = {theme.key: (theme.name, theme.definition) for theme in built_in_themes()}
    if given.requests is None:
        print(measured(*written(), themes, given.examples))
    else:
        with given.requests.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["split"] == "test"]
        rows = [row for row in rows if prepare(CommentText(row["text"])).language.read]
        chosen = sorted({row["intent"] for row in rows})[::EVERY]
        intents = {intent: (intent.replace("_", " "), "") for intent in chosen}
        texts, labels = [row["text"] for row in rows], [{row["intent"]} for row in rows]
        print(measured(texts, labels, intents, given.examples))


if __name__ == "__main__":
    main()
