"""Delivery: claim a message, let the database go, call the provider, record what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from surveys.claims import claim_next, forget_crashed
from surveys.firing import fire_due
from surveys.services import Services
from surveys.settling import settle

__all__ = ["fire_due", "send_pending"]


def send_pending(session: Session, services: Services, now: datetime, limit: int = 100) -> int:
    """Hand waiting messages to the provider, replies first; how many were claimed. Commits.

    One message at a time, so that a crash leaves at most one whose fate is unknown, and so
    that a STOP holds back every message up to the instant it is handed over. No transaction
    is open while the provider is asked.
    """
    started = services.now()
    forget_crashed(session, now)
    for count in range(limit):
        claim = claim_next(session, services.gateway.name, now + (services.now() - started))
        if claim is None:
            return count
        if claim.outgoing is not None:
            outcome = services.gateway.send(claim.outgoing)
            settle(session, claim, outcome, now + (services.now() - started))
    return limit
