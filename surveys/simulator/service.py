"""The simulated provider: takes messages for phones, and from phones what their owners type."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from surveys.channels.addresses import plain
from surveys.simulator import fields, sending
from surveys.simulator.account import Account, OptOut
from surveys.simulator.agenda import Agenda
from surveys.simulator.blocks import Blocks
from surveys.simulator.book import Book
from surveys.simulator.course import AT_ONCE, QUEUED
from surveys.simulator.faults import Faults
from surveys.simulator.life import Life
from surveys.simulator.message import Message
from surveys.simulator.numbers import FIRST_TRY
from surveys.simulator.opt_outs import ANSWERS, OptOuts
from surveys.simulator.problems import Problem
from surveys.simulator.rates import Rates
from surveys.simulator.webhooks import Webhooks

LATE_SECONDS = 12.0
REMEMBERED = 1000


def utc_now() -> datetime:
    """The time it is, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Heard:
    """One request as it came."""

    method: str
    path: str
    fields: Mapping[str, list[str]]


class Simulator:
    """One account and everything that happens in it, in memory; any thread may call it.

    `delays` are seconds before a message becomes queued, sending, sent and delivered;
    `late_seconds` is how long an answer takes that is to come too late; `remembered` is how many
    messages are kept, None: all.
    """

    def __init__(
        self,
        account: Account,
        faults: Faults | None = None,
        delays: Mapping[str, float] = AT_ONCE,
        late_seconds: float = LATE_SECONDS,
        now: Callable[[], datetime] = utc_now,
        seconds: Callable[[], float] = monotonic,
        remembered: int | None = None,
    ) -> None:
        self.account = account
        self.faults = faults or Faults()
        self.late_seconds = late_seconds
        self.now = now
        self.book = Book(remembered)
        self.opt_outs = OptOuts(account)
        self.blocks = Blocks(account)
        self.agenda = Agenda()
        self.webhooks = Webhooks(account)
        self.heard: deque[Heard] = deque(maxlen=REMEMBERED)
        self.stopping = threading.Event()
        self._rates = Rates(account.per_second, seconds)
        held = (account, self.book, self.agenda, self.webhooks, self.faults)
        self._life = Life(*held, delays, self.blocks, now)

    def mood(self, to: str, body: str) -> str:
        """How a request to send is met: by its number, or by what goes wrong."""
        tries = self.faults.tried("send", to, body)
        if tries == 1 and plain(to) in FIRST_TRY:
            return FIRST_TRY[plain(to)]
        return self.faults.mood(to, body, str(tries))

    def send(self, form: Mapping[str, str]) -> Message:
        """Accept a message; raises Problem."""
        asked = sending.read(form, self.account)
        sending.permit(asked, self.opt_outs)
        if not self._rates.allows(asked.by):
            raise Problem(20429)
        values = {"to": asked.to, "body": asked.body, "callback": asked.callback}
        values["content"] = asked.content
        status = "accepted" if asked.service else QUEUED
        sender = None if asked.service else asked.sender
        values |= {"sender": sender, "service": asked.service}
        message = self._new("SM", "outbound-api", status, **values)
        self._life.begin(message)
        return message

    def typed(
        self,
        phone: str,
        body: str,
        to: str | None = None,
        media: Sequence[str] = (),
        button: str | None = None,
    ) -> Message:
        """What a phone's owner sends; it is told to the program before this returns.

        `button` is the id of a button that they tapped, `body` its words.
        """
        to = to or self.last_sender(phone)
        word = self.opt_outs.heard(to, phone, body)
        typed: dict[str, Any] = {"sender": phone, "to": to, "body": body, "button": button}
        kind = "MM" if media else "SM"
        message = self._new(kind, "inbound", "received", media=tuple(media), **typed)
        answered = self._tell(message, word)
        if word is not None:
            values = {"sender": to, "to": phone, "body": ANSWERS[word]}
            # Twilio's own words: no opt-out holds them back
            self._life.begin(self._new("SM", "outbound-reply", QUEUED, **values))
        told = self.book.change(message.sid, answered=answered, updated=self.now())
        return told or message

    def last_sender(self, phone: str) -> str:
        """The number that texted a phone last; else the account's first."""
        came = [one.sender for one in self.book.of_phone(phone) if one.sender and not one.inbound]
        answerable = (sender for sender in reversed(came) if self.account.has(sender))
        return next(answerable, self.account.first_for(phone) or "")

    def buttons(self, phone: str) -> Mapping[str, str]:
        """What a phone's owner may tap: the quick replies of the last message, if it has any."""
        last = next(iter(self.book.of_phone(phone)[-1:]), None)
        template = self.account.template(last.content) if last is not None else None
        return template.buttons if template is not None else {}

    def settle(self, timeout: float = 60.0) -> bool:
        """Wait until everything that was accepted has taken its course."""
        return self.agenda.settle(timeout)

    def reset(self) -> None:
        """Forget messages, opt-outs and what was to come; settings and chances stay."""
        for kept in (self.agenda, self.book, self.opt_outs, self.faults):
            kept.clear()
        for told in (self.heard, self.webhooks.told, self.webhooks.answers):
            told.clear()

    def _new(self, prefix: str, direction: str, status: str, **values: Any) -> Message:
        now = self.now()
        again = self.faults.tried("kept", direction, values["to"], values["body"])
        message = Message(
            sid=f"{prefix}{secrets.token_hex(16)}",
            account_sid=self.account.sid,
            direction=direction,
            status=status,
            created=now,
            updated=now,
            again=again,
            **values,
        )
        return self.book.add(message)

    def _tell(self, message: Message, word: str | None) -> int | None:
        """Tell the program of a message from a phone; the status it answered."""
        url = self.account.inbound_url
        if url is None:
            return None
        opt_out_type = word if self.account.opt_out is OptOut.ADVANCED else None
        told = fields.inbound(message, self.account.service_of(message.to), opt_out_type)
        if self.faults.happens("forged", *message.fate):
            forged = {"MessageSid": f"SM{secrets.token_hex(16)}", "Body": "STOP"}
            self.webhooks.forge(url, told | forged)
        answered = self.webhooks.post(url, told)
        if self.faults.happens("repeat", *message.fate):
            self.agenda.after(0, lambda: self.webhooks.repeat(url, told))
        return answered
