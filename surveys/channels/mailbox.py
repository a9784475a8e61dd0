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


class ByMail:
    """What is the same for every mail server: one sender, no receipts, and no list to ask."""

    sender = MAIL_SENDER
    fallback: str | None = None

    def account_of(self, sender: str) -> str | None:
        """There is but one."""
        return None

    def find(
        self, outgoing: Outgoing, since: datetime, taken: frozenset[str] = frozenset()
    ) -> Found | None:
        """A mail server has no list of what it took: what is unknown stays unknown."""
        raise GatewayUnavailable("mail servers keep no list")

    def status(self, provider_id: str, account: str | None) -> Found | None:
        """It says nothing more of what it took."""
        return None


@dataclass(frozen=True)
class MailboxGateway(ByMail):
    """Takes everything, but for two addresses: one that is refused, one whose first try must wait.

    It keeps nothing: the messages table is all there is, so that any process can play its part.
    """

    name: str = MAILBOX

    def send(self, outgoing: Outgoing) -> Outcome:
        """Deliver it, or do what its address is for."""
        if outgoing.address == NOBODY:
            return Refused("mail_refused")
        if outgoing.address == LATER and outgoing.attempt == 1:
            return RetryLater("mail_not_now")
        return Accepted(f"box-{secrets.token_hex(12)}", "delivered")
