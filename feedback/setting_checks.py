"""What a setting must be, each check with its mend in words."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.exc import ArgumentError

from models.engine import parse_url
from surveys.channels.addresses import WHATSAPP, address_on, plain


def database(value: str) -> str:
    """A database that Waymark runs on."""
    try:
        backend = parse_url(value).get_backend_name()
    except ArgumentError as error:
        raise ValueError("is no database URL; write postgresql://user@host/name") from error
    if backend not in {"sqlite", "postgresql"}:
        raise ValueError(f"speaks of {backend}; Waymark runs on sqlite:/// and postgresql://")
    return value


def web_address(value: str) -> str:
    """An address of the web, without a slash at its end."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("is no web address; write https://host")
    return value.rstrip("/")


def twilio_region(value: str) -> str:
    """One of Twilio's regions, where an account's data is kept; a new one may come."""
    if not re.fullmatch(r"[a-z]{2}[1-9]", value):
        raise ValueError("is no region of Twilio's; write us1, ie1 or au1, or leave it out")
    return value


def twilio_edge(value: str) -> str:
    """One of Twilio's edges, the place where requests enter its network; a new one may come."""
    if not re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", value):
        raise ValueError("is no edge of Twilio's; write a name such as dublin, or leave it out")
    return value


def broker(value: str) -> str:
    """A broker of messages."""
    if urlsplit(value).scheme not in {"redis", "rediss", "amqp", "amqps"}:
        raise ValueError("is no broker; write redis://host or amqp://host, or leave it out")
    return value


def smtp(value: str) -> str:
    """A mail server."""
    parts = urlsplit(value)
    try:
        whole = parts.scheme in {"smtp", "smtps"} and parts.hostname and (parts.port or 1) > 0
    except ValueError:  # a port that is none
        whole = None
    if not whole or parts.path.strip("/"):
        raise ValueError(
            "is no mail server; write smtp://user:password@host:587 (or smtps://…:465), "
            "with %40 for an @ in the user or password"
        )
    if parts.password and not parts.username:
        raise ValueError("has a password but no user; write smtp://user:password@host:587")
    return value


def sender(value: str) -> str:
    """An e-mail address to send from."""
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError("is no e-mail address; write waymark@your-company.example") from error


def whatsapp_number(value: str) -> str:
    """A WhatsApp sender, `whatsapp:` and a number in E.164; it may be given without the first."""
    return address_on(WHATSAPP, number(plain(value)))


def number(value: str) -> str:
    """A phone number, in E.164."""
    try:
        parsed = phonenumbers.parse(value)
    except phonenumbers.NumberParseException as error:
        raise ValueError("is no phone number; write it as +447700900000") from error
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
