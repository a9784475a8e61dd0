"""Small amounts of money in words: what a message costs, or a thousand of them."""

from __future__ import annotations

from feedback.pages.impact_words import SIGNS

DIGITS = 6


def exact(value: float, currency: str) -> str:
    """Two digits from one unit up, and as many as a fraction of a cent needs below."""
    if value >= 1 or value == 0:
        text = f"{value:,.2f}"
    else:
        whole, _, rest = f"{value:.{DIGITS}f}".rstrip("0").partition(".")
        text = f"{whole}.{rest.ljust(2, '0')}"
    return f"{SIGNS[currency]}{text}" if currency in SIGNS else f"{currency} {text}"
