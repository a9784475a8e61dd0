"""The simulated provider: every message arrives at a phone drawn in the browser.

It keeps nothing: the messages table is all there is, so that any process can play its part.
Magic numbers, in a range no subscriber has, behave in chosen ways:

    +15005550001  the message is lost on its way: undelivered, error 30003
    +15005550002  the customer has told the provider to stop: refused, error 21610
    +15005550003  the first try times out; looked up, it isn't there, and is sent again
    +15005550004  the first try meets a busy provider and is repeated a little later
    +15005550005  filtered by the carrier: undelivered, error 30007
    +15005550007  no number at all: refused, error 21211
    +15005550008  unknown where it goes: undelivered, error 30005
    +15005550009  a landline: undelivered, error 30006

As senders, those that end like a code lose with it whatever they send:

    +15005550002  the account is suspended, 30002
    +15005550032  a toll-free number that was not verified, 30032
    +15005550034  a number that is not registered (A2P 10DLC), 30034
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from surveys.channels.addresses import WHATSAPP, address_on, plain
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
WHATSAPP_SENDER = address_on(WHATSAPP, SENDER)
LOST, OPTED_OUT, TIMES_OUT, BUSY = (f"+1500555000{digit}" for digit in (1, 2, 3, 4))
FILTERED, INVALID, NOWHERE, LANDLINE = (f"+1500555000{digit}" for digit in (5, 7, 8, 9))
FAILING: Mapping[str, str] = {
    LOST: "30003",
    FILTERED: "30007",
    NOWHERE: "30005",
    LANDLINE: "30006",
}
BLOCKED: Mapping[str, str] = {
    "+15005550002": "30002",
    "+15005550032": "30032",
    "+15005550034": "30034",
}
REFUSED: Mapping[str, str] = {OPTED_OUT: "21610", INVALID: "21211"}


@dataclass(frozen=True)
class SimulatorGateway:
    """Accepts and delivers everything at once, but for the magic numbers."""

    sender: str = SENDER
    name: str = "simulator"
    fallback: str | None = None

    def account_of(self, sender: str) -> str | None:
        """There is but one."""
        return None

    def send(self, outgoing: Outgoing) -> Outcome:
        """Deliver it, or do what its number is for."""
        address = plain(outgoing.address)
        if address in REFUSED:
            return Refused(REFUSED[address], opted_out=address == OPTED_OUT)
        if address in FIRST_TRY and outgoing.attempt == 1:
            return FIRST_TRY[address]
        return _taken(BLOCKED.get(outgoing.sender) or FAILING.get(address))

    def find(
        self, outgoing: Outgoing, since: datetime, taken: frozenset[str] = frozenset()
    ) -> Found | None:
        """Never there: what the simulator accepted it has said so of."""
        return None

    def status(self, provider_id: str, account: str | None) -> Found | None:
        """Nothing more than what was said at once."""
        return None


def _taken(error_code: str | None) -> Accepted:
    status = "undelivered" if error_code else "delivered"
    return Accepted(f"SIM{secrets.token_hex(16)}", status, error_code)


FIRST_TRY: Mapping[str, Outcome] = {TIMES_OUT: Unknown("time_out"), BUSY: RetryLater("20429")}
