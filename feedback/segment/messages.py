"""From a message of Segment's API to an event of ours, and to ids that are one person's."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feedback.segment import people
from feedback.segment.schema import SegmentMessage
from feedback.segment.times import corrected
from models.errors import InvalidInput

_WHO = "Give userId, or anonymousId where nobody is signed in."
Item = dict[str, Any]


@dataclass(frozen=True)
class Link:
    """Two ids of one person. `sure`: said in so many words (an alias), not by an identify."""

    other: str
    own: str
    sure: bool


@dataclass(frozen=True)
class Read:
    """What a message comes to; `traits_at` is where it says what it says of the customer."""

    id: str
    item: Item | None = None
    link: Link | None = None
    traits_at: str = "context.traits"


def read(message: SegmentMessage, kind: str, sent_at: str | None, received: datetime) -> Read:
    """One message of this kind; InvalidInput names what is missing."""
    own_id = message.messageId or _made_id(message, kind)
    if kind == "alias":
        return Read(own_id, link=_alias(message))
    who = _id(message.userId) or _id(message.anonymousId)
    if who is None:
        raise InvalidInput("is missing", field="userId", mend=_WHO)
    context = message.context or {}
    found = _KINDS[kind](message)
    traits = {**_object(context.get("traits")), **found.traits}
    written = message.timestamp or message.originalTimestamp
    item: Item = {
        "id": own_id,
        "event": found.event,
        "occurred_at": corrected(written, message.sentAt or sent_at, received),
        "customer": people.customer(who, traits, context),
        "properties": found.properties,
    }
    at = "traits" if kind == "identify" and found.traits else "context.traits"
    return Read(own_id, item, _link(message, kind), at)


@dataclass(frozen=True)
class _Found:
    event: str
    properties: Mapping[str, Any]
    traits: Mapping[str, Any]


def _track(message: SegmentMessage) -> _Found:
    if not message.event:
        raise InvalidInput("is missing", field="event", mend="Name what happened.")
    return _Found(message.event, message.properties or {}, {})


def _identify(message: SegmentMessage) -> _Found:
    return _Found("identify", {}, message.traits or {})


def _viewed(kind: str) -> Callable[[SegmentMessage], _Found]:
    def found(message: SegmentMessage) -> _Found:
        named = {"name": message.name, "category": message.category}
        given = {key: value for key, value in named.items() if value}
        return _Found(kind, {**given, **(message.properties or {})}, {})

    return found


def _group(message: SegmentMessage) -> _Found:
    group = _id(message.groupId)
    if group is None:
        raise InvalidInput("is missing", field="groupId", mend="Give the group's id.")
    return _Found("group", {"group_id": group}, {"group": {"id": group, **(message.traits or {})}})


_KINDS: Mapping[str, Callable[[SegmentMessage], _Found]] = {
    "track": _track,
    "identify": _identify,
    "page": _viewed("page"),
    "screen": _viewed("screen"),
    "group": _group,
}


def _alias(message: SegmentMessage) -> Link:
    other = _id(message.previousId) or _id(message.anonymousId)
    own = _id(message.userId)
    for name, value in (("previousId", other), ("userId", own)):
        if value is None:
            raise InvalidInput("is missing", field=name, mend="An alias needs both ids.")
        if "\0" in value:
            raise InvalidInput("holds a NUL character", field=name, mend="Take it out.")
    return Link(str(other), str(own), sure=True)


def _link(message: SegmentMessage, kind: str) -> Link | None:
    """An identify that gives both ids says who the anonymous visitor was."""
    user, visitor = _id(message.userId), _id(message.anonymousId)
    if kind != "identify" or user is None or visitor is None or user == visitor:
        return None
    return Link(visitor, user, sure=False)


def _id(value: str | int | float | None) -> str | None:
    if value is None or value == "":
        return None
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else str(value)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _made_id(message: SegmentMessage, kind: str) -> str:
    """Without an id, the same words said of the same time are one message.

    Where the time is missing too, nothing tells a repetition from a second event: both are kept.
    """
    if not (message.timestamp or message.originalTimestamp):
        return f"made:{secrets.token_hex(16)}"
    said = message.model_dump(exclude={"sentAt", "messageId", "type"})
    text = json.dumps([kind, said], sort_keys=True)
    return f"made:{hashlib.sha256(text.encode()).hexdigest()}"
