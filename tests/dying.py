"""A process that dies in the middle of its work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session


class Killed(BaseException):
    """The process dies here."""


@contextmanager
def dies_at(session: Session, moment: str, here: Callable[..., bool]) -> Iterator[None]:
    """It dies at a moment that SQLAlchemy tells of, once what is told about it fits."""

    def die(*told: object) -> None:
        if here(*told):
            raise Killed

    event.listen(session, moment, die)
    try:
        with pytest.raises(Killed):
            yield
    finally:
        event.remove(session, moment, die)
