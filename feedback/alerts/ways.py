"""How messages leave: what the settings say of the mail server and of webhooks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from feedback.settings import Settings

DEFAULT_PORTS = {"smtp": 587, "smtps": 465}


class Fate(StrEnum):
    """What became of one attempt: it arrived, may be tried again, never will, or nobody knows."""

    SENT = "sent"
    AGAIN = "again"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Step(StrEnum):
    """How far the talk with a mail server came: what it answered to."""

    CONNECTION = "connection"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt, and in words why; `step` says of what a mail server spoke."""

    fate: Fate
    words: str = ""
    step: Step = Step.CONNECTION


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server; `tls` from the first byte, else by STARTTLS where it is offered."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways out of this installation; `server` None: no mail is set up."""

    public_url: str = ""
    sender: str = "waymark@localhost"
    server: Server | None = None
    private_webhooks: bool = False


def ways_of(settings: Settings) -> Ways:
    """What the settings say."""
    return Ways(
        public_url=settings.public_url,
        sender=settings.alerts_from or _own_address(settings),
        server=server_of(settings.smtp_url) if settings.smtp_url else None,
        private_webhooks=settings.alerts_private_webhooks == "1",
    )


def to_customers(settings: Settings) -> Ways:
    """The same for e-mails to customers, who may know the company by another address."""
    ways = ways_of(settings)
    return replace(ways, sender=settings.mail_from or ways.sender)


def _own_address(settings: Settings) -> str:
    return f"waymark@{urlsplit(settings.public_url).hostname or 'localhost'}"


def server_of(url: str) -> Server:
    """The server of `smtp://user:password@host:587` or `smtps://…:465`; settings checked it."""
    parts = urlsplit(url)
    return Server(
        host=parts.hostname or "",
        port=parts.port or DEFAULT_PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
