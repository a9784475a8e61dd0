"""A text for comparison: data sets space and case the same sentence differently."""

from __future__ import annotations

import hashlib

KEY = 12
"""Hexadecimal digits of a key; two of ten thousand texts share one once in five million times."""


def letters(text: str) -> str:
    """The letters of a text alone, small."""
    return "".join(filter(str.isalpha, text.lower()))


def letters_key(text: str) -> str:
    """What names a text without holding its words: the beginning of its letters' SHA-256."""
    return hashlib.sha256(letters(text).encode()).hexdigest()[:KEY]
