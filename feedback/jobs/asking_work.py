"""What a worker does for messages beside sending them."""

from __future__ import annotations

from feedback.jobs.bench import Bench
from surveys import claims, reconcile, reminders
from surveys.follow_up import follow_up


def reconcile_job(bench: Bench) -> int:
    """Look up what nobody knows the fate of, that of a dead worker too."""
    with bench.session() as session:
        claims.forget_crashed(session, bench.services.now())
        return reconcile.reconcile(session, bench.services, bench.services.now())


def follow_up_job(bench: Bench) -> int:
    """Ask about a batch of messages whose receipt is overdue."""
    with bench.session() as session:
        return follow_up(session, bench.services, bench.services.now())


def remind_job(bench: Bench) -> int:
    """Remind whoever is silent."""
    with bench.session() as session:
        return reminders.remind_silent(session, bench.services, bench.services.now())
