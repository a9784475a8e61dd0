"""How the cost of a full reading grows with the number of comments and with their length.

    python -m benchmarks.growth [--most N]

Comments are Waymark's own, joined to the length wanted and numbered so that no two are equal. A
slope of 1 on the logarithms of both is linear; less is better than linear. CPU seconds of all
threads, the least of three, so that whatever else runs on the machine counts little.
"""

from __future__ import annotations

import argparse
import csv
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice

import numpy as np

from nlp.reader import Reader
from nlp.reading import CommentText
from nlp.training.tables import HERE

WORDS = 19
"""Words of a usual comment."""
LENGTHS = (10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120)
WORDS_IN_ALL = 10_240
"""Of each length so many comments that they have this many words together."""
TIMES = 3


def words() -> Iterator[str]:
    """The words of our own comments, one after the other, for ever."""
    with (HERE / "seed_comments.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    return cycle([word for text in texts for word in text.split()])


def of_length(length: int, number: int) -> list[CommentText]:
    """So many different comments of so many words."""
    source = words()
    return [CommentText(" ".join([*islice(source, length - 1), str(i)])) for i in range(number)]


def cost(work: Callable[[], object]) -> float:
    """CPU seconds of all threads, the least of some."""
    found = []
    for _ in range(TIMES):
        gc.collect()
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def slope(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The exponent of growth: least squares on the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def table(kind: str, sizes: Sequence[int], seconds: Sequence[float], each: str) -> None:
    """One Markdown table with the exponent below."""
    print(f"| {kind} | CPU seconds | {each} |\n|---:|---:|---:|")
    for size, second in zip(sizes, seconds, strict=True):
        per = second / size if kind == "comments" else second / WORDS_IN_ALL
        print(f"| {size:,} | {second:.2f} | {1000 * per:.2f} ms |")
    print()


def main() -> None:
    """Measure both ways of growing and print them as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=int, default=8000, help="comments of the largest batch")
    most = parser.parse_args().most
    reader = Reader.load()
    reader.read([CommentText("warm up")])
    numbers = [most // 8, most // 4, most // 2, most]
    print(f"{WORDS} words a comment:\n")
    texts = of_length(WORDS, most)
    seconds = [cost(lambda n=n: reader.read(texts[:n])) for n in numbers]  # type: ignore[misc]
    table("comments", numbers, seconds, "a comment")
    print(f"By their number: exponent {slope(numbers, seconds):.2f}.\n")
    print(f"{WORDS_IN_ALL:,} words in all, in comments of different length:\n")
    many = [of_length(length, WORDS_IN_ALL // length) for length in LENGTHS]
    seconds = [cost(lambda part=part: reader.read(part)) for part in many]  # type: ignore[misc]
    alone = [
        second * length / WORDS_IN_ALL for second, length in zip(seconds, LENGTHS, strict=True)
    ]
    table("words", LENGTHS, seconds, "a word")
    print(f"A comment by its words: exponent {slope(LENGTHS, alone):.2f}.")


if __name__ == "__main__":
    main()
