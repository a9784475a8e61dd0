"""How many messages one sender may hand in within a second."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable


class Rates:
    """A window of one second for each sender, by the given clock (in seconds)."""

    def __init__(self, per_second: int | None, clock: Callable[[], float]) -> None:
        self._per_second = per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._lately: dict[str, deque[float]] = defaultdict(deque)

    def allows(self, sender: str) -> bool:
        """Whether one more may come now; one that may not is not counted."""
        if self._per_second is None:
            return True
        now = self._clock()
        with self._lock:
            lately = self._lately[sender]
            while lately and lately[0] <= now - 1:
                lately.popleft()
            if len(lately) >= self._per_second:
                return False
            lately.append(now)
            return True
