"""Runs the benchmarks and rewrites their tables in docs/benchmarks.md.

`python -m benchmarks` runs all; `python -m benchmarks web_response events` only these. Each
benchmark is a module that prints Markdown; its section stands between two marks in the page.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
ALL = (
    "process",
    "web_response",
    "events",
    "intake",
    "sending",
    "eligibility",
    "faults",
    "failover",
    "turns",
    "inbound",
    "history",
    "topics",
    "custom_themes",
    "learning",
    "ranking",
    "understanding",
    "growth",
    "language_id",
    "why",
    "exports",
    "alerts",
    "coverage",
    "search",
    "report",
    "replies",
    "months",
    "step_costs",
    "billion",
)


def measured(name: str) -> str:
    """What one benchmark prints, with when and where it was measured."""
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    output = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    day = datetime.now(UTC).date().isoformat()
    where = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    return f"`python -m benchmarks {name}`, {day}, {where}:\n\n{output.stdout.strip()}"


def rewritten(page: str, name: str, text: str) -> str:
    """The page with one section replaced."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    section = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not section.search(page):
        raise SystemExit(f"docs/benchmarks.md has no section {begin} … {end}")
    return section.sub(lambda _: f"{begin}\n{text}\n{end}", page)


def main() -> None:
    """Run what was asked for, writing after each, so that one failure loses nothing."""
    for name in sys.argv[1:] or ALL:
        print(f"benchmark: {name}", file=sys.stderr)
        text = measured(name)
        PAGE.write_text(rewritten(PAGE.read_text(), name, text))


if __name__ == "__main__":
    main()
