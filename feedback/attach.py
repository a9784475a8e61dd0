"""How a response or a comment gets its touchpoint: one rule, and the reason kept with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    """The touchpoint, if any, and in one word why it is this one, or why there is none."""

    touchpoint_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as far as attaching is concerned; None for one at no touchpoint."""

    touchpoint_id: int | None


def attach(
    event: Happened | None = None,
    imported: int | None = None,
    latest: Happened | None = None,
) -> Attachment:
    """Its own event decides; else what an import says; else the customer's latest event.

    An event that stands at no touchpoint decides too: the words are about that event, so
    hanging them on another one would put them where they don't belong.
    """
    if event is not None:
        return _by(event, "event")
    if imported is not None:
        return Attachment(imported, "import")
    if latest is not None:
        return _by(latest, "latest_event")
    return Attachment(None, "no_event")


def _by(event: Happened, reason: str) -> Attachment:
    if event.touchpoint_id is None:
        return Attachment(None, f"{reason}_unplaced")
    return Attachment(event.touchpoint_id, reason)
