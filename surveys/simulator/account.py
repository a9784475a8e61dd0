"""What is set up at the simulated provider: the account, its numbers and services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from surveys.channels.addresses import WHATSAPP, address_on, is_whatsapp, plain
from surveys.channels.names import is_name
from surveys.simulator.template import Template

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
    comes in to the webhooks of their numbers. With `any_number` every number is the account's own,
    and every template. `reached` has webhooks sent elsewhere than where they are signed for: (its
    start, instead). `whatsapp` are the numbers, of its own or not, that are WhatsApp senders;
    `templates` are what may be sent by them at any time.
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
    whatsapp: tuple[str, ...] = ()
    templates: tuple[Template, ...] = ()

    def owns(self, sender: str) -> bool:
        """Whether the account may write from it: its own number, or a name instead of one."""
        return self.has(sender) or is_name(sender)

    def has(self, sender: str) -> bool:
        """Whether a number, by SMS or by WhatsApp, is the account's own."""
        if self.any_number and not is_name(sender):
            return True
        if is_whatsapp(sender):
            return plain(sender) in self.whatsapp
        return sender in self.all_numbers()

    def first_for(self, phone: str) -> str | None:
        """What a phone writes to that nobody wrote to yet; None where WhatsApp has no sender."""
        own = self.all_numbers()
        if not is_whatsapp(phone):
            return own[0]
        known = self.whatsapp or (own if self.any_number else ())
        return address_on(WHATSAPP, known[0]) if known else None

    def template(self, sid: str | None) -> Template | None:
        """The template with this id; of any number's account one whose words nobody knows."""
        found = next((one for one in self.templates if one.sid == sid), None)
        if found is None and sid and self.any_number:
            return Template(sid, sid, "")
        return found

    def all_numbers(self) -> tuple[str, ...]:
        """The numbers that stand alone, then those of services."""
        pooled = (one for pool in self.services.values() for one in pool if not is_name(one))
        return tuple(dict.fromkeys([*self.numbers, *pooled]))

    def service_of(self, number: str | None) -> str | None:
        """The messaging service that a number belongs to."""
        return next((sid for sid, pool in self.services.items() if number in pool), None)
