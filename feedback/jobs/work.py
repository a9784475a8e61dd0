"""What a worker does for each kind of task; every function is idempotent and may be killed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback import listening, reading
from feedback.jobs import due
from nlp.reader import Reader
from surveys import claims, conversations, delivery, reconcile
from surveys.expiry import expire_unanswered
from surveys.services import Services


@dataclass
class Bench:
    """What the jobs work with; the reader is loaded when the first comment waits."""

    engine: Engine
    services: Services
    artefact: Path | None = None

    @cached_property
    def reader(self) -> Reader:
        """The understanding of comments."""
        return Reader.load(self.artefact)

    def session(self) -> Session:
        """A new session; what it loaded stays usable after a commit."""
        return Session(self.engine, expire_on_commit=False)


Job = Callable[[Bench], int]


def _fire(bench: Bench) -> int:
    with bench.session() as session:
        return delivery.fire_due(session, bench.services, bench.services.now())


def _send(bench: Bench) -> int:
    with bench.session() as session:
        return delivery.send_pending(session, bench.services, bench.services.now())


def _reconcile(bench: Bench) -> int:
    with bench.session() as session:
        claims.forget_crashed(session, bench.services.now())
        return reconcile.reconcile(session, bench.services, bench.services.now())


def _listen(bench: Bench) -> int:
    with bench.session() as session:
        return listening.listen(session, bench.services.now())


def _read(bench: Bench) -> int:
    with bench.session() as session:
        return reading.read_waiting(session, bench.reader, bench.services.now)


def _expire(bench: Bench) -> int:
    with bench.session() as session:
        now = bench.services.now()
        return conversations.expire_silent(session, now) + expire_unanswered(session, now)


JOBS: Mapping[str, Job] = {
    due.FIRE: _fire,
    due.SEND: _send,
    due.RECONCILE: _reconcile,
    due.LISTEN: _listen,
    due.READ: _read,
    due.EXPIRE: _expire,
}

# asking must never wait for reading, so each lane has its own thread
LANES: Mapping[str, tuple[str, ...]] = {
    "asking": (due.FIRE, due.SEND, due.RECONCILE, due.LISTEN, due.EXPIRE),
    "reading": (due.READ,),
}


def run_to_the_end(bench: Bench, kind: str, until: Callable[[], bool]) -> int:
    """Do batches of a kind until nothing is left or `until` says stop; the rows done."""
    total = 0
    while not until():
        done = JOBS[kind](bench)
        total += done
        if not done:
            break
    return total
