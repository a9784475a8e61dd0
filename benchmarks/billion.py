"""A day with 100 million events and 10 million invitations, simulated over N workers.

A discrete simulation in slots of ten seconds: events arrive by the hour of the day in three
zones; a tenth of them lead to an invitation after a delay, held back by the quiet hours of the
customer's zone. Workers and web processes, a core each, take events, replies and receipts in,
decide, send at the senders' pace, score, and read comments with what time is left. Each step costs
CPU of theirs and of the database's, as measured (COSTS). Workers die at random, and what one held
is taken over when its claim has run out. What is due first is done first. An invitation's lateness
is the time from when it was due until its message was handed over.

    python -m benchmarks.billion [--seed 1] [--chart docs/pictures/billion.svg]

No database and no network: pure functions over arrays, some seconds for all of it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.billion_day import simulate
from benchmarks.billion_plan import SLOT, Outcome, Plan, day_of

WORKERS = (1, 2, 4, 8, 16, 32, 64)
TIMES = (1, 10)


def in_words(seconds: float) -> str:
    """A time that people read: 4 s, 12 min, 3.5 h."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _told(plan: Plan, outcome: Outcome) -> str:
    unsent = f"{outcome.unsent / 1e6:.1f} million" if outcome.unsent >= 1e5 else "0"
    late = " | ".join(map(in_words, (outcome.median, outcome.p99, outcome.last)))
    return f"{late} | {unsent} | {outcome.hands:.1f} | {outcome.database:.1f}"


HEAD = "median late | p99 | last | not sent in two days | cores of workers | cores of PostgreSQL"


def main() -> None:
    """Print the tables; with --chart write the picture's specification (Vega-Lite)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--chart", type=Path)
    given = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for times in TIMES:
        print(f"\n{times * 100:,} million events, {times * 10:,} million invitations:\n")
        print(f"| workers | {HEAD} |\n|{'---|' * 7}")
        for workers in WORKERS:
            plan = day_of(times, workers=workers)
            outcome = simulate(plan, given.seed)
            print(f"| {workers} | {_told(plan, outcome)} |", flush=True)
            rows.append({"day": f"{times * 100:,} million", "workers": workers, "s": outcome.p99})
    _print_databases(given.seed)
    if given.chart:
        given.chart.write_text(json.dumps(chart(rows)))


def _print_databases(seed: int) -> None:
    print("\nThe larger day, its workspaces shared out over several databases:\n")
    print(f"| databases | workers | {HEAD} |\n|{'---|' * 8}")
    for databases, workers in ((1, 64), (2, 64), (1, 128), (2, 128)):
        plan = day_of(TIMES[-1], workers=workers, databases=databases)
        told = _told(plan, simulate(plan, seed))
        print(f"| {databases} | {workers} | {told} |", flush=True)


def chart(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Lateness by workers as a Vega-Lite specification, both on scales of ratios."""
    points = [{**row, "s": max(row["s"], SLOT)} for row in rows]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        **{"width": 560, "height": 260, "background": "white"},
        "data": {"values": points},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {
                "field": "workers",
                "type": "quantitative",
                "scale": {"type": "log", "base": 2},
                "axis": {"title": "workers (a core each)", "values": list(WORKERS)},
            },
            "y": {
                "field": "s",
                "type": "quantitative",
                "scale": {"type": "log"},
                "axis": {"title": "99 of 100 were not later than, seconds"},
            },
            "color": {"field": "day", "type": "nominal", "title": "events a day"},
        },
    }


if __name__ == "__main__":
    main()
