"""Senders that carriers block: what they send is taken, and then lost. Only receipts tell."""

from __future__ import annotations

from collections.abc import Mapping

from models.errors import InvalidInput
from surveys.simulator.account import Account
from surveys.simulator.numbers import BLOCKED_SENDERS
from surveys.simulator.problems import FAILURES


class Blocks:
    """The blocked senders of an account, each with the code that its messages are lost with.

    It begins with those magic numbers that are the account's own.
    """

    def __init__(self, account: Account) -> None:
        self._account = account
        self._codes = {one: code for one, code in BLOCKED_SENDERS.items() if account.has(one)}

    def code(self, sender: str) -> int | None:
        """What messages of a sender are lost with; None where it may send."""
        return self._codes.get(sender)

    def set(self, codes: Mapping[str, int]) -> None:
        """These are blocked from now on, and no others; raises InvalidInput."""
        for sender, code in codes.items():
            self._check(sender, code)
        self._codes = dict(codes)

    def listed(self) -> dict[str, int]:
        """All of them."""
        return dict(self._codes)

    def _check(self, sender: str, code: int) -> None:
        if not self._account.owns(sender):
            own = ", ".join(self._account.all_numbers())
            said = f"{sender!r} is none of the account's numbers"
            raise InvalidInput(said, field="blocked", mend=f"Known: {own}.")
        if code not in FAILURES:
            known = ", ".join(map(str, FAILURES))
            said = f"nothing is lost with {code}"
            raise InvalidInput(said, field="blocked", mend=f"Known: {known}.")


def parse(text: str) -> dict[str, int]:
    """`+447700900000=30034` as a table, more of them with commas; raises InvalidInput."""
    pairs = (part.partition("=") for part in text.split(",") if part.strip())
    try:
        return {"".join(sender.split()): int(code) for sender, _, code in pairs}
    except ValueError as error:
        mend = "Write +447700900000=30034, more of them with commas."
        said = f"{text!r} is no list of blocked senders"
        raise InvalidInput(said, field="blocked", mend=mend) from error
