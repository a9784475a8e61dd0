"""Lanes of a worker: each does one thing at a time, and sleeps until one look finds it work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from feedback.jobs.work import LANES


@dataclass
class Lane:
    """One of a worker's hands: the kinds of task it does, whether it is busy, and its bell."""

    name: str
    kinds: tuple[str, ...]
    busy: threading.Lock = field(default_factory=threading.Lock, repr=False)
    bell: threading.Event = field(default_factory=threading.Event, repr=False)


def all_lanes() -> dict[str, Lane]:
    """Every lane by name, none of them busy."""
    return {name: Lane(name, kinds) for name, kinds in LANES.items()}


def run(
    lanes: Collection[Lane],
    turn: Callable[[str], object],
    waiting: Callable[[], Collection[str]],
    stopping: threading.Event,
    every_seconds: float,
) -> None:
    """Give lanes turns whenever `waiting` names a kind of theirs; returns when stopped and done.

    `waiting` is asked every so many seconds, once for all lanes: a worker at rest asks the
    database one question, not one a lane.
    """

    def work(lane: Lane) -> None:
        while not stopping.is_set():
            turn(lane.name)
            lane.bell.wait()
            lane.bell.clear()

    threads = [
        threading.Thread(target=work, args=(lane,), name=lane.name, daemon=True) for lane in lanes
    ]
    for thread in threads:
        thread.start()
    try:
        while not stopping.is_set():
            _ring(lanes, waiting())
            stopping.wait(every_seconds)
    finally:  # whatever ended it, no lane sleeps on
        stopping.set()
        for lane in lanes:
            lane.bell.set()
        for thread in threads:
            thread.join()


def _ring(lanes: Collection[Lane], kinds: Collection[str]) -> None:
    for lane in lanes:
        if not set(lane.kinds).isdisjoint(kinds):
            lane.bell.set()
