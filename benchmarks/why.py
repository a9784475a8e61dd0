"""What it costs to say why: milliseconds a mention, for comments of one clause and of many.

Ours: the words behind theme and sentiment of every mention of a comment, together (nlp.why). The
peer: one explanation over the whole comment for each of those decisions (nlp.explain). Short ones
are Waymark's own seed comments; long ones are six of them, one after the other. Milliseconds are
of CPU time, all threads together, which hardly change with what else the machine does; on idle
cores nobody waits longer than that.

    python -m benchmarks.why [--comments N]
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nlp.artefact import SHIPPED, encoder_model, read_artefact
from nlp.encoder import EncoderInfo, onnx_encoder
from nlp.explain import explain
from nlp.heads import Head
from nlp.occlusion import Decision
from nlp.prepare import prepare
from nlp.reader import Reader
from nlp.reading import CommentText, Reading
from nlp.training.tables import HERE

TOGETHER = 6


@dataclass(frozen=True)
class Timed:
    """Comments explained: CPU seconds of each, and how many mentions each has."""

    seconds: Sequence[float]
    mentions: Sequence[int]

    @property
    def a_mention(self) -> float:
        """Milliseconds a mention, over all comments."""
        return 1000 * sum(self.seconds) / sum(self.mentions)

    def a_comment(self, share: float) -> float:
        """Milliseconds that this share of the comments does not exceed."""
        return 1000 * sorted(self.seconds)[int(share * (len(self.seconds) - 1))]


def seeds() -> list[str]:
    """Waymark's own comments, in a mixed order."""
    with (HERE / "seed_comments.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    return [texts[(place * 389) % len(texts)] for place in range(len(texts))]


def short(texts: Sequence[str], number: int) -> list[CommentText]:
    """Comments of one clause."""
    found = (CommentText(text) for text in texts if len(prepare(CommentText(text)).spans) == 1)
    return [comment for _, comment in zip(range(number), found, strict=False)]


def long(texts: Sequence[str], number: int) -> list[CommentText]:
    """Comments of many clauses."""
    groups = (texts[place : place + TOGETHER] for place in range(0, TOGETHER * number, TOGETHER))
    return [CommentText(". ".join(group)) for group in groups]


def timed(
    comments: Sequence[CommentText],
    readings: Sequence[Reading],
    work: Callable[[CommentText, Reading], object],
) -> Timed:
    """Explain each comment that has a mention by itself, as the worker does."""
    seconds, mentions = [], []
    for comment, reading in zip(comments, readings, strict=True):
        if reading.mentions:
            start = time.process_time()
            work(comment, reading)
            seconds.append(time.process_time() - start)
            mentions.append(len(reading.mentions))
    return Timed(seconds, mentions)


def each_alone(heads: dict[str, Head]) -> Callable[[CommentText, Reading], object]:
    """The peer: a whole explanation for each decision."""
    artefact = read_artefact(SHIPPED)
    info = EncoderInfo(artefact.weights, artefact.width)
    encoder = onnx_encoder(SHIPPED, encoder_model(SHIPPED, artefact), info)

    def work(comment: CommentText, reading: Reading) -> None:
        for one in reading.mentions:
            for name, label in (("themes", one.theme), ("sentiment", one.sentiment)):
                explain(comment, Decision(heads[name], label, (one.start, one.end)), encoder)

    return work


def main() -> None:
    """Time both and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--comments", type=int, default=60)
    number = parser.parse_args().comments
    reader, texts = Reader.load(), seeds()
    explainer, alone = reader.explainer(), each_alone(read_artefact(SHIPPED).heads)
    print("| comments | mentions | ours, ms a mention | ms a comment, median | 95% within ", end="")
    print("| each alone, ms a mention | reading, ms a comment |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, comments, few in (
        ("of one clause", short(texts, number), 1),
        (f"of {TOGETHER} comments in one", long(texts, number // 2), 5),
    ):
        start = time.process_time()
        readings = [reading for comment in comments for reading in reader.read([comment])]
        read = 1000 * (time.process_time() - start) / len(comments)
        ours = timed(comments, readings, lambda c, r: explainer.mentions(c, r.mentions))
        peer = timed(comments[::few], readings[::few], alone)
        print(f"| {len(ours.seconds)} {name} | {sum(ours.mentions)} ", end="")
        print(f"| {ours.a_mention:.0f} | {ours.a_comment(0.5):.0f} ", end="")
        print(f"| {ours.a_comment(0.95):.0f} | {peer.a_mention:.0f} | {read:.1f} |")


if __name__ == "__main__":
    main()
