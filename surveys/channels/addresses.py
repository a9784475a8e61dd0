"""Which channel an address belongs to, and how it is written where addresses are compared."""

from __future__ import annotations

SMS, EMAIL = "sms", "email"
MAIL_SENDER = "email"
"""The sender of every e-mail: who it is from is a setting, and one mail server takes all."""


def channel_of(address: str) -> str:
    """The channel of an address; a number is one of SMS unless its prefix says otherwise."""
    return EMAIL if "@" in address else SMS


def plain_mail(address: str) -> str:
    """An e-mail address as consent and troubles are kept under: in small letters."""
    return address.strip().casefold()
