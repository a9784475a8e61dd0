"""What the tests of Segment's API share: a shop, a served Waymark, and what it stored."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models.customer import Customer
from models.event import Event

NOW = datetime.fromisoformat("2026-11-18T12:00:00+00:00")
SHOP = """
journeys:
  - key: shop
    stages: [{key: buy, touchpoints: [{key: till, events: [Order Completed]}]}]
surveys:
  - key: nps
    name: Recommend
    metric: nps
    questions: [{key: score, type: nps, text: "How likely?"}]
    thanks: Thank you.
triggers:
  - {event: Order Completed, survey: nps, delay: 1h, filter: {event.total: {gte: 10}}}
"""


@dataclass
class Served:
    """Waymark at its address; `fail` answers that many calls with a 503 before they are read."""

    app: Flask
    address: str
    key: str
    fail: int = 0
    statuses: list[str] = field(default_factory=list)


def basic(key: str) -> dict[str, str]:
    """How an SDK shows its write key."""
    return {"Authorization": f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"}


def customers(session: Session) -> dict[str, Customer]:
    session.expire_all()
    return {one.external_id: one for one in session.scalars(select(Customer))}


def events(session: Session) -> list[Event]:
    session.expire_all()
    return list(session.scalars(select(Event).order_by(Event.id)))


def post(client: FlaskClient, key: str, path: str, body: object, **headers: str) -> TestResponse:
    """A call of the API; a body that isn't bytes is sent as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(f"/v1/{path}", data=data, headers={**basic(key), **headers})


def track(number: int = 1, **more: Any) -> dict[str, Any]:
    """A track message."""
    made = {"type": "track", "messageId": f"m{number}", "userId": "u1", "event": "Ordered"}
    return {**made, **more}
