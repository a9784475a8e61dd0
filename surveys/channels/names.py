"""Senders that are a name instead of a number: nobody can reply to them."""

from __future__ import annotations

import re

# As Twilio has it: letters, digits and spaces, at least one letter, eleven at most.
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


def is_name(sender: str) -> bool:
    """Whether a sender is a word that can't be answered, such as FernField."""
    return bool(_NAME.fullmatch(sender))
