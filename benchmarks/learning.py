"""What learning from corrections gives: an analyst simulated, then comments nobody showed it.

The analyst looks at comments in random order and puts right what differs from people's labels,
until N are corrected; what is right stays unsaid. Then heads are learned as `waymark learn` does,
and read comments of other people. The patient survey's own train respondents taught the shipped
model already; the other parts it never saw, and there each half teaches for the other.

    WAYMARK_DATA=FOLDER python -m benchmarks.learning [--seed N]

Without the folder it says so and prints nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from nlp.adapting.adapt import Adapted, adapted
from nlp.adapting.compare import Figure, compared
from nlp.adapting.lesson import FEELING, Lesson, Seen, seen
from nlp.adapting.read import Found, found
from nlp.adapting.stored import to_json
from nlp.heads import Head
from nlp.labels import SENTIMENTS
from nlp.reader import Reader
from nlp.reading import CommentText
from nlp.training.example import Example
from nlp.training.folder import folder_examples

OTHERS = 400
ASKED = (50, 200, 1000)
WORKSPACES = 16


@dataclass
class Known:
    """Examples encoded once, as people left them; `themes` where they are labelled."""

    reader: Reader
    themes: bool = True
    made: dict[int, Seen] = field(default_factory=dict)

    def seen(self, numbered: Iterable[tuple[int, Example]]) -> list[Seen]:
        wanted = [(key, one) for key, one in numbered if key not in self.made]
        encoder, heads = self.reader.parts()
        plain = [(key, CommentText(one.text, one.question or None)) for key, one in wanted]
        _, others = seen([], plain, encoder)
        labelled = dict(wanted)
        for one in others:
            told = lesson(one, labelled[one.key], heads, self.themes)
            self.made[one.key] = Seen(one.key, one.vectors, one.spans, told)
        return [self.made[key] for key, _ in numbered if key in self.made]


def lesson(one: Seen, example: Example, heads: Mapping[str, Head], themes: bool) -> Lesson:
    """People's labels as corrections; of a set of which any theme counts, the likeliest."""
    read = found(heads, one.vectors)
    felt, spoken = read.sentiment, read.themes
    if example.sentiment is not None:
        felt = SENTIMENTS[int(np.argmax(example.sentiment))]
    if themes and example.themes is not None:
        sets = [named & read.themes or named for named in example.themes]
        spoken = frozenset(
            theme
            for named in sets
            for theme in (named if named <= read.themes else {max(named, key=read.chances.get)})  # type: ignore[arg-type]
        )
    said = read.themes ^ spoken | ({FEELING} if felt != read.sentiment else frozenset())
    text = CommentText(example.text, example.question or None)
    return Lesson(one.key, text, felt, spoken, read.urgent, frozenset(said))


@dataclass(frozen=True)
class Trial:
    """What came of N corrections: figures on comments of others, and what the page would say."""

    corrected: int
    looked: int
    after: list[Figure]
    page: list[Figure]
    seconds: float
    size: int


def trial(known: Known, teach: Sequence[int], examples: Sequence[Example], many: int) -> tuple:  # type: ignore[type-arg]
    """Lessons until so many are corrected, comments beside them, and how many were looked at."""
    lessons: list[Seen] = []
    others: list[Seen] = []
    looked = 0
    for start in range(0, len(teach), 64):
        part = [(key, examples[key]) for key in teach[start : start + 64]]
        for one in known.seen(part):
            if len(lessons) < many:
                looked += 1
            if one.lesson is not None and one.lesson.said and len(lessons) < many:
                lessons.append(one)
            elif len(others) < OTHERS:
                others.append(Seen(one.key, one.vectors, one.spans))
        if len(lessons) == many and len(others) == OTHERS:
            break
    return lessons, others, looked


def learned(
    known: Known,
    pairs: Sequence[tuple[Sequence[int], Sequence[int]]],
    examples: Sequence[Example],
    many: int,
) -> Trial:
    """Learn from each part and read the other; the figures of all that was read together."""
    _, heads = known.reader.parts()
    checked: list[Seen] = []
    today: dict[int, Found] = {}
    new: dict[int, Found] = {}
    counts, page, seconds, size = [], [], 0.0, 0
    for teach, check in pairs:
        lessons, others, looked = trial(known, teach, examples, many)
        start = time.perf_counter()
        result: Adapted = adapted(lessons, others, heads)
        seconds = max(seconds, time.perf_counter() - start)
        size = max(size, len(json.dumps(to_json(result.heads, result.moved))))
        before = {one.key: found(heads, one.vectors) for one in (*lessons, *others)}
        page += compared(lessons, others, before, result.held_out, result.share, ())
        counts.append((len(lessons), looked))
        part = known.seen([(key, examples[key]) for key in check])
        checked += part
        today |= {one.key: found(heads, one.vectors) for one in part}
        new |= {one.key: found({**heads, **result.heads}, one.vectors) for one in part}
    corrected, looked = (round(sum(pair[k] for pair in counts) / len(counts)) for k in (0, 1))
    return Trial(corrected, looked, compared(checked, [], today, new, {}, ()), page, seconds, size)


