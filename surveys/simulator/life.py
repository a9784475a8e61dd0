"""Takes accepted messages through their lives: step by step, each told as it is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

from surveys.simulator import fields, whatsapp
from surveys.simulator.account import Account
from surveys.simulator.agenda import Agenda
from surveys.simulator.blocks import Blocks
from surveys.simulator.book import Book
from surveys.simulator.course import DELIVERED, QUEUED, SENT, Step, course
from surveys.simulator.faults import Faults
from surveys.simulator.message import Message
from surveys.simulator.webhooks import Webhooks


@dataclass(frozen=True)
class Life:
    """What the steps of a message need."""

    account: Account
    book: Book
    agenda: Agenda
    webhooks: Webhooks
    faults: Faults
    delays: Mapping[str, float]
    blocks: Blocks
    now: Callable[[], datetime]

    def begin(self, message: Message) -> None:
        """Plan all that becomes of a message."""
        refused = whatsapp.refused(message, self.account, self.book)
        blocked = self.blocks.code(self._leaves_by(message))
        self._go_on(message.sid, course(message, self.faults, self.delays, refused, blocked))

    def _go_on(self, sid: str, steps: Sequence[Step]) -> None:
        """Plan the next step; those after it wait until it is done, and so keep their order."""
        if steps:
            self.agenda.after(steps[0].after, lambda: self._take(sid, steps))

    def _take(self, sid: str, steps: Sequence[Step]) -> None:
        message = self.book.get(sid)
        if message is None:  # forgotten meanwhile
            return
        try:
            self._do(message, steps[0])
        finally:
            self._go_on(sid, steps[1:])

    def _do(self, message: Message, step: Step) -> None:
        if not step.told:
            self.book.change(message.sid, **self._changes(message, step))
        elif message.callback:
            told = fields.receipt(message, step.status, step.error_code)
            self.webhooks.post(message.callback, told)

    def _changes(self, message: Message, step: Step) -> dict[str, Any]:
        now = self.now()
        values: dict[str, Any] = {"status": step.status, "updated": now}
        if step.status == QUEUED and message.service:
            values["sender"] = self._pooled(message, message.service)
        if step.status == SENT:
            values["sent"] = now
        if step.status == DELIVERED:
            values["arrived"] = now
        if step.error_code:
            values["error_code"] = step.error_code
        return values

    def _leaves_by(self, message: Message) -> str:
        """Its sender, also where a service has yet to choose it."""
        if message.sender is None and message.service:
            return self._pooled(message, message.service)
        return message.sender or ""

    def _pooled(self, message: Message, service: str) -> str:
        """The service's number for this phone: the one it knows already, else an even choice."""
        pool = self.account.services[service]
        known = (one.sender for one in reversed(self.book.of_phone(message.to)) if one.sender)
        fresh = pool[crc32(message.to.encode()) % len(pool)]
        return next((one for one in known if one in pool), fresh)
