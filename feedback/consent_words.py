"""The consent ledger in words, for the page and the command alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from surveys.channels.addresses import is_whatsapp, plain
from surveys.consent import CUSTOMER_SMS, CUSTOMER_WEB, CUSTOMER_WHATSAPP, PROVIDER
from surveys.eligibility_facts import Consent
from surveys.ledger import ELSEWHERE, EVERYWHERE, Held
from surveys.recording import RECORDED_BY, SOURCES

STATES: Mapping[str, tuple[str, str]] = {
    Consent.GRANTED.value: ("good", "Given"),
    Consent.WITHDRAWN.value: ("bad", "Withdrawn"),
    Consent.NONE.value: ("", "Never said"),
}
"""Of each state: its mark and its word."""
_WHENCE: Mapping[str, str] = {
    CUSTOMER_SMS: "by the customer's own SMS",
    CUSTOMER_WHATSAPP: "by the customer's own WhatsApp message",
    CUSTOMER_WEB: "by the customer on a page",
    PROVIDER: "learnt from the provider",
    ELSEWHERE: "said to another workspace of this installation",
    **{source: f"told the team {how}" for source, how in SOURCES.items()},
}


class Written(Protocol):
    """An entry as far as its words go."""

    @property
    def source(self) -> str:
        """Whose word it is."""

    @property
    def sender(self) -> str | None:
        """For which sender; None: for all."""


def whence(one: Written) -> str:
    """Where an entry came from."""
    return _WHENCE.get(one.source, one.source.replace("_", " "))


def recorded(detail: str) -> tuple[str, str]:
    """The words of an entry, and who of the team wrote it; empty where nobody did."""
    words, mark, by = detail.rpartition(RECORDED_BY)
    return (words, by.rstrip(")")) if mark else (detail, "")


def for_whom(one: Written) -> str:
    """Which senders an entry speaks of."""
    if one.sender == EVERYWHERE:
        return "for every workspace here"
    return f"for {plain(one.sender)}" if one.sender else "for every sender"


def meaning(held: Held, address: str) -> str:
    """What a state means for what may be sent to an address."""
    if held.state is Consent.WITHDRAWN:
        return "Nothing may be sent; only the customer's own START changes that."
    if held.state is Consent.GRANTED:
        return "Surveys and messages may be sent."
    if is_whatsapp(address):
        return "Nobody said yes, and WhatsApp wants that first: no survey is sent."
    return "Nobody said yes or no, so that nothing is held back."
