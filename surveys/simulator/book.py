"""All messages of the account, in memory; any thread may read and write."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from surveys.simulator.message import Message


class Book:
    """Messages by id, by the address they went to, and by the phone they concern.

    Beyond `most` the oldest is forgotten.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._all: dict[str, Message] = {}
        self._to: dict[str, list[str]] = defaultdict(list)
        self._phone: dict[str, list[str]] = defaultdict(list)

    def add(self, message: Message) -> Message:
        """Keep a new message."""
        with self._lock:
            self._all[message.sid] = message
            self._to[message.to].append(message.sid)
            self._phone[message.phone].append(message.sid)
            if self._most is not None and len(self._all) > self._most:
                self._forget(next(iter(self._all.values())))
        return message

    def _forget(self, oldest: Message) -> None:
        """Drop the oldest: it stands first wherever it stands."""
        del self._all[oldest.sid]
        for kept, key in ((self._to, oldest.to), (self._phone, oldest.phone)):
            kept[key].pop(0)
            if not kept[key]:
                del kept[key]

    def change(self, sid: str, **values: Any) -> Message | None:
        """Put a changed message in its place; None when it is gone."""
        with self._lock:
            found = self._all.get(sid)
            if found is None:
                return None
            self._all[sid] = changed = replace(found, **values)
            return changed

    def get(self, sid: str) -> Message | None:
        """The message with this id."""
        return self._all.get(sid)

    def newest_first(self, to: str | None = None) -> list[Message]:
        """All, or all to one address."""
        with self._lock:
            sids: Sequence[str] = list(self._all) if to is None else self._to.get(to, [])
            return [self._all[sid] for sid in reversed(sids)]

    def of_phone(self, number: str) -> list[Message]:
        """What went to and came from a phone, oldest first."""
        with self._lock:
            return [self._all[sid] for sid in self._phone.get(number, [])]

    def phones(self) -> list[str]:
        """The phones with any message, the one with the newest first."""
        with self._lock:
            latest = {number: self._all[sids[-1]] for number, sids in self._phone.items()}
        return sorted(latest, key=lambda number: latest[number].created, reverse=True)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            for kept in (self._all, self._to, self._phone):
                kept.clear()
