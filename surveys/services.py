"""What the outside lends to the asking side; made once, at the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from surveys.channels.gateway import Gateway
from surveys.channels.mailbox import MailboxGateway


@dataclass(frozen=True)
class Services:
    """The clock, the gateways of SMS and e-mail, and what their
    webhooks need.

    `now` gives an aware UTC time. `public_url` has no trailing slash. `simulator` is true
    where the embedded phone takes the place of a provider; `simulator_at` is where it serves
    then, None where it has no server. `rings` is true where texts reach real phones: then nobody
    is woken unless the workspace says so.
    """

    now: Callable[[], datetime]
    gateway: Gateway
    public_url: str
    twilio_auth_token: str | None = None
    simulator: bool = False
    mail: Gateway = field(default_factory=MailboxGateway)
    simulator_at: str | None = None
    rings: bool = False