def shown(figure: Figure) -> str:
    """Today, after, and the difference with its interval, in points."""
    moved = 100 * (figure.new - figure.today)
    told = "same" if figure.differ == 0 else f"{moved:+.1f}"
    if figure.low is not None and figure.high is not None:
        told += f" ({100 * figure.low:+.1f} to {100 * figure.high:+.1f})"
    return f"{100 * figure.today:.1f} → {100 * figure.new:.1f}, {told}"


def line(name: str, what: str, result: Trial) -> str:
    [after] = [one for one in result.after if one.what == what and not one.all]
    said = [one.verdict for one in result.page if one.what == what and one.all]
    count = f"{result.corrected:,} of {result.looked:,}"
    return f"| {name} | {what} | {count} | {shown(after)} | {', '.join(said)} |"


def halves(numbers: Sequence[int], seed: int) -> list[tuple[list[int], list[int]]]:
    """Two halves, each to teach for the other."""
    mixed = [int(key) for key in np.random.default_rng(seed).permutation(numbers)]
    half = len(mixed) // 2
    return [(mixed[:half], mixed[half:]), (mixed[half:], mixed[:half])]


def several(reader: Reader, texts: Sequence[CommentText]) -> tuple[float, float]:
    """Seconds to read comments for one workspace, and for many with heads of their own."""
    _, heads = reader.parts()
    readers = [reader.with_heads(f"w{i}", dict(heads)) for i in range(WORKSPACES)]
    reader.read(texts[:64])
    start = time.perf_counter()
    reader.read(texts)
    alone = time.perf_counter() - start
    start = time.perf_counter()
    for i, one in enumerate(readers):
        one.read(texts[i::WORKSPACES])
    return alone, time.perf_counter() - start


def main() -> None:
    """Run every part and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("WAYMARK_DATA"))
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.data is None:
        print("Not run: the labelled comments are not there (WAYMARK_DATA).")
        return
    examples = folder_examples(Path(given.data))
    reader = Reader.load()

    def of(source: str, part: str) -> list[int]:
        chosen = (i for i, e in enumerate(examples) if (e.source, e.part) == (source, part))
        labelled = (i for i in chosen if examples[i].sentiment or examples[i].themes is not None)
        return [int(key) for key in np.random.default_rng(given.seed).permutation([*labelled])]

    survey = of("patient_survey", "test")
    parts = (
        ("survey, respondents it learned from", ("sentiment", "themes"), True,
         [(of("patient_survey", "train"), survey)], ASKED),
        ("survey, new respondents", ("sentiment", "themes"), True,
         halves(survey, given.seed), ASKED[:2]),
        ("restaurant reviews", ("themes",), True, halves(of("restaurant_aspects", "test"),
         given.seed), (50, 100)),
        ("tweets", ("sentiment",), False, halves(of("tweets", "test"), given.seed), (50, 100)),
    )  # fmt: skip
    print("| comments | what | corrected of looked at | today → after, points | the page says |")
    print("|---|---|---:|---|---|")
    seconds, size = 0.0, 0
    with threadpool_limits(1):
        for name, whats, themes, pairs, asked in parts:
            known = Known(reader, themes)
            for many in asked:
                result = learned(known, pairs, examples, many)
                seconds, size = max(seconds, result.seconds), max(size, result.size)
                for what in whats:
                    print(line(name, what, result), flush=True)
    texts = [CommentText(examples[i].text, examples[i].question or None) for i in survey[:512]]
    alone, many_heads = several(reader, texts)
    print(f"\nLearning took {seconds:.0f} s at most, its heads {size / 1024:.0f} KB at most. 512")
    print(f"comments of one workspace were read in {alone:.1f} s, of {WORKSPACES} workspaces with")
    print(f"heads of their own in {many_heads:.1f} s.")


if __name__ == "__main__":
    main()
