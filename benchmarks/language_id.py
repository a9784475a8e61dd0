"""Which language a comment is in: how often rightly, by its length, and at what cost.

    python -m benchmarks.language_id [--data FOLDER]

Of comments written for Waymark (six languages), of short replies, of lines in twelve other
languages, and, with FOLDER's sentiment_languages.csv, of the tweets of its test parts, without
names, addresses and links. Beside it py3langid alone, made to choose among the same languages.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from nlp.language import CODES, identify
from nlp.reading import SIX, UNDETERMINED
from nlp.text import clean
from nlp.training.written_files import written_examples

Told = tuple[str, str]
"""A language's code and a text in it."""

TESTS = Path(__file__).parents[1] / "tests" / "nlp" / "data"
NAMES = {
    "english": "en",
    "spanish": "es",
    "french": "fr",
    "german": "de",
    "italian": "it",
    "portuguese": "pt",
}
_NOISE = re.compile(r"https?\S*|www\.\S+|@\w+")
LENGTHS = (("1 to 3", 1, 3), ("4 to 8", 4, 8), ("9 or more", 9, 1 << 30))


def tweets(folder: Path) -> list[Told]:
    """The test parts' tweets as somebody would write a comment."""
    path = folder / "sentiment_languages.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "test"]
    told = [(NAMES[row["language"]], clean(_NOISE.sub(" ", row["text"])).text) for row in rows]
    return [(code, text) for code, text in told if any(map(str.isalpha, text))]


def written() -> list[Told]:
    """Whole comments written for Waymark; of English, of which there are most, every sixteenth."""
    found: list[Told] = []
    for code in SIX:
        whole = [e.text for e in written_examples(code) if e.source == "written" and not e.span]
        found.extend((code, text) for text in whole[:: 16 if code == "en" else 1])
    return found


def lines(name: str) -> list[Told]:
    """A file of our own: a code, a tab, a text."""
    rows = (TESTS / name).read_text("utf-8").splitlines()
    return [(code, text) for code, text in (row.split("\t") for row in rows)]


def alone() -> Callable[[str], str]:
    """py3langid as it comes, among the same languages."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(CODES))
    return lambda text: str(identifier.classify(text)[0])


def share(told: Sequence[Told], named: Sequence[str]) -> str:
    """How many were named rightly."""
    right = sum(code == name for (code, _), name in zip(told, named, strict=True))
    return f"{right / len(told):.3f}" if told else "n/a"


def f1(told: Sequence[Told], named: Sequence[str], code: str) -> str:
    """The F1 of one language; nothing claimed counts as missed."""
    pairs = [(of, name) for (of, _), name in zip(told, named, strict=True)]
    both = sum(of == code == name for of, name in pairs)
    either = sum(of == code for of, _ in pairs) + sum(name == code for _, name in pairs)
    return f"{2 * both / either:.3f}" if any(of == code for of, _ in pairs) else "n/a"


def by_length(title: str, told: Sequence[Told], ways: dict[str, Callable[[str], str]]) -> None:
    """A row a length and way: accuracy over all, then F1 of each language."""
    for words, least, most in LENGTHS:
        part = [(code, text) for code, text in told if least <= len(text.split()) <= most]
        for way, name in ways.items():
            named = [name(text) for _, text in part]
            scores = [share(part, named), *(f1(part, named, code) for code in SIX)]
            print(f"| {title} | {words} | {len(part):,} | {way} | {' | '.join(scores)} |")


def others(told: Sequence[Told]) -> None:
    """How lines of other languages are taken."""
    found = [identify(text).code for _, text in told]
    taken = sum(code in SIX for code in found)
    right = sum(code == one for (code, _), one in zip(told, found, strict=True))
    kinds = len({code for code, _ in told})
    print(
        f"\n{len(told)} lines in {kinds} other languages: {right} named rightly, "
        f"{found.count(UNDETERMINED)} not named, {taken} taken for one of the six."
    )


def replies(told: Sequence[Told]) -> None:
    """Replies of one to three words, without and with the survey's language."""
    named = [identify(text).code for _, text in told]
    claimed = len(named) - named.count(UNDETERMINED)
    right = sum(code == name for (code, _), name in zip(told, named, strict=True))
    helped = [identify(text, expected=code).code for code, text in told]
    print(
        f"\n{len(told)} replies of one to three words: {claimed} named, {right} of them rightly; "
        f"with the survey's language known, {share(told, helped)} of all are named rightly."
    )


def cost(told: Sequence[Told]) -> None:
    """Milliseconds a text of this process's time."""
    start = time.process_time()
    for _, text in told:
        identify(text)
    each = 1000 * (time.process_time() - start) / len(told)
    size = sum(len(text) for _, text in told) / len(told)
    print(f"\n{each:.3f} ms a text ({size:.0f} characters on average).")


def main() -> None:
    """Measure all and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("WAYMARK_DATA"))
    arguments = parser.parse_args()
    ways = {
        "named": lambda text: identify(text).code,
        "likeliest": lambda text: identify(text).likeliest,
        "py3langid alone": alone(),
    }
    print("| texts | words | n | | right | " + " | ".join(SIX) + " |")
    print("|---|---|---:|---|---:|" + "---:|" * len(SIX))
    ours = written()
    by_length("written comments", ours, ways)
    if arguments.data:
        by_length("tweets", tweets(arguments.data), ways)
    replies(lines("short_replies.tsv"))
    others(lines("other_languages.tsv"))
    cost(ours)


if __name__ == "__main__":
    main()
