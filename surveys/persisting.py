"""Work that must not be lost because the database was away for a moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

Result = TypeVar("Result")

PATIENCE_SECONDS = 10.0
"""Twilio waits 15 seconds for the answer to a webhook, and asks nobody twice of its own accord."""
FIRST_WAIT, LONGEST_WAIT = 0.02, 0.5


def persist(
    session: Session,
    work: Callable[[Session], Result],
    *,
    patience: float = PATIENCE_SECONDS,
    wait: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Result:
    """Do the work; again, on a fresh connection, where the database broke off or was away.

    Two requests that waited for each other are the same to us. The work commits itself and
    must be idempotent: where the connection broke in the commit, nobody knows what it came to.
    Whoever has waited for so long gets the error.
    """
    until, pause = clock() + patience, FIRST_WAIT
    while True:
        try:
            return work(session)
        except DBAPIError as error:
            session.rollback()
            if not _passing(error) or clock() + pause > until:
                raise
        wait(pause)
        pause = min(pause * 2, LONGEST_WAIT)


def _passing(error: DBAPIError) -> bool:
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
