"""What the tests of webhooks share: a source of each kind, and calls signed as each kind signs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models.customer import Customer
from models.event import Event
from models.intake import IntakeSource

PAYLOADS = Path(__file__).parent / "payloads"
NOW = datetime.fromisoformat("2026-11-18T12:00:00+00:00")
SECRET = "whsec_0123456789"
KEY = "k" * 40
KINDS = ("shopify", "woocommerce", "stripe", "zendesk", "json")
OWN = {"id": "e1", "event": "visited", "customer": {"id": "c1"}}
Send = Callable[..., TestResponse]
Make = Callable[..., IntakeSource]


def payload(name: str, **changes: Any) -> dict[str, Any]:
    """A documented payload, some of its fields changed."""
    found: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return {**found, **changes}


def digest(signed: bytes, secret: str = SECRET) -> bytes:
    """HMAC-SHA256."""
    return hmac.new(secret.encode(), signed, hashlib.sha256).digest()


def in_base64(signed: bytes, secret: str = SECRET) -> str:
    """The same in base64."""
    return base64.b64encode(digest(signed, secret)).decode()


def signed(kind: str, body: bytes, at: datetime, secret: str = SECRET) -> Mapping[str, str]:
    """The headers by which each kind proves a body."""
    seconds, iso = str(int(at.timestamp())), at.isoformat().replace("+00:00", "Z")
    stripe = f"t={seconds},v1={digest(f'{seconds}.'.encode() + body, secret).hex()}"
    made: dict[str, dict[str, str]] = {
        "shopify": {"X-Shopify-Hmac-Sha256": in_base64(body, secret)},
        "woocommerce": {"X-WC-Webhook-Signature": in_base64(body, secret)},
        "stripe": {"Stripe-Signature": stripe},
        "zendesk": {
            "X-Zendesk-Webhook-Signature": in_base64(iso.encode() + body, secret),
            "X-Zendesk-Webhook-Signature-Timestamp": iso,
        },
        "json": {"X-Waymark-Signature": stripe},
    }
    return made[kind]


def events(session: Session) -> list[Event]:
    """What was stored, in order."""
    session.expire_all()
    return list(session.scalars(select(Event).order_by(Event.id)))


def customers(session: Session) -> list[Customer]:
    """Whom it is about."""
    session.expire_all()
    return list(session.scalars(select(Customer).order_by(Customer.id)))
