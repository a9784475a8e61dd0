"""Lanes sleep until a look finds them work."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Iterator

from feedback.jobs.lanes import all_lanes, run


def test_a_look_wakes_only_the_lanes_that_have_work() -> None:
    lanes, stopping, turned = all_lanes(), threading.Event(), threading.Semaphore(0)
    turns: Counter[str] = Counter()

    def turn(name: str) -> None:
        turns[name] += 1
        turned.release()

    def looks() -> Iterator[Collection[str]]:
        assert all(turned.acquire(timeout=20) for _ in lanes)  # each has looked for itself
        yield {"send", "a newer clock's"}
        assert turned.acquire(timeout=20)
        stopping.set()
        yield ()

    look = looks()
    run(lanes.values(), turn, lambda: next(look), stopping, 0.0)
    assert turns == Counter([*lanes, "sending"])
