"""What a check-up found, one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing looked at: fine, or what is wrong and how to mend it."""

    subject: str
    fine: bool
    words: str
