"""The one interface behind which every provider of a channel stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Content:
    """The provider's template that a message is made from; `variables` are a JSON object."""

    sid: str
    variables: str


@dataclass(frozen=True)
class Outgoing:
    """One message to hand over; `message_id` is our row, for receipts to name.

    Where it is made from a template, `content` says so and `body` is what that comes to; `letter`
    is what an e-mail is written from. `account` is the provider's account that its sender
    belongs to, None where there is but one.
    """

    message_id: int
    sender: str
    address: str
    body: str
    attempt: int = 1
    content: Content | None = None
    account: str | None = None
    letter: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Accepted:
    """The provider took it: its id and its own word for the status."""

    provider_id: str
    status: str
    error_code: str | None = None


@dataclass(frozen=True)
class Refused:
    """The provider will never take it; `opted_out` when the customer told it to stop."""

    code: str
    opted_out: bool = False


@dataclass(frozen=True)
class RetryLater:
    """Nothing was accepted, and a later try may succeed; `after_seconds` if it said when."""

    code: str
    after_seconds: float | None = None


@dataclass(frozen=True)
class Unknown:
    """Nobody knows whether it was accepted: it must be looked up, never sent blindly again."""

    reason: str


Outcome = Accepted | Refused | RetryLater | Unknown


@dataclass(frozen=True)
class Found:
    """A message in the provider's own list."""

    provider_id: str
    status: str
    error_code: str | None = None


class Gateway(Protocol):
    """A provider of a channel. Neither method raises for what the provider or the network does.

    `find` looks the message up in the provider's own list by addresses, words and time,
    passing over the ids in `taken`, which belong to other messages of ours; it raises
    GatewayUnavailable when the list can't be read, or is of an account that is set up no more,
    so that "not found" means just that. `status` says what became of a message that it has.
    """

    @property
    def name(self) -> str:
        """The provider's name as stored beside messages, such as `twilio`."""

    @property
    def sender(self) -> str:
        """The number, or the provider's service, used where a workspace has none of its own."""

    @property
    def fallback(self) -> str | None:
        """The sender that stands in for others while they fail; None: nobody does."""

    def account_of(self, sender: str) -> str | None:
        """The provider's account that a sender's messages go by; None where there is but one."""

    def send(self, outgoing: Outgoing) -> Outcome:
        """Hand one message over and say what came of it."""

    def find(
        self, outgoing: Outgoing, since: datetime, taken: frozenset[str] = frozenset()
    ) -> Found | None:
        """The message as the provider has it, if it has it; `since` is the attempt's time."""

    def status(self, provider_id: str, account: str | None) -> Found | None:
        """What the provider says of a message now; None where it knows of none by this id."""


class GatewayUnavailable(Exception):
    """The provider can't be asked just now."""
