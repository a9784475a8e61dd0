"""Sampling by a stable hash: the same customer draws the same lot, whatever the share."""

from __future__ import annotations

from hashlib import blake2b


def draw(workspace_id: int, salt: str, customer: str) -> float:
    """A customer's lot in [0, 1) for a salt: raising a share keeps all who were below it."""
    text = f"{workspace_id}\x1f{salt}\x1f{customer}".encode()
    number = int.from_bytes(blake2b(text, digest_size=8).digest())
    return (number >> 11) / 2**53
