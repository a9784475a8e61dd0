"""Two senders as one provider: the second stands in while the first, or its account, fails."""

from __future__ import annotations

from datetime import datetime

from surveys.channels.gateway import Found, Gateway, GatewayUnavailable, Outcome, Outgoing


class WithFallback:
    """The first gateway, and another sender, perhaps of another account, that may stand in.

    Who sends is decided where messages are claimed (`surveys.standing_in`): each is handed to
    the account that its sender belongs to, and looked up at the account that was handed it.
    """

    def __init__(self, first: Gateway, second: Gateway) -> None:
        self.name, self.sender, self.fallback = first.name, first.sender, second.sender
        self._first, self._second = first, second

    def account_of(self, sender: str) -> str | None:
        """The second's for the sender that stands in, the first's for all others."""
        return self._by(sender).account_of(sender)

    def send(self, outgoing: Outgoing) -> Outcome:
        """By whoever has the sender."""
        return self._by(outgoing.sender).send(outgoing)

    def find(
        self, outgoing: Outgoing, since: datetime, taken: frozenset[str] = frozenset()
    ) -> Found | None:
        """In the list of the account that was handed it."""
        return self._of(outgoing.account).find(outgoing, since, taken)

    def status(self, provider_id: str, account: str | None) -> Found | None:
        """As the account that was handed it says."""
        return self._of(account).status(provider_id, account)

    def _by(self, sender: str) -> Gateway:
        return self._second if sender == self.fallback else self._first

    def _of(self, account: str | None) -> Gateway:
        """The gateway of an account; None speaks of a time when there was but the first."""
        for one in (self._first, self._second):
            if account in (None, one.account_of(one.sender)):
                return one
        raise GatewayUnavailable(f"the account {account} is set up no more")
