"""What the events API takes and gives: one declaration validates and documents it."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from feedback.shapes import Shape

MAX_EVENTS = 500
MAX_KEYS = 100
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")
_ZONE_MEND = "Use an IANA name such as Europe/London."


def refuse(what: str, mend: str) -> PydanticCustomError:
    """A validator's refusal that carries its own mend."""
    return PydanticCustomError("waymark", "{what}", {"what": what, "mend": mend})


def _written_time(value: object) -> object:
    """Only ISO 8601: a bare number would leave its unit to be guessed."""
    if value is None or isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _TIME.match(value):
        raise refuse("is no time", "Write it as 2026-01-31T09:30:00Z.")
    return value


@lru_cache(maxsize=1024)
def _known_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _zone(name: str) -> str:
    if not _known_zone(name):
        raise refuse("is no time zone", _ZONE_MEND)
    return name


Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
ExternalId = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
Locale = Annotated[
    str, StringConstraints(max_length=35, pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")
]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_zone)]
Time = Annotated[AwareDatetime, BeforeValidator(_written_time)]
Properties = Annotated[dict[str, JsonValue], Field(max_length=MAX_KEYS)]


class _In(Shape):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class CustomerIn(_In):
    """Who it was. Only the fields that are given change what is known of the customer."""

    id: ExternalId = Field(description="Your own id of the customer.", examples=["c-1042"])
    phone: Annotated[str, StringConstraints(max_length=40)] | None = Field(
        default=None,
        description="E.164, or national in the workspace's region.",
        examples=["+447700900123"],
    )
    email: Email | None = None
    locale: Locale | None = Field(default=None, examples=["en-GB"])
    timezone: Zone | None = Field(default=None, examples=["Europe/London"])
    attributes: Properties = Field(default={}, description="Merged key by key; null removes a key.")


class EventIn(_In):
    """Something a customer did; stored once per `id`."""

    id: ExternalId = Field(description="Your own id of the event.", examples=["order-981"])
    event: Name = Field(description="What happened.", examples=["order_delivered"])
    occurred_at: Time | None = Field(
        default=None,
        description="With its zone; the time of the request when left out.",
        examples=["2026-01-31T09:30:00Z"],
    )
    customer: CustomerIn
    properties: Properties = Field(default={}, examples=[{"order_id": "981", "total": 49.5}])


class EventBatch(_In):
    """Up to 500 events; each is taken or refused by itself."""

    events: list[EventIn] = Field(min_length=1, max_length=MAX_EVENTS)


class FieldError(Shape):
    """What is wrong, where, and how to mend it."""

    message: str
    field: str | None = None
    mend: str | None = None


class ErrorOut(Shape):
    """Why a request was refused as a whole."""

    error: FieldError


class EventResult(Shape):
    """What became of one event; `duplicate` means it was stored before and changed nothing."""

    id: str | None = Field(description="The event's id, where one could be read.")
    status: Literal["accepted", "duplicate", "error"]
    error: FieldError | None = None


class EventsOut(Shape):
    """One result an event, in the order given; at least one was taken or known already."""

    accepted: int
    duplicates: int
    errors: int
    results: list[EventResult]


class EventsRefused(Shape):
    """None was taken: the first reason, and one result an event where they could be told apart."""

    error: FieldError
    results: list[EventResult] = []


def request_body(*models: type[BaseModel]) -> tuple[dict[str, Any], dict[str, Any]]:
    """OpenAPI's `requestBody` for one of the models, and the component schemas it refers to."""
    components: dict[str, Any] = {}
    for model in models:
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        components |= schema.pop("$defs", {})
        components[model.__name__] = schema
    options = [{"$ref": f"#/components/schemas/{model.__name__}"} for model in models]
    content = {"application/json": {"schema": {"anyOf": options}}}
    return {"required": True, "content": content}, components
