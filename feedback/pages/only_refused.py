"""Of the invitations only those that were refused, or that wait, narrowed as the address asks."""

from __future__ import annotations

from flask import request
from sqlalchemy import ColumnElement, TextClause
from sqlalchemy.orm import Session

from feedback.reporting.not_asked import REFUSED, Narrow, conditions, waiting_ones
from feedback.reporting.period import read_period
from models.invitation import Invitation
from models.workspace import Workspace
from surveys.schedule import zone_of

_NARROW = ("rule", "survey", "channel")


def only() -> dict[str, str]:
    """What narrows the list to refusals, or to who waits; empty where nothing does."""
    names = ("refused", "waiting", "from", "to", *_NARROW)
    return {name: request.args[name] for name in names if request.args.get(name)}


def refusals(session: Session, here: Workspace) -> list[ColumnElement[bool] | TextClause]:
    """The refusals that are asked for, as SQL: what the page of reasons counted.

    `waiting` names the rule by which those wait that are asked for.
    """
    asked = only()
    if "waiting" in asked:
        narrow = Narrow(asked["waiting"], asked.get("survey"), asked.get("channel"))
        return [*waiting_ones(session, here.id, narrow)]
    start, end = read_period(asked, zone_of(here.timezone))
    narrow = Narrow(*(asked.get(name) for name in _NARROW))
    found: list[ColumnElement[bool] | TextClause] = [REFUSED]
    found += conditions(session, here.id, narrow)
    found += [Invitation.status_at >= start] if start else []
    found += [Invitation.status_at < end] if end else []
    return found
