"""Where a library writes a file to that is sent while it is written."""

from __future__ import annotations

from typing import Any


class Sink:
    """Takes bytes as a file does, and gives away what came since the last time."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: Any, /) -> int:
        """Keep a piece until it is taken."""
        self._parts.append(bytes(data))
        return len(self._parts[-1])

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is held open."""

    def take(self) -> bytes:
        """What came since the last time."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken
