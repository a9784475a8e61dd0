"""An experiment read as a whole: how it stands, its variants, and what they led to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from feedback.experiments.life import Listed
from feedback.experiments.outcomes import outcomes
from feedback.experiments.results import Results, results


def read(session: Session, one: Listed, now: datetime) -> Results:
    """What its variants led to by now; one that was never started shows nothing yet."""
    found = outcomes(session, [variant.id for variant in one.variants], now)
    return results(
        [variant.key for variant in one.variants],
        [variant.weight for variant in one.variants],
        [found[variant.id] for variant in one.variants],
    )
