"""The simulated mail server: every e-mail is taken at once and shown in the program's own pages."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from surveys.channels.addresses import MAIL_SENDER
from surveys.channels.gateway import (
    Accepted,
    Found,
    GatewayUnavailable,
    Outcome,
    Outgoing,
    Refused,
    RetryLater,
)

MAILBOX = "mailbox"
# addresses that behave in chosen ways, under a domain that no mail server may have (RFC 2606)
NOBODY, LATER = "nobody@waymark.invalid", "later@waymark.invalid"


@dataclass(frozen=True)
class MailboxGateway:
    """Takes everything, but for two addresses: one that is refused, one whose first try must wait.

    It keeps nothing: the messages table is all there is, so that any process can play its part.
    """

    sender: str = MAIL_SENDER
    name: str = MAILBOX

    def send(self, outgoing: Outgoing) -> Outcome:
        """Deliver it, or do what its address is for."""
        if outgoing.address == NOBODY:
            return Refused("mail_refused")
        if outgoing.address == LATER and outgoing.attempt == 1:
            return RetryLater("mail_not_now")
        return Accepted(f"box-{secrets.token_hex(12)}", "delivered")

    def find(
        self, outgoing: Outgoing, since: datetime, taken: frozenset[str] = frozenset()
    ) -> Found | None:
        """A mailbox has no list of what was sent."""
        raise GatewayUnavailable("mail servers keep no list")
