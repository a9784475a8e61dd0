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


def said_by_people(data: Path) -> tuple[Counts, Counts]:
    """Negative comments by theme as people labelled them: of everybody, of who was held out.

    A label that our map gives several themes is shared out evenly.
    """
    with (data / "theme_map.csv").open() as file:
        mapped = {
            row["label"]: row["theme"].split("|")
            for row in csv.DictReader(file)
            if row["dataset"] == "patient_survey"
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


def read_by_us(database: str) -> tuple[int, Counts, Counts]:
    """Comments read, and those with a negative mention by theme: of everybody, of the held-out."""
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
        n = session.scalar(select(func.count(Comment.id))) or 0
        for theme, _, respondent in session.execute(pairs):
            everybody[theme] += 1
            held_out[theme] += not bucket(respondent, FOLDS)
    return n, everybody, held_out


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
    n, ours, ours_held = read_by_us(database)
    people, people_held = said_by_people(data)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print("| step | seconds | comments/s | peak memory |\n|---|---|---|---|")
    rate = n / seconds[0]
    step = f"import and understand {n:,} comments"
    print(f"| {step} | {seconds[0]:.0f} | {rate:.0f} | {peak:.0f} MB |")
    print(f"| report | {seconds[1]:.1f} | | |\n")
    rho, shared = agreement(people, ours)
    rho_held, shared_held = agreement(people_held, ours_held)
    print("Themes by negative comments, ours against people's labels (the model learnt from four")
    print("in five of these respondents; the last figures are of the fifth it never saw):\n")
    print(
        f"Spearman {rho:.2f}, {shared} of the top ten the same; "
        f"held out {rho_held:.2f}, {shared_held} of ten.\n"
    )
    print("| | people's labels | n | our reading | n |\n|---|---|---|---|---|")
    themes = sorted(people)
    pairs = zip(_ranked(people, themes), _ranked(ours, themes), strict=True)
    for rank, ((theirs, a), (mine, b)) in enumerate(pairs, start=1):
        print(f"| {rank} | {theirs} | {a:.0f} | {mine} | {b:.0f} |")


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
