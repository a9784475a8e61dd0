"""What the outside lends to the asking side; made once, at the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from surveys.channels.gateway import Gateway
from surveys.channels.mailbox import MailboxGateway


@dataclass(frozen=True)
class Services:
    """The clock, the gateways and what their webhooks need.

    `now` gives an aware UTC time. `public_url` has no trailing slash. `simulator` is true
    where the embedded phone takes the place of a provider; `simulator_at` is where it serves
    then, None where it has no server. `rings` is true where texts reach real phones: then nobody
    is woken unless the workspace says so. `whatsapp_sender` (`whatsapp:+…`) asks by WhatsApp for
    workspaces that have none of their own. `twilio_fallback_token` signs what the account of the
    fall-back tells, where that is another.
    """

    now: Callable[[], datetime]
    gateway: Gateway
    public_url: str
    twilio_auth_token: str | None = None
    twilio_fallback_token: str | None = None
    simulator: bool = False
    mail: Gateway = field(default_factory=MailboxGateway)
    simulator_at: str | None = None
    rings: bool = False
    whatsapp_sender: str | None = None
