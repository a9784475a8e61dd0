"""Lanes sleep until a look finds them work."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Iterator

import pytest

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


def test_a_look_that_breaks_ends_every_lane() -> None:
    """A worker that only gave signs of life would keep others from its tasks."""
    lanes, stopping = all_lanes(), threading.Event()

    def broken() -> Collection[str]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(lanes.values(), lambda name: None, broken, stopping, 0.0)
    assert stopping.is_set()
    assert not {one.name for one in threading.enumerate()} & set(lanes)
