"""Addresses as providers write them: `+44…` by SMS, `whatsapp:+44…` by WhatsApp, e-mails as such.

Senders and addresses are stored so, and therefore the exchanges, opt-outs and suppressions of
one phone never mix between its channels.
"""

from __future__ import annotations

import re
from typing import Literal

Talk = Literal["sms", "whatsapp"]
Channel = Literal["sms", "whatsapp", "email"]

SMS: Literal["sms"] = "sms"
WHATSAPP: Literal["whatsapp"] = "whatsapp"
EMAIL: Literal["email"] = "email"
TALKS: tuple[Talk, ...] = (SMS, WHATSAPP)
"""The channels by which a survey is a conversation."""
PREFIX = "whatsapp:"
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
MAIL_SENDER = "email"
"""The sender of every e-mail: who it is from is a setting, and one mail server takes all."""


def is_whatsapp(address: str) -> bool:
    """Whether a sender or an address is one of WhatsApp."""
    return address.startswith(PREFIX)


def channel_of(address: str) -> Channel:
    """The channel that an address belongs to."""
    return EMAIL if "@" in address else talk_of(address)


def talk_of(address: str) -> Talk:
    """The channel of a conversation, by its sender or its address."""
    return WHATSAPP if is_whatsapp(address) else SMS


def plain_mail(address: str) -> str:
    """An e-mail address as consent and troubles are kept under: in small letters."""
    return address.strip().casefold()


def plain(address: str) -> str:
    """The phone number of an address, without its channel."""
    return address.removeprefix(PREFIX)


def is_number(address: str) -> bool:
    """Whether a message can go there: short codes, names and browsers write, and hear nothing."""
    return _E164.fullmatch(plain(address)) is not None


def address_on(channel: str, phone: str) -> str:
    """A phone's address on a channel."""
    return f"{PREFIX}{plain(phone)}" if channel == WHATSAPP else plain(phone)
