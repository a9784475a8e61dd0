"""What is set up at the simulated provider: the account, its numbers and services."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ACCOUNT_SID = "AC" + "0" * 32
NUMBER = "+15005550006"
_ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


class OptOut(StrEnum):
    """Who answers STOP: Twilio by its default, by Advanced Opt-Out, or nobody."""

    DEFAULT = "default"
    ADVANCED = "advanced"
    OFF = "off"


@dataclass(frozen=True)
class Account:
    """One account. `services` are messaging services by their id, each with its numbers.

    `inbound_url` is where messages from phones are told; `per_second` is how many messages
    one sender may hand in a second; `algorithm` signs the webhooks.
    """

    token: str
    sid: str = ACCOUNT_SID
    numbers: tuple[str, ...] = (NUMBER,)
    services: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inbound_url: str | None = None
    opt_out: OptOut = OptOut.DEFAULT
    per_second: int | None = None
    algorithm: str = "HMAC_SHA1"

    def owns(self, sender: str) -> bool:
        """Whether the account may text from it: its own number, or a name instead of one."""
        return plain(sender) in self.all_numbers() or is_name(sender)

    def all_numbers(self) -> tuple[str, ...]:
        """The numbers that stand alone, then those of services."""
        pooled = (number for pool in self.services.values() for number in pool)
        return tuple(dict.fromkeys([*self.numbers, *pooled]))

    def service_of(self, number: str | None) -> str | None:
        """The messaging service that a number belongs to."""
        return next((sid for sid, pool in self.services.items() if number in pool), None)


def is_name(sender: str) -> bool:
    """Whether a sender is a word that can't be answered, such as FernField."""
    return bool(_ALPHANUMERIC.fullmatch(sender))


def plain(address: str) -> str:
    """The number of an address: without the channel before it (`whatsapp:`)."""
    return address.rpartition(":")[2]
