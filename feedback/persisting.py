"""Doing a piece of work again where the database made two of them meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

Result = TypeVar("Result")
TRIES = 3


def persisting(session: Session, work: Callable[[], Result]) -> Result:
    """What `work` gives, tried again where two transactions waited for each other.

    The same where a customer was merged away between reading and writing. The work must be whole
    each time: what it did before is rolled back.
    """
    for left in reversed(range(TRIES)):
        try:
            return work()
        except (IntegrityError, OperationalError):
            session.rollback()
            if not left:
                raise
    raise AssertionError("unreachable")
