"""Visits as this process last left them, so that an answer needn't read what its page just read.

What is kept may be a minute old; nothing wrong comes of it, as a write only succeeds on the
response as it was seen, and is taken again on what is there now where it doesn't.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from surveys.pages.store import Visit

KEPT_FOR = timedelta(seconds=60)
MOST = 2000


@dataclass(slots=True)
class Recent:
    """The visits of one application by token, the latest last; threads may share it."""

    most: int = MOST
    _kept: OrderedDict[str, tuple[datetime, Visit]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def keep(self, token: str, visit: Visit, now: datetime) -> None:
        """Remember an open visit; a finished one is forgotten, as nobody comes back soon."""
        with self._lock:
            self._kept.pop(token, None)
            if visit.finished:
                return
            self._kept[token] = (now, visit)
            if len(self._kept) > self.most:
                self._kept.popitem(last=False)

    def take(self, token: str, now: datetime) -> Visit | None:
        """The visit, where it was kept lately; it is handed out once."""
        with self._lock:
            at, visit = self._kept.pop(token, (now, None))
        return visit if now - at < KEPT_FOR else None
