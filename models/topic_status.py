"""The life of a run of emerging topics."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class TopicRunStatus(StrEnum):
    """One run: asked for, being computed, and then there or failed for good."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


R = TopicRunStatus

TOPIC_RUN_MOVES: Mapping[TopicRunStatus, frozenset[TopicRunStatus]] = {
    R.QUEUED: frozenset({R.RUNNING}),
    R.RUNNING: frozenset({R.DONE, R.FAILED}),
    R.DONE: frozenset(),
    R.FAILED: frozenset(),
}
