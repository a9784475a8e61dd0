"""The simulated provider: every message arrives at a phone drawn in the browser.

It keeps nothing: the messages table is all there is, so that any process can play its part.
Magic numbers, in a range no subscriber has, behave in chosen ways:

    +15005550001  the message is lost on its way: undelivered, error 30003
    +15005550002  the customer has told the provider to stop: refused, error 21610
    +15005550003  the first try times out; looked up, it isn't there, and is sent again
    +15005550004  the first try meets a busy provider and is repeated a little later
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from surveys.channels.gateway import (
    Accepted,
    Found,
    Outcome,
    Outgoing,
    Refused,
    RetryLater,
    Unknown,
)

SENDER = "+15005550006"
LOST, OPTED_OUT, TIMES_OUT, BUSY = (f"+1500555000{digit}" for digit in (1, 2, 3, 4))


@dataclass(frozen=True)
class SimulatorGateway:
    """Accepts and delivers everything at once, but for the magic numbers."""

    sender: str = SENDER
    name: str = "simulator"

    def send(self, outgoing: Outgoing) -> Outcome:
        """Deliver it, or do what its number is for."""
        magic = MAGIC.get(outgoing.address)
        return magic(outgoing) if magic else _delivered(outgoing)

    def find(
        self, outgoing: Outgoing, since: datetime, taken: frozenset[str] = frozenset()
    ) -> Found | None:
        """Never there: what the simulator accepted it has said so of."""
        return None


def _delivered(outgoing: Outgoing) -> Outcome:
    return Accepted(_provider_id(), "delivered")


def _lost(outgoing: Outgoing) -> Outcome:
    return Accepted(_provider_id(), "undelivered", "30003")


def _opted_out(outgoing: Outgoing) -> Outcome:
    return Refused("21610", opted_out=True)


def _times_out(outgoing: Outgoing) -> Outcome:
    return Unknown("time_out") if outgoing.attempt == 1 else _delivered(outgoing)


def _busy(outgoing: Outgoing) -> Outcome:
    return RetryLater("20429") if outgoing.attempt == 1 else _delivered(outgoing)


def _provider_id() -> str:
    return f"SIM{secrets.token_hex(16)}"


MAGIC: Mapping[str, Callable[[Outgoing], Outcome]] = {
    LOST: _lost,
    OPTED_OUT: _opted_out,
    TIMES_OUT: _times_out,
    BUSY: _busy,
}
