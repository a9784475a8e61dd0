"""What customers said in the period of a reading: masked quotes, the strongest first."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from feedback.alerts.gather import journeys, scope_of
from feedback.alerts.lines import Subject
from feedback.alerts.message import QUOTES, shortened
from feedback.alerts.rhythms import Rhythm, period
from feedback.reporting.latest import latest
from feedback.reporting.quotes import quotes
from models.workspace import Workspace
from surveys.schedule import zone_of

LONGEST = 240


def quotes_for(
    session: Session, workspace: Workspace, subject: Subject, rhythm: Rhythm, first: date
) -> tuple[str, ...]:
    """Up to three quotes behind a reading; of a score, one from each place most complained of.

    They have gone through the redaction door, for messages leave the house.
    """
    found = [one for one in journeys(session, workspace.id) if one.id == subject.journey_id]
    if not found:
        return ()
    scope = scope_of(session, found[0], period(rhythm, first, zone_of(workspace.timezone)))
    said = quotes(session, scope, latest(session, scope))
    if subject.cell is not None:
        texts = [quote.text for quote in said.get(subject.cell, ())]
    else:
        worst = sorted(said.values(), key=lambda listed: (-len(listed), listed[0].sentiment_score))
        texts = [listed[0].text for listed in worst if listed]
    return tuple(shortened(text, LONGEST) for text in dict.fromkeys(texts))[:QUOTES]
