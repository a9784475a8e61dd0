"""Which customers are in the panel: an even draw by a hash of their ids, the same every time.

A customer is in it, with all that they ever answered, where the hash of the id lies below the
panel's `share`, out of `WHOLE`. A smaller share is a part of a larger one, so a panel can be
thinned without being drawn again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, func

from models.response import Response

WHOLE = 10_007
"""The share of everybody: a prime, so that no counting of ids by 2 to 100 falls in step with it."""

A_YEAR = 40_000
"""About so many responses of a year are in a panel; a history with fewer is in it whole."""

YEAR = 365
"""Days."""

_STEP = 7_919


def share_of(responses: int, days: int) -> int:
    """The share whose panel holds about `A_YEAR` responses a year of a history this long."""
    most = A_YEAR * max(1.0, days / YEAR)
    return WHOLE if responses <= most else max(1, round(WHOLE * most / responses))


def drawn_response(share: int) -> ColumnElement[bool]:
    """Whether a response is in the panel: by its customer's id, or by its own."""
    who = func.coalesce(Response.customer_id, Response.id)
    return (who * _STEP) % WHOLE < share


def drawn_among(who: NDArray[np.int64], share: int) -> NDArray[np.bool_]:
    """The same of many; somebody unknown goes by their response's id, as a number below 0."""
    return np.asarray((np.abs(who) * _STEP) % WHOLE < share, np.bool_)


def is_whole(share: int) -> bool:
    """Whether everybody is in it."""
    return share >= WHOLE
