"""A real history by the program's own commands: imported, understood, reported.

    python -m benchmarks.history --data FOLDER     (or WAYMARK_DATA names the folder)

Times `waymark import --wait` and `waymark report`, and holds our themes against people's labels.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from scipy.stats import spearmanr
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.customer import Customer
from models.engine import make_engine
from models.reading import Comment, Mention
from nlp.training.example import bucket

ROOT = Path(__file__).parents[1]
NEGATIVE_FROM = 4.0
FOLDS = 5
TOP = 10

Counts = dict[str, float]


def timed(environment: dict[str, str], *arguments: str) -> float:
    """Seconds that one `waymark` command takes."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "feedback", *arguments]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    return time.perf_counter() - began


def labels_of(data: Path) -> dict[str, list[str]]:
    """The themes that our map gives each label of the survey."""
    with (data / "theme_map.csv").open() as file:
        return {
            row["label"]: row["theme"].split("|")
            for row in csv.DictReader(file)
            if row["dataset"] == "patient_survey"
        }


def told_apart(mapped: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Theme to the name it is ranked under: themes that no label tells apart are ranked as one.

    The survey's one label for contact by telephone and in writing says nothing of either alone.
    """
    by_labels: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for theme in sorted({theme for themes in mapped.values() for theme in themes}):
        labels = tuple(label for label, themes in mapped.items() if theme in themes)
        by_labels[labels].append(theme)
    return {theme: " or ".join(themes) for themes in by_labels.values() for theme in themes}


def said_by_people(data: Path, names: Mapping[str, str]) -> tuple[Counts, Counts]:
    """Negative comments by theme as people labelled them: of everybody, of who was held out.

    A label that our map gives several themes is shared out evenly between their names.
    """
    mapped = {
        label: sorted({names[theme] for theme in themes})
        for label, themes in labels_of(data).items()
    }
    everybody: Counts = defaultdict(float)
    held_out: Counts = defaultdict(float)
    with (data / "patient_survey.csv").open() as file:
        for row in csv.DictReader(file):
            rating = row["sentiment_1_very_positive_5_very_negative"]
            if not rating or float(rating) < NEGATIVE_FROM:
                continue
            for label in row["themes"].split("|"):
                for theme in mapped.get(label, ()):
                    share = 1 / len(mapped[label])
                    everybody[theme] += share
                    if not bucket(row["respondent"], FOLDS):
                        held_out[theme] += share
    return everybody, held_out


def comments_read(database: str) -> int:
    """How many comments there are."""
    with Session(make_engine(database)) as session:
        return session.scalar(select(func.count(Comment.id))) or 0


def read_by_us(database: str, names: Mapping[str, str]) -> tuple[Counts, Counts]:
    """Comments with a negative mention by theme: of everybody, of the held-out."""
    everybody: Counts = defaultdict(float)
    held_out: Counts = defaultdict(float)
    pairs = (
        select(Mention.theme, Mention.comment_id, Customer.external_id)
        .join(Comment, Comment.id == Mention.comment_id)
        .join(Customer, Customer.id == Comment.customer_id)
        .where(Mention.sentiment == "negative")
        .distinct()
    )
    with Session(make_engine(database)) as session:
        found = session.execute(pairs).all()
    said = {(names.get(theme, theme), comment, who) for theme, comment, who in found}
    for theme, _, respondent in said:
        everybody[theme] += 1
        held_out[theme] += not bucket(respondent, FOLDS)
    return everybody, held_out


def agreement(people: Counts, ours: Counts) -> tuple[float, int]:
    """Spearman's rank correlation over the themes people could give, and the shared top ten."""
    themes = sorted(people)
    rho = spearmanr([people[t] for t in themes], [ours[t] for t in themes]).statistic
    best = [{theme for theme, _ in _ranked(counts, themes)} for counts in (people, ours)]
    return float(rho), len(best[0] & best[1])


def _ranked(counts: Counts, themes: list[str]) -> list[tuple[str, float]]:
    known = ((theme, float(counts[theme])) for theme in themes)
    return sorted(known, key=lambda pair: -pair[1])[:TOP]


def report(data: Path, seconds: tuple[float, float], database: str) -> None:
    """Print the tables."""
    n = comments_read(database)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print("| step | seconds | comments/s | peak memory |\n|---|---|---|---|")
    rate = n / seconds[0]
    step = f"import and understand {n:,} comments"
    print(f"| {step} | {seconds[0]:.0f} | {rate:.0f} | {peak:.0f} MB |")
    print(f"| report | {seconds[1]:.1f} | | |\n")
    print("Themes by negative comments, ours against people's labels (the model learnt from four")
    print("in five of these respondents; held out is the fifth it never saw):\n")
    print("| | themes | Spearman | of the top ten | held out | of the top ten |")
    print("|---|---|---|---|---|---|")
    joined = told_apart(labels_of(data))
    for words, names in (
        ("themes that no label tells apart as one", joined),
        ("each theme, such labels shared out evenly", {theme: theme for theme in joined}),
    ):
        people, people_held = said_by_people(data, names)
        ours, ours_held = read_by_us(database, names)
        rho, shared = agreement(people, ours)
        rho_held, shared_held = agreement(people_held, ours_held)
        figures = f"{rho:.2f} | {shared} | {rho_held:.2f} | {shared_held}"
        print(f"| {words} | {len(people)} | {figures} |")
    _show(said_by_people(data, joined)[0], read_by_us(database, joined)[0])


def _show(people: Counts, ours: Counts) -> None:
    print("\n| people's labels | n | rank | our reading, n | rank |\n|---|---|---|---|---|")
    mine = [
        theme for theme, _ in sorted(ours.items(), key=lambda pair: -pair[1]) if theme in people
    ]
    for rank, (theme, n) in enumerate(sorted(people.items(), key=lambda pair: -pair[1]), start=1):
        place = mine.index(theme) + 1 if theme in mine else "-"
        print(f"| {theme} | {n:.0f} | {rank} | {ours[theme]:.0f} | {place} |")


def main() -> None:
    """Run the commands in a home of their own and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    named = os.environ.get("WAYMARK_DATA", "data")
    parser.add_argument("--data", type=Path, default=Path(named))
    data = parser.parse_args().data
    if not (data / "patient_survey.csv").is_file():
        raise SystemExit(f"{data} holds no patient_survey.csv: name the folder with --data")
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "WAYMARK_HOME": home}
        environment.pop("DATABASE_URL", None)
        mapping = ("--mapping", "examples/patient_survey.yaml", "--workspace", "nhs", "--wait")
        took = timed(environment, "import", str(data / "patient_survey.csv"), *mapping)
        told = timed(environment, "report", "pain-points", "--workspace", "nhs", "--json")
        report(data, (took, told), f"sqlite:///{home}/waymark.db")


if __name__ == "__main__":
    main()
