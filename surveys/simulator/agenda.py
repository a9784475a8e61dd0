"""What is to happen later, done by a few threads, or by hand where a test wants to say when."""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections.abc import Callable
from itertools import count

log = logging.getLogger(__name__)
THREADS = 16
Action = Callable[[], None]


class Agenda:
    """Actions by the time they are due; equal times keep their order."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._heap: list[tuple[float, int, Action]] = []
        self._numbers = count()
        self._busy = 0
        self._running = False
        self._threads: list[threading.Thread] = []

    def after(self, seconds: float, action: Action) -> None:
        """Do something so many seconds from now."""
        with self._changed:
            heapq.heappush(self._heap, (self._clock() + seconds, next(self._numbers), action))
            self._changed.notify()

    def start(self) -> None:
        """Let threads do what is due, when it is."""
        self._running = True
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(THREADS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Leave the rest undone."""
        with self._changed:
            self._running = False
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def settle(self, timeout: float) -> bool:
        """Wait until nothing is left; without threads do it all here, without waiting."""
        if not self._threads:
            self._by_hand()
            return True
        with self._changed:
            return self._changed.wait_for(lambda: not self._heap and not self._busy, timeout)

    def clear(self) -> None:
        """Drop what is to come."""
        with self._changed:
            self._heap.clear()
            self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """How much is to come or being done."""
        return len(self._heap) + self._busy

    def _by_hand(self) -> None:
        while (action := self._first()) is not None:
            _do(action)

    def _first(self) -> Action | None:
        with self._changed:
            return heapq.heappop(self._heap)[2] if self._heap else None

    def _work(self) -> None:
        while (action := self._take()) is not None:
            _do(action)
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def _take(self) -> Action | None:
        """The next action once it is due; None when all ends."""
        with self._changed:
            while self._running:
                left = self._heap[0][0] - self._clock() if self._heap else None
                if left is not None and left <= 0:
                    self._busy += 1
                    return heapq.heappop(self._heap)[2]
                self._changed.wait(left)
        return None


def _do(action: Action) -> None:
    try:
        action()
    except Exception:
        log.exception("a step of the simulator failed")
