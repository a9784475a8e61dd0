"""What is set up at the simulated provider: the account, its numbers and services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from surveys.channels.names import is_name

ACCOUNT_SID = "AC" + "0" * 32
NUMBER = "+15005550006"


class OptOut(StrEnum):
    """Who answers STOP: Twilio by its default, by Advanced Opt-Out, or nobody."""

    DEFAULT = "default"
    ADVANCED = "advanced"
    OFF = "off"


@dataclass(frozen=True)
class Account:
    """One account. `services` are messaging services by their id, each with its senders.

    `inbound_url` is where messages from phones are told; `per_second` is how many messages
    one sender may hand in a second; `algorithm` signs the webhooks. `owner` is whose sub-account
    it is, `keys` are API keys with their secrets. Where `as_numbers_have_it`, services leave what
    comes in to the webhooks of their numbers. With `any_number` every number is the account's own.
    `reached` has webhooks sent elsewhere than where they are signed for: (its start, instead).
    """

    token: str
    sid: str = ACCOUNT_SID
    numbers: tuple[str, ...] = (NUMBER,)
    services: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inbound_url: str | None = None
    opt_out: OptOut = OptOut.DEFAULT
    per_second: int | None = None
    algorithm: str = "HMAC_SHA1"
    owner: str | None = None
    status: str = "active"
    keys: Mapping[str, str] = field(default_factory=dict)
    as_numbers_have_it: bool = False
    any_number: bool = False
    reached: tuple[str, str] | None = None

    def owns(self, sender: str) -> bool:
        """Whether the account may text from it: its own number, or a name instead of one."""
        return self.has(sender) or is_name(sender)

    def has(self, number: str) -> bool:
        """Whether a number is the account's own."""
        if self.any_number and not is_name(number):
            return True
        return plain(number) in self.all_numbers()

    def all_numbers(self) -> tuple[str, ...]:
        """The numbers that stand alone, then those of services."""
        pooled = (one for pool in self.services.values() for one in pool if not is_name(one))
        return tuple(dict.fromkeys([*self.numbers, *pooled]))

    def service_of(self, number: str | None) -> str | None:
        """The messaging service that a number belongs to."""
        return next((sid for sid, pool in self.services.items() if number in pool), None)


def plain(address: str) -> str:
    """The number of an address: without the channel before it (`whatsapp:`)."""
    return address.rpartition(":")[2]
