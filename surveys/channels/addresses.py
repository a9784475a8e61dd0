"""Addresses as providers write them: `+44…` by SMS, `whatsapp:+44…` by WhatsApp.

Senders and addresses are stored so, and therefore the exchanges, opt-outs and suppressions of
one phone never mix between its channels.
"""

from __future__ import annotations

from typing import Literal

Talk = Literal["sms", "whatsapp"]

SMS: Literal["sms"] = "sms"
WHATSAPP: Literal["whatsapp"] = "whatsapp"
TALKS: tuple[Talk, ...] = (SMS, WHATSAPP)
"""The channels by which a survey is a conversation."""
PREFIX = "whatsapp:"


def is_whatsapp(address: str) -> bool:
    """Whether a sender or an address is one of WhatsApp."""
    return address.startswith(PREFIX)


def channel_of(address: str) -> Talk:
    """The channel that a sender or an address belongs to."""
    return WHATSAPP if is_whatsapp(address) else SMS


def plain(address: str) -> str:
    """The phone number of an address, without its channel."""
    return address.removeprefix(PREFIX)


def address_on(channel: str, phone: str) -> str:
    """A phone's address on a channel."""
    return f"{PREFIX}{plain(phone)}" if channel == WHATSAPP else plain(phone)
