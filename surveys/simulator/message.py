"""One message as Twilio keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from surveys.channels.segments import count
from surveys.simulator.problems import FAILURES

VERSION = "2010-04-01"


@dataclass(frozen=True)
class Message:
    """A message to or from a phone; a change makes a new one in its place.

    `sender` is unknown while a service has not yet chosen its number; `arrived` is when the
    phone got it; `content` is the template that it was made from; `button` is the id of a tapped
    button; `answered` is the status that the webhook gave an inbound one; `again` counts messages
    with the same words to the same address.
    """

    sid: str
    account_sid: str
    direction: str
    sender: str | None
    to: str
    body: str
    status: str
    created: datetime
    updated: datetime
    sent: datetime | None = None
    arrived: datetime | None = None
    service: str | None = None
    callback: str | None = None
    content: str | None = None
    error_code: int | None = None
    media: tuple[str, ...] = ()
    answered: int | None = None
    button: str | None = None
    again: int = 1

    @property
    def inbound(self) -> bool:
        """Whether a phone's owner wrote it."""
        return self.direction == "inbound"

    @property
    def phone(self) -> str:
        """The number of the phone it went to or came from."""
        return (self.sender or "") if self.inbound else self.to

    @property
    def fate(self) -> tuple[str, ...]:
        """What decides about its faults: the same in every run with the same traffic."""
        return (self.direction, self.to, self.body, str(self.again))

    @property
    def segments(self) -> int:
        """How many segments carry it; none are counted before a number is chosen."""
        return max(count(self.body).segments, 1) if self.sender else 0

    @property
    def error_message(self) -> str | None:
        """What its error code means."""
        return FAILURES.get(self.error_code) if self.error_code else None


def as_json(message: Message) -> dict[str, Any]:
    """The resource as the REST API shows it."""
    path = f"/{VERSION}/Accounts/{message.account_sid}/Messages/{message.sid}"
    return {
        "account_sid": message.account_sid,
        "api_version": VERSION,
        "body": message.body,
        "date_created": _date(message.created),
        "date_sent": _date(message.sent),
        "date_updated": _date(message.updated),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": message.error_message,
        "from": message.sender,
        "messaging_service_sid": message.service,
        "num_media": str(len(message.media)),
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": None,
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{path}/Media.json"},
        "to": message.to,
        "uri": f"{path}.json",
    }


def _date(at: datetime | None) -> str | None:
    """RFC 2822 in UTC, whole seconds."""
    return format_datetime(at) if at else None
