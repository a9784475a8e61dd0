"""Twilio's own list of numbers that said STOP, and the words that rule it."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from surveys.channels.addresses import is_whatsapp
from surveys.simulator.account import Account, OptOut

STOP = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "optout", "revoke"})
START = frozenset({"start", "yes", "unstop"})
HELP = frozenset({"help", "info"})
ANSWERS: Mapping[str, str] = {
    "STOP": (
        "You have successfully been unsubscribed. You will not receive any more messages from "
        "this number. Reply START to resubscribe."
    ),
    "START": (
        "You have successfully been re-subscribed to messages from this number. Reply HELP for "
        "help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
    ),
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


class OptOuts:
    """Who may not be texted from where: a number, or a service with all its numbers."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._lock = threading.Lock()
        self._list: set[tuple[str, str]] = set()

    def heard(self, sender: str, phone: str, body: str) -> str | None:
        """Take a message from a phone: STOP, START or HELP where it was one that acts."""
        if self._account.opt_out is OptOut.OFF or is_whatsapp(sender):
            return None  # of WhatsApp, Twilio leaves these words to whoever sends
        word = body.strip().lower()
        if word in HELP:
            return "HELP"
        key = (self._scope(sender), phone)
        with self._lock:
            if word in STOP and key not in self._list:
                self._list.add(key)
                return "STOP"
            if word in START and key in self._list:
                self._list.discard(key)
                return "START"
        return None

    def forbids(self, sender: str, phone: str) -> bool:
        """Whether the phone's owner has stopped this sender; `sender` may be a service."""
        return (self._scope(sender), phone) in self._list

    def listed(self) -> list[dict[str, str]]:
        """The whole list."""
        return [{"sender": sender, "phone": phone} for sender, phone in sorted(self._list)]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._list.clear()

    def _scope(self, sender: str) -> str:
        return self._account.service_of(sender) or sender
