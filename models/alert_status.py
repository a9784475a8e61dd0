"""The life of one message to the team."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class SendStatus(StrEnum):
    """Waiting, being handed over, arrived, refused for good, or nobody knows."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


SEND_STATES = tuple(state.value for state in SendStatus)

S = SendStatus

SEND_MOVES: Mapping[SendStatus, frozenset[SendStatus]] = {
    S.PENDING: frozenset({S.SENDING, S.SKIPPED}),
    S.SENDING: frozenset({S.SENT, S.FAILED, S.UNKNOWN, S.PENDING, S.SKIPPED}),
    S.FAILED: frozenset({S.PENDING}),
    S.SENT: frozenset(),
    S.UNKNOWN: frozenset(),
    S.SKIPPED: frozenset(),
}
