"""When a message took place, by our clock, as Segment documents it."""

from __future__ import annotations

from datetime import datetime


def corrected(original: str | None, sent: str | None, received: datetime) -> str | datetime | None:
    """`received - (sent - original)`: the sender's clock may be wrong, the span it measured isn't.

    Without a readable `sent`, or with one that gives no zone, the time is taken as it was written;
    None where none was.
    """
    happened, left = _read(original), _read(sent)
    if happened is None or left is None:
        return original or None
    try:
        return received - (left - happened)
    except OverflowError:
        return original


def _read(written: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(written) if written else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None
