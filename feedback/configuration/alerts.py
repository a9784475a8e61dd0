"""Recipients of alerts in a configuration: added, or brought to what the file says they get."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.alerts import address, channels
from feedback.alerts.channels import EMAIL, WEBHOOK
from feedback.configuration.problems import ConfigurationError, Problem
from feedback.configuration.schema import AlertIn
from models.errors import WaymarkError


def alert_problems(listed: Sequence[AlertIn]) -> Iterator[Problem]:
    """What is wrong with the recipients of a file by themselves."""
    for place, one in enumerate(listed):
        if (one.email is None) == (one.webhook is None):
            what = "has to say either an email or a webhook"
            yield Problem(("alerts", place), what, "Write one of the two.")
        elif not one.alerts and not one.digest:
            what = "would get nothing"
            yield Problem(("alerts", place), what, "Leave alerts or digest on, or take it out.")


def apply_alerts(
    session: Session, workspace_id: int, listed: Sequence[AlertIn], now: datetime, private: bool
) -> Iterator[str]:
    """Add or change recipients; a line says what changed."""
    for place, one in enumerate(listed):
        kind = EMAIL if one.email is not None else WEBHOOK
        try:
            yield from _apply(session, workspace_id, kind, one, now, private)
        except WaymarkError as error:
            problem = Problem(("alerts", place, kind), error.message, error.mend or "Change it.")
            raise ConfigurationError([problem], {}) from error


def _apply(
    session: Session, workspace_id: int, kind: str, one: AlertIn, now: datetime, private: bool
) -> Iterator[str]:
    text = one.email or one.webhook or ""
    kept = address.email(text) if kind == EMAIL else text.strip()
    there = {(row.kind, row.address): row for row in channels.listed(session, workspace_id)}
    row = there.get((kind, kept))
    if row is None:
        row = channels.add(
            session,
            workspace_id,
            kind,
            text,
            now,
            alerts=one.alerts,
            digest=one.digest,
            private=private,
        )
        yield f"alerts {channels.shown(row)}: added, gets {channels.gets(row)}"
    elif channels.change(row, one.alerts, one.digest):
        yield f"alerts {channels.shown(row)}: gets {channels.gets(row)}"
