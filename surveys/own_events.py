"""Names of events that tell of surveys themselves: a trigger on them would ask without an end."""

from __future__ import annotations

import re

# What other tools call them when they report back what Waymark tells them, and our own names.
_OWN = re.compile(
    r"(waymark|survey|invitation|feedback|response|nps|csat|ces)[ ._-]?"
    r"(sent|asked|delivered|started|answered|completed|submitted|finished|expired|invited)",
    re.IGNORECASE,
)


def is_own(name: str) -> bool:
    """Whether an event's name says that a survey was asked or answered."""
    return _OWN.fullmatch(name.strip()) is not None or name.casefold().startswith("waymark.")
