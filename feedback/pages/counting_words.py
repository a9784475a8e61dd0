"""What a report says while its statistics are being counted."""

from __future__ import annotations

from feedback.cells.status import Status
from feedback.pages.words import count


def counting(found: Status) -> str:
    """That all is being counted anew, and how far; nothing when it is not."""
    if not found.building:
        return ""
    if found.days and found.days_done:
        far = f"{found.days_done:,} of {count(found.days, 'day')} are done"
    else:
        far = "it has just begun"
    return f"The figures are being counted anew: {far}. They are right all the while, only slower."
