"""Statuses of a take-over, and their legal transitions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class TakeoverStatus(StrEnum):
    """The life of one take-over: held, then over for one of three reasons."""

    HELD = "held"
    HANDED_BACK = "handed_back"
    PASSED_ON = "passed_on"
    LAPSED = "lapsed"


_ENDS = frozenset(set(TakeoverStatus) - {TakeoverStatus.HELD})
TAKEOVER_MOVES: Mapping[TakeoverStatus, frozenset[TakeoverStatus]] = {
    TakeoverStatus.HELD: _ENDS,
    **dict.fromkeys(_ENDS, frozenset()),
}
