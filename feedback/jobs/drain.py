"""Do all that is owed, here and now, without a clock: for imports that wait, and for tests."""

from __future__ import annotations

from collections.abc import Callable

from feedback.jobs import due
from feedback.jobs.bench import Bench
from feedback.jobs.work import JOBS

Progress = Callable[[str, int], None]


def drain(
    bench: Bench,
    kinds: tuple[str, ...] = (due.LISTEN, due.READ),
    progress: Progress = lambda kind, rows: None,
) -> dict[str, int]:
    """Run the kinds in order until none has anything left; rows done by kind.

    `progress` hears of each batch: its kind and the rows done of that kind so far.
    """
    done = dict.fromkeys(kinds, 0)
    for kind in kinds:
        while rows := JOBS[kind](bench):
            done[kind] += rows
            progress(kind, done[kind])
    return done
