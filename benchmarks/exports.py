"""Export of the responses of one workspace: seconds and memory by the number of rows.

    python -m benchmarks.exports [--most 1000000] [--formats csv xlsx]

The rows are written in bulk into SQLite: each response has a score, and words in seven of ten.
Each export is `waymark export` in a process of its own; its memory is that process's peak. CPU
seconds count user and system time, so that what else runs on the machine matters little.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from feedback import workspaces
from feedback.configuration.apply import apply_text
from models import migrate
from models.engine import make_engine

ROOT = Path(__file__).parents[1]
SIZES = (10_000, 100_000, 1_000_000)
FORMATS = ("csv", "xlsx", "parquet")
CONFIGURATION = """
journeys: [{key: shop, name: Shop, stages: [{key: buy, name: Buying, touchpoints: [
  {key: till, name: The till, events: [paid]}]}]}]
surveys: [{key: ask, name: Ask, questions: [
  {key: score, type: nps, text: How likely is it},
  {key: why, type: text, text: Why}], thanks: Thank you}]
"""
WORDS = (
    "The queue at the till was long and only one of the four was open, but the person who served "
    "me was kind and quick"
)
NUMBERS = (
    "WITH RECURSIVE n(i) AS (SELECT :begin UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :until)"
)
STATEMENTS = (
    """INSERT INTO customers (id, workspace_id, external_id, attributes, is_test, created_at,
    updated_at) {n} SELECT i, 1, 'c-' || i, '{{}}', 0, :at, :at FROM n WHERE i % 2 = 1""",
    """INSERT INTO responses (id, workspace_id, customer_id, survey_id, version_id, touchpoint_id,
    channel, language, source, external_id, status, state, occurred_at, started_at, updated_at,
    completed_at) {n} SELECT i, 1, i - 1 + i % 2, 1, 1, 1, 'web', 'en', 'bench', 'r' || i,
    'completed', '{{}}', :at, :at, :at, :at FROM n""",
    """INSERT INTO answers (workspace_id, response_id, question, type, value, channel, answered_at,
    scored_at) {n} SELECT 1, i, 'score', 'nps', json_object('value', i % 11), 'web', :at, :at
    FROM n""",
    """INSERT INTO answers (workspace_id, response_id, question, type, value, channel, answered_at,
    scored_at) {n} SELECT 1, i, 'why', 'text', json_object('value', :words || ' ' || i), 'web',
    :at, :at FROM n WHERE i % 10 < 7""",
)


@dataclass(frozen=True)
class Run:
    """What one export took."""

    wall: float
    cpu: float
    peak_mb: float
    size_mb: float


def fill(url: str, begin: int, until: int) -> None:
    """Add the responses with these ids."""
    engine = make_engine(url)
    values = {"begin": begin, "until": until, "at": "2026-06-01 09:00:00.000000", "words": WORDS}
    with engine.begin() as connection:
        for statement in STATEMENTS:
            connection.execute(text(statement.format(n=NUMBERS)), values)
    engine.dispose()


def prepare(url: str) -> None:
    """A workspace with a journey and a survey."""
    engine, now = make_engine(url), datetime.now(UTC)
    migrate.upgrade(engine)
    with Session(engine) as session:
        workspace = workspaces.create(session, "bench", now)
        session.flush()
        apply_text(session, workspace, CONFIGURATION, now)
        session.commit()
    engine.dispose()


def export(home: str, format_: str) -> Run:
    """One `waymark export` in a process of its own."""
    out = Path(home) / f"out.{format_}"
    command = [sys.executable, "-m", "feedback", "export", "responses", "--workspace", "bench"]
    began = time.perf_counter()
    environment = {**os.environ, "WAYMARK_HOME": home}
    environment.pop("DATABASE_URL", None)
    quiet = [(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawn(
        sys.executable, [*command, "--out", str(out)], environment, file_actions=quiet
    )
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"the export as {format_} failed with {status}")
    wall, cpu = time.perf_counter() - began, usage.ru_utime + usage.ru_stime
    return Run(wall, cpu, usage.ru_maxrss / 1024, out.stat().st_size / 1e6)


def slope(sizes: list[int], seconds: list[float]) -> float:
    """The exponent of growth: least squares on the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def main() -> None:
    """Fill, export, fill on; print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=int, default=SIZES[-1], help="responses of the last size")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=FORMATS)
    asked = parser.parse_args()
    sizes = [size for size in SIZES if size <= asked.most]
    found: dict[str, list[Run]] = {format_: [] for format_ in asked.formats}
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as home:
        url = f"sqlite:///{home}/waymark.db"
        prepare(url)
        nothing = export(home, "csv")
        for begin, until in zip((0, *sizes), sizes, strict=False):
            fill(url, begin + 1, until + 1)
            for format_, runs in found.items():
                runs.append(export(home, format_))
                print(f"{until:,} {format_}: {runs[-1]}", file=sys.stderr)
    print("| responses | format | CPU seconds | seconds | peak memory | file |")
    print("|---:|---|---:|---:|---:|---:|")
    print(f"| 0 | csv | {nothing.cpu:.1f} | {nothing.wall:.1f} | {nothing.peak_mb:.0f} MB | 0 MB |")
    for place, size in enumerate(sizes):
        for format_, runs in found.items():
            run = runs[place]
            print(
                f"| {size:,} | {format_} | {run.cpu:.1f} | {run.wall:.1f} | {run.peak_mb:.0f} MB "
                f"| {run.size_mb:.1f} MB |"
            )
    if len(sizes) > 1:
        slopes = (
            f"{format_} {slope(sizes, [run.cpu - nothing.cpu for run in runs]):.2f}"
            for format_, runs in found.items()
        )
        print(f"\nGrowth of the CPU seconds above those of no rows, exponent: {', '.join(slopes)}.")


if __name__ == "__main__":
    main()
