"""One what-if at a time in a process: each takes seconds of a core, and memory.

The threads of a web process share one core for it anyway; several would only be late together,
and keep everybody else waiting meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from models.errors import Busy

Result = TypeVar("Result")
TURN = Lock()
"""Held while one is worked out."""


def in_turn(work: Callable[[], Result], turn: Lock = TURN) -> Result:
    """What `work` gives; Busy at once where another is being worked out in this process."""
    if not turn.acquire(blocking=False):
        mend = "It takes some seconds: ask again in a moment, or run `waymark whatif`."
        raise Busy("another what-if is being worked out just now", mend=mend)
    try:
        return work()
    finally:
        turn.release()
