"""The messages of Segment's HTTP API, as they may come."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from feedback.api.schemas import FieldError

MAX_MESSAGES = 2500
"""Messages a batch may hold (Segment's own limit)."""
Type = Literal["identify", "track", "page", "screen", "group", "alias"]
Id = Annotated[str, StringConstraints(max_length=200)] | int | float
Said = dict[str, JsonValue]


class _Sent(BaseModel):
    # SDKs add fields of their own; what isn't used is let go
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)


class SegmentMessage(_Sent):
    """One message. `userId` or `anonymousId` is needed, for an alias `previousId` and `userId`."""

    type: Type | None = Field(default=None, description="Needed in a batch.")
    messageId: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        default=None,
        description="A message is taken once per id. Made of the message when left out.",
        examples=["6d5b2f2e-1a5c-4a34-9d4e-0d4f3c1a7c11"],
    )
    userId: Id | None = Field(default=None, examples=["c-1042"])
    anonymousId: Id | None = None
    previousId: Id | None = Field(default=None, description="Of an alias: the id until now.")
    groupId: Id | None = Field(default=None, description="Of a group: the group's id.")
    event: str | None = Field(
        default=None, description="Of a track: what happened.", examples=["Order Completed"]
    )
    name: str | None = Field(default=None, description="Of a page or screen.")
    category: str | None = Field(default=None, description="Of a page or screen.")
    properties: Said | None = Field(default=None, examples=[{"order_id": "981", "total": 49.5}])
    traits: Said | None = Field(
        default=None,
        description="phone, email, locale and timezone are the customer's own; the rest are "
        "attributes.",
    )
    context: Said | None = Field(
        default=None,
        description="Of it, traits, locale and timezone are kept.",
    )
    timestamp: str | None = Field(default=None, examples=["2026-01-31T09:30:00Z"])
    originalTimestamp: str | None = None
    sentAt: str | None = Field(
        default=None, description="By the sender's clock, which is corrected by it."
    )


class SegmentBatch(_Sent):
    """Up to 2,500 messages, 500 KB in all, 32 KB each."""

    batch: list[SegmentMessage] = Field(min_length=1, max_length=MAX_MESSAGES)
    sentAt: str | None = None
    context: Said | None = Field(
        default=None, description="Of all messages, where they don't say otherwise themselves."
    )


class SegmentEnvelope(_Sent):
    """A batch whose messages are not yet read: a bad one takes no other with it."""

    batch: list[Any] = Field(min_length=1, max_length=MAX_MESSAGES)
    sentAt: str | None = None
    context: Said | None = None

    def messages(self) -> list[Any]:
        """The messages, what was said of all of them laid under each."""
        if not self.context:
            return self.batch
        shared = {"context": self.context}
        return [{**shared, **one} if isinstance(one, dict) else one for one in self.batch]


class SegmentRefusal(BaseModel):
    """A message that was not taken."""

    messageId: str | None = None
    error: FieldError


class SegmentOut(BaseModel):
    """The messages were read; those that were not taken are named."""

    success: bool = True
    accepted: int
    duplicates: int
    errors: int
    refused: list[SegmentRefusal] = []


class SegmentRefused(BaseModel):
    """Nothing was taken. `code` and `message` are what Segment's SDKs read."""

    code: str
    message: str
    error: FieldError
    refused: list[SegmentRefusal] = []
