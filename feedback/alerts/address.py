"""Recipients checked at the door: an e-mail address, or the URL of a webhook."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from email_validator import EmailNotValidError, validate_email

from models.errors import InvalidInput

LONGEST = 500
_MEND = "Copy the webhook's address again; it begins with https://."
Resolve = Callable[[str, int], list[str]]


class NoAddress(InvalidInput):
    """The name of a host leads nowhere; it may do so tomorrow."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook's request goes: the address its host had when it was checked."""

    tls: bool
    host: str
    port: int
    path: str
    address: str


def email(text: str) -> str:
    """The address as it is written to, one only; its domain is not asked whether it exists."""
    try:
        checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        mend = "Write one address, such as cx@your-company.example."
        raise InvalidInput("is no e-mail address", field="email", mend=mend) from error
    return checked.normalized


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host; OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def target(url: str, private: bool, resolve: Resolve = resolve) -> Target:
    """Where a webhook's URL leads; refused where that is inside, unless `private` allows it.

    Every address of the host must be public, and the request goes to the one that was checked,
    so that a name cannot lead elsewhere a moment later.
    """
    parts = _parts(url, private)
    host, tls = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if tls else 80)
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError) as error:
        message = f"leads nowhere: no address is known for {host}"
        raise NoAddress(message, field="webhook", mend=_MEND) from error
    if not private and not all(_public(one) for one in found):
        mend = "Use a public address, or set ALERTS_PRIVATE_WEBHOOKS=1 if this one is yours."
        raise InvalidInput(f"leads to {host}, a private address", field="webhook", mend=mend)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(tls, host, port, path, found[0])


def _parts(url: str, private: bool) -> SplitResult:
    """The parts of a URL that may be one: https, a host, no user in it."""
    try:
        parts = urlsplit(url.strip())
        known = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        known = False
    if not known or not url.isascii() or any(ord(sign) <= 32 for sign in url.strip()):
        raise InvalidInput("is no web address", field="webhook", mend=_MEND)
    if len(url) > LONGEST:
        raise InvalidInput(f"is longer than {LONGEST} signs", field="webhook", mend=_MEND)
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise InvalidInput("does not begin with https://", field="webhook", mend=_MEND)
    if parts.username or parts.password:
        mend = "Take the user and password out of it."
        raise InvalidInput("has a password in it", field="webhook", mend=mend)
    return parts


def _public(address: str) -> bool:
    """Whether an address is of the open internet; one inside IPv6 is looked at by itself."""
    found = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found.sixtofour or found
    return found.is_global and not found.is_multicast
