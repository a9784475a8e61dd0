"""Handing messages over, SMS and e-mails each in a lane; and appointments before that."""

from __future__ import annotations

from dataclasses import replace

from feedback.jobs.bench import Bench
from surveys import appointments, delivery
from surveys.services import Services

AT_ONCE = 400
"""So many messages a hand are handed over before a worker asks what else there is."""


def send(bench: Bench) -> int:
    """SMS that wait; how many were claimed."""
    return _hand_over(bench, bench.services)


def mail(bench: Bench) -> int:
    """E-mails that wait, so that a slow mail server keeps no SMS waiting."""
    return _hand_over(bench, replace(bench.services, gateway=bench.services.mail))


def appoint(bench: Bench) -> int:
    """Appointments of customers that changed, and invitations of those whose turn has come."""
    with bench.session() as session:
        return appointments.keep(session, bench.services.now())


def _hand_over(bench: Bench, services: Services) -> int:
    hands = bench.sending_threads
    with bench.session() as session:
        return delivery.send_pending(session, services, services.now(), AT_ONCE * hands, hands)
