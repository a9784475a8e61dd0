"""How messages leave: what the settings say of the mail server and of webhooks."""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt, and in words why."""

    fate: Fate
    words: str = ""


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
    host = urlsplit(settings.public_url).hostname or "localhost"
    return Ways(
        public_url=settings.public_url,
        sender=settings.alerts_from or f"waymark@{host}",
        server=server_of(settings.smtp_url) if settings.smtp_url else None,
        private_webhooks=settings.alerts_private_webhooks == "1",
    )


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
