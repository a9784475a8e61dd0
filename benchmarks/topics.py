"""Emerging topics of a real survey: what a run costs, what it finds, and what it would find.

    python -m benchmarks.topics --data FOLDER      (or WAYMARK_DATA names the folder)

For the last, a theme is hidden: its mentions are taken for none, so that what it covered is left
to the topics, and we count how many of the comments come back together, and how purely.
`--home FOLDER` takes a home into which the survey was imported and read before.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from benchmarks.history import ROOT, timed
from feedback import logs
from feedback.topics import runs
from feedback.topics.compute import compute_waiting
from feedback.topics.out import name_of
from feedback.topics.periods import Span, read_key
from models import tables
from models.engine import make_engine
from models.reading import Comment, Mention
from models.topic import Topic, TopicComment, TopicRun
from models.workspace import Workspace
from nlp.reader import Reader

PERIOD = "2022-Q3"
HIDDEN = 8
assert tables.ALL


def found(environment: dict[str, str]) -> tuple[dict[str, Any], float, float]:
    """What `waymark topics` prints as JSON, its seconds, and its peak memory in MB."""
    command = [sys.executable, "-m", "feedback", "topics", "--workspace", "nhs", "--run", "--json"]
    asked = [*command, "--period", PERIOD]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    began = time.perf_counter()
    done = subprocess.run(
        asked, env=environment, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return json.loads(done.stdout), took, max(peak, before) / 1024


def speaking(session: Session, span: Span) -> dict[str, set[int]]:
    """The comments of both periods that speak of each theme, the commonest first."""
    query = (
        select(Mention.theme, Mention.comment_id)
        .join(Comment, Comment.id == Mention.comment_id)
        .where(Comment.occurred_at >= span.before, Comment.occurred_at < span.end)
        .where(Mention.theme != "general")
    )
    every: dict[str, set[int]] = {}
    for theme, comment in session.execute(query):
        every.setdefault(theme, set()).add(comment)
    return dict(sorted(every.items(), key=lambda pair: -len(pair[1])))


def hide(session: Session, workspace: Workspace, span: Span, theme: str, reader: Reader) -> str:
    """A row of the table: what comes back of a theme that is taken for none."""
    every = speaking(session, span)
    alone = every[theme] - set().union(*(ids for key, ids in every.items() if key != theme))
    ids = list(session.scalars(select(Mention.id).where(Mention.theme == theme)))
    session.execute(update(Mention).where(Mention.theme == theme).values(theme="general"))
    run = runs.ask(session, workspace.id, span, datetime.now(UTC), origin="command")
    compute_waiting(session, lambda: reader, lambda: datetime.now(UTC), run.id)
    topics = members(session, run)
    for start in range(0, len(ids), 500):
        part = Mention.id.in_(ids[start : start + 500])
        session.execute(update(Mention).where(part).values(theme=theme))
    session.execute(delete(TopicRun).where(TopicRun.id == run.id))
    session.commit()
    own = [(name, ids) for name, ids in topics if len(ids & alone) > len(ids) / 2]
    back = len(set().union(*(ids for _, ids in own)) & alone)
    pure = sum(len(ids & alone) for _, ids in own) / max(1, sum(len(ids) for _, ids in own))
    names = "; ".join(name for name, _ in own) or "none"
    purity = f"{100 * pure:.0f}%" if own else ""
    share = 100 * back / max(1, len(alone))
    return f"| {theme} | {len(alone)} | {back} ({share:.0f}%) | {purity} | {names} |"


def members(session: Session, run: TopicRun) -> list[tuple[str, set[int]]]:
    """The topics of a run: names and the comments that speak of each."""
    listed = []
    for topic in session.scalars(select(Topic).where(Topic.run_id == run.id)):
        mine = select(TopicComment.comment_id).where(TopicComment.topic_id == topic.id)
        listed.append((name_of(topic.words), set(session.scalars(mine))))
    return listed


def commonest(session: Session, span: Span) -> list[str]:
    """The themes that most comments of the two periods speak of and of nothing else."""
    every = speaking(session, span)
    many = Counter(comment for ids in every.values() for comment in ids)
    alone = {theme: sum(many[one] == 1 for one in ids) for theme, ids in every.items()}
    return sorted(alone, key=lambda theme: -alone[theme])[:HIDDEN]


def report(environment: dict[str, str], database: str) -> None:
    """Print the tables."""
    told, took, peak = found(environment)
    print("| comments | of no theme | say enough | topics | seconds | peak memory |")
    print("|---|---|---|---|---|---|")
    both = [f"{told[n]:,} and {told[n + '_before']:,}" for n in ("comments", "uncovered")]
    topics = told["topics"]
    print(
        f"| {both[0]} | {both[1]} | {told['total_rows']:,} | {len(topics)} | {took:.0f} |", end=""
    )
    print(f" {peak:.0f} MB |\n")
    print("| topic | comments now | before | trend |\n|---|---|---|---|")
    for one in topics:
        counts = f"{one['now']['comments']} | {one['before']['comments']}"
        print(f"| {one['name']} | {counts} | {one['trend']} |")
    print(
        "\n| hidden theme | comments of it alone | come back | purity | as |\n|---|---|---|---|---|"
    )
    reader = Reader.load()
    with Session(make_engine(database), expire_on_commit=False) as session:
        workspace = session.scalars(select(Workspace)).one()
        assert session.scalar(select(func.count(Comment.id)))
        span = read_key(PERIOD, UTC)
        for theme in commonest(session, span):
            print(hide(session, workspace, span, theme, reader), flush=True)


def main() -> None:
    """Import the survey into a home of its own, unless one is given, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    named = os.environ.get("WAYMARK_DATA", "data")
    parser.add_argument("--data", type=Path, default=Path(named))
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    logs.configure()
    with tempfile.TemporaryDirectory() as made:
        home = given.home or Path(made)
        environment = {**os.environ, "WAYMARK_HOME": str(home)}
        environment.pop("DATABASE_URL", None)
        if given.home is None:
            file = given.data / "patient_survey.csv"
            if not file.is_file():
                raise SystemExit(f"{file} is not there: name its folder with --data")
            mapping = ("--mapping", "examples/patient_survey.yaml", "--workspace", "nhs", "--wait")
            timed(environment, "import", str(file), *mapping)
        report(environment, f"sqlite:///{home}/waymark.db")


if __name__ == "__main__":
    main()
