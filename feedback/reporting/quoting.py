"""The quotes of a report: of what stands at the top of its lists, and at the ends of its curve."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from feedback.reporting.heard import heard
from feedback.reporting.latest import latest
from feedback.reporting.quotes import Quotes, quotes_of
from feedback.reporting.scope import Scope
from feedback.reporting.speakers import End, Speakers


def quoted(session: Session, scope: Scope, speakers: Speakers) -> Quotes:
    """The quotes of the cells at the top of both lists.

    They are what the newest of the panel's voices said. Where others spoke too, of which the
    panel knows nothing, the latest comments there are looked through for what has none.
    """
    found = dict(quotes_of(session, scope, heard(session, scope, speakers.voices), speakers.wanted))
    missing = [one for one in speakers.wanted if one not in found]
    missing = [one for one in missing if one[1].touchpoint in speakers.apart]
    if missing:
        there = scope.at({cell.touchpoint for _, cell in missing})
        found |= quotes_of(session, there, latest(session, there), missing)
    return found


def said_at(session: Session, scope: Scope, end: End, touchpoints: Collection[str]) -> list[int]:
    """The comments, by id, that the quote at an end of the curve is chosen from."""
    here = scope.at(touchpoints)
    return list(heard(session, here, end.voices) or latest(session, here))
